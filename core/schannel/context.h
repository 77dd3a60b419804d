// SPDX-License-Identifier: Apache-2.0
// Schannel's credential and context, and what its files do for each other.
#pragma once

#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

#include <baresspi/authority.h>
#include <baresspi/schannel.h>

#include "config/baresspi_config.h"
#include "core/schannel/arena.h"
#include "core/schannel/hello.h"
#include "core/schannel/transcript.h"
#include "core/sspi/package.h"

namespace baresspi::schannel {

// Until the client's Finished has come, mbed TLS's server of TLS 1.3 sends alerts with the keys of the
// handshake; behind the server's Finished, clients do not expect those any more (RFC 8446 4.4.4), and could
// not read why they are refused. So the client is let finish first, and is refused before it gets a ticket.
#if BARESSPI_SCHANNEL_SERVER && defined(MBEDTLS_SSL_PROTO_TLS1_3) && \
    defined(MBEDTLS_SSL_SERVER_NAME_INDICATION)
#define BARESSPI_SCHANNEL_TLS_1_3_FINISHES_FIRST 1
#else
#define BARESSPI_SCHANNEL_TLS_1_3_FINISHES_FIRST 0
#endif

// What the credential's algorithm fields leave over: a cipher suite, a curve or a signature is offered and
// taken when all of its bits are allowed.
enum Algorithm : uint32_t {
  kAes128 = 1U << 0,
  kAes256 = 1U << 1,
  kChaCha20 = 1U << 2,
  kGcm = 1U << 3,
  kCcm = 1U << 4,
  kCbc = 1U << 5,
  kSha1 = 1U << 6,  // HMAC of a suite, hash of a signature
  kSha256 = 1U << 7,
  kSha384 = 1U << 8,
  kSha512 = 1U << 9,
  kRsaKeyExchange = 1U << 10,  // no forward secrecy
  kDhe = 1U << 11,
  kEcdhe = 1U << 12,
  kRsaSign = 1U << 13,
  kEcdsaSign = 1U << 14,
  kP256 = 1U << 15,
  kP384 = 1U << 16,
  kP521 = 1U << 17,
  kX25519 = 1U << 18,
};

constexpr size_t kMostAlgorithmNumbers = 12;

struct SchannelCredential : Credential {
  // The application's, as is all that they lead to.
  const CERT_CONTEXT* certificates[BARESSPI_SCHANNEL_MAX_CERTIFICATES];
  const BARESSPI_CERT_STORE* roots;  // nullptr: none is trusted
  ULONG flags;                       // SCH_*, BARESSPI_SCH_*
  ULONG protocols;                   // SP_PROT_*: what is enabled, of this direction or both
  ULONG session_lifespan;            // ms
  uint32_t algorithms;               // Algorithm
  uint8_t certificate_count;
  ALG_ID numbers[kMostAlgorithmNumbers];  // SECPKG_ATTR_SUPPORTED_ALGS, once it was asked
};

// What tells sessions apart in their cache.
struct SessionKey {
  const Credential* session_credential;  // nullptr: the connection has nothing to do with the cache
  const void* session_logon;             // whose a client's session is: baresspi_port_task_token()
  uintptr_t session_kind;
  // Of a client's, the SHA-256 of the target's name, so that nobody finds another name with the same one;
  // target[0] 0: there is no name. Of a server's, a session id or a ticket.
  uint32_t target[8];
};

// What a connection hands on to those that resume its session.
struct Resumable : SessionKey {
  uint64_t session_expiry;  // FILETIME
  uint64_t peer_not_after;  // FILETIME; 0: the peer has shown no certificate
  // A resumed TLS 1.3 session has no certificate; of its first one the cache keeps what queries need.
  uint8_t endpoint_hash[64];
  uint8_t endpoint_hash_size;
};

// Where mbed TLS writes.
struct Room {
  uint8_t* at;
  size_t left;
};
constexpr size_t kOutputs = 3;

// What is asked most stands first: code for Cortex-M reaches it with instructions of half the size.
struct ConnectionState {
  // The handshake.
  bool configured;        // ssl, conf and the own_* are initialised
  uint8_t address_size;   // not 0: the target is an IP address, which goes without SNI and is checked by us
  bool wants_credential;  // SEC_I_INCOMPLETE_CREDENTIALS was returned
  bool reconnects;        // SCHANNEL_SESSION_TOKEN has not switched it off
  bool computing;         // SEC_I_ASYNC_CALL_PENDING was returned
#if BARESSPI_SCHANNEL_SERVER
  bool looks_itself;  // what mbed TLS thinks of the client's certificate does not end the handshake: we do
#endif
  bool clock_unknown;  // certificates could not be checked for their dates
  // Established.
  bool peer_closed;  // its close_notify came
  bool closed;       // ours, or a fatal alert, is out
  uint8_t pending_size;
#if BARESSPI_SCHANNEL_SERVER
  bool mapped;  // the authority knows whose account the client's certificate is
#endif
  // SCHANNEL_SHUTDOWN or SCHANNEL_ALERT came: the next call sends this alert, its level above its number. 0:
  // none.
  uint16_t last_words;
  uint16_t issuer_count;

  ULONG requested;        // ISC_REQ_* or ASC_REQ_* of the first call
  uint32_t verify_flags;  // MBEDTLS_X509_BADCERT_* that stand, and ours
  uint32_t session;       // which of the cache this connection leans on or has made; 0: none
  // A record that mbed TLS has consumed while the application is to feed it to the handshake functions: its
  // size, and its last octets, of an authentication tag. 0: none.
  uint32_t consumed_size;
  uint32_t consumed_tail;
  // Of the call at work: what mbed TLS may still read, and where it writes, into one room behind the other.
  // All but the last are for EncryptMessage, and are empty else.
  Bytes input;
  Room output[kOutputs];
  uint8_t* output_begin;  // of the last

  // The peer's certificate when it is a trust anchor itself.
  const mbedtls_x509_crt* trusted_leaf;
  // What queries hand out, in the arena but for the first; nullptr: nobody has asked yet.
  CERT_CONTEXT remote;
  const CERT_CONTEXT* chain;          // of REMOTE_CERT_CHAIN, in a block with its store
  CERT_NAME_BLOB* issuers;            // in a block with their octets
  struct Exporter* exporter;          // what SetContextAttributes said
  const uint16_t* signatures;         // SUPPORTED_SIGNATURES, from the configuration on
  SEC_CHANNEL_BINDINGS* bindings[2];  // endpoint, unique
  void* texts[2][3];                  // zero-terminated, UTF-8 and UTF-16: see query.cpp
};

struct SchannelContext : Context, ConnectionState, Resumable {
  uint8_t address[16];
  // What mbed TLS wrote when there was no output, for the next call: an alert.
#if defined(MBEDTLS_CIPHER_MODE_CBC)
  uint8_t pending[88];  // a block of IV, and with SHA-384 a record of 85 octets
#else
  uint8_t pending[64];
#endif
#if BARESSPI_SCHANNEL_SERVER
  BARESSPI_TOKEN_INFO token;  // where mapped
#endif
  Hello hello;  // what goes over in the clear
#if BARESSPI_SCHANNEL_TLS_UNIQUE
  Transcript transcript;
#endif

  Arena arena;  // all that mbed TLS allocates, and what is said to lie there
  mbedtls_ssl_context ssl;
  mbedtls_ssl_config conf;  // one a context: mbed TLS reads the client's certificate from it when it is due
  mbedtls_x509_crt own_chains[BARESSPI_SCHANNEL_MAX_CERTIFICATES];
  mbedtls_pk_context own_keys[BARESSPI_SCHANNEL_MAX_CERTIFICATES];
};

inline SchannelCredential& CredentialOf(const Context& context) {
  return *static_cast<SchannelCredential*>(context.credential);
}

// mbed TLS is called inside of such a scope alone: it holds the TLS lock of the port, and what is allocated
// goes to the context's arena. There is no second one inside of it: the lock is taken once.
class TlsScope {
 public:
  explicit TlsScope(SchannelContext& context);
  ~TlsScope();
  TlsScope(const TlsScope&) = delete;
  TlsScope& operator=(const TlsScope&) = delete;
};

// ---- allocator.cpp ----
// From the port, however many; false: its source has failed, and the context of the TlsScope is lost.
[[nodiscard]] bool RandomOctets(uint8_t* out, size_t size);

// ---- engine.cpp: a context's life, and its handshake. ----
// InitializeSecurityContext and AcceptSecurityContext, also once the handshake is done.
SECURITY_STATUS Handshake(Context& base, HandshakeCall& call);
// Makes an arena and, out of it, a context of mbed TLS, both empty. Inside of a TlsScope.
void OpenContext(SchannelContext& context);
void EndContext(Context& base);
// The arena of a context, as memory.
MutableBytes ArenaMemory(const SchannelContext& context);
// Where mbed TLS writes from now on, and how much it has written there.
inline void SetOutput(SchannelContext& context, uint8_t* begin, size_t size) {
  context.output[kOutputs - 1] = {begin, size};
  context.output_begin = begin;
}
inline size_t Written(const SchannelContext& context) {
  return static_cast<size_t>(context.output[kOutputs - 1].at - context.output_begin);
}

// ---- control.cpp: what goes over beside handshake and data. ----
constexpr uint16_t kCloseNotify = MBEDTLS_SSL_ALERT_LEVEL_WARNING << 8 | MBEDTLS_SSL_ALERT_MSG_CLOSE_NOTIFY;
SECURITY_STATUS Control(Context& base, const SecBufferDesc* input);
// Sends the alert that the application asked for by Control. SEC_E_OK; during the handshake
// SEC_I_CONTEXT_EXPIRED, since it will never be done. Inside of a TlsScope.
[[nodiscard]] SECURITY_STATUS SayLastWords(SchannelContext& context);

// ---- credentials.cpp ----
SECURITY_STATUS Acquire(Credential& base, const AuthData& auth_data);
SECURITY_STATUS QueryCredential(Credential& base, const AttributeCall& call);

// ---- certificates.cpp: inside of a TlsScope. ----
// Parses the credential's certificates and keys into the arena and gives them to the configuration.
// SEC_E_OK, also when the credential has none; SEC_E_UNKNOWN_CREDENTIALS: not a certificate or a key, or not
// of each other, which is looked at where check says so, since it takes its time;
// SEC_E_UNSUPPORTED_FUNCTION: an encrypted key; SEC_E_INTERNAL_ERROR.
[[nodiscard]] SECURITY_STATUS LoadOwnCertificates(SchannelContext& context,
                                                  const SchannelCredential& credential, bool check = false);
// Makes the configuration check the peer's certificates as the credential says.
void ConfigureVerification(SchannelContext& context, const SchannelCredential& credential);
// Sets the name that a client expects and says (SNI, RFC 6066 3): SEC_E_OK; SEC_E_TARGET_UNKNOWN: none though
// one is to be checked, not a host's name, or too long.
[[nodiscard]] SECURITY_STATUS SetTarget(SchannelContext& context, const Text& target);
// Which code a refused certificate gives.
SECURITY_STATUS CertificateStatus(const SchannelContext& context);
#if BARESSPI_SCHANNEL_SERVER
// Which alert tells of it (RFC 8446 6.2).
uint8_t CertificateAlert(const SchannelContext& context);
#endif
// A FILETIME of a certificate's date.
uint64_t TimeOf(const mbedtls_x509_time& time);
// Once the handshake is done: the peer's certificate, for queries (remote, peer_not_after, endpoint_hash).
void NotePeerCertificate(SchannelContext& context);

// ---- endpoint_hash.cpp ----
// The hash of tls-server-end-point (RFC 5929 4.1): of a certificate, by the hash of its own signature, but
// SHA-256 for MD5 and SHA-1. Returns its size; 0: there is none (Ed25519, for one, has no such hash).
size_t EndpointHash(const mbedtls_x509_crt& certificate, uint8_t (&out)[64]);

// ---- algorithms.cpp ----
// Limits the configuration's cipher suites, groups, signatures and versions to the credential's. False: none
// is left, or the arena is exhausted. Inside of a TlsScope.
[[nodiscard]] bool ConfigureAlgorithms(SchannelContext& context, const SchannelCredential& credential);

// ---- status.cpp ----
// The SSPI code for an error of mbed TLS. alert: the peer's, where it came in the clear; 0: unknown.
SECURITY_STATUS StatusOf(const SchannelContext& context, int error, uint8_t alert);

// ---- sessions.cpp ----
// Inside of a TlsScope, before the handshake: gives a client a session to resume, and a server the cache.
void OfferSession(SchannelContext& context);
// Keeps what a client may resume later: after the handshake, and with each ticket of TLS 1.3.
void KeepSession(SchannelContext& context);
// The connection broke: its session is not to be resumed. Not inside of a TlsScope.
void ForgetSession(SchannelContext& context);
// The credential's slot is about to be another's. Likewise.
void ForgetSessionsOf(Credential& credential);

// ---- message.cpp ----
SECURITY_STATUS Protect(Context& base, const MessageCall& call);
// Whether these begin with the record that mbed TLS has consumed and the application is to feed back.
bool IsConsumed(const SchannelContext& context, const Bytes& records);
// Makes the first EMPTY buffer one that tells how many octets were not used (EXTRA; they are the last of the
// input) or are missing until a record is whole (MISSING), unless there are none.
void StoreRest(const SecBufferDesc* buffers, ULONG type, const uint8_t* rest, size_t size);

// ---- query.cpp, query_certificates.cpp, bindings.cpp, account.cpp ----
SECURITY_STATUS QueryContext(Context& base, const AttributeCall& call);
SECURITY_STATUS SetContext(Context& base, const AttributeCall& call);
SECURITY_STATUS QueryCertificates(SchannelContext& context, const AttributeCall& call);
SECURITY_STATUS QueryBindings(SchannelContext& context, const AttributeCall& call);
// For ISSUER_LIST_EX: the names of a CertificateRequest (RFC 5246 7.4.4 certificate_authorities), as far as
// they fit the arena.
#if BARESSPI_SCHANNEL_ALL_QUERIES
void KeepIssuers(SchannelContext& context, Bytes certificate_authorities);
#else
inline void KeepIssuers(SchannelContext&, const Bytes&) {}
#endif
// Asks the device's authority whose account the client's certificate is. Outside of a TlsScope.
void MapPeer(SchannelContext& context);
SECURITY_STATUS QueryToken(const Context& base, BARESSPI_TOKEN_INFO* info);
// ISC_RET_* or ASC_RET_*.
ULONG AttributesOf(const SchannelContext& context);
// Which of the credential's certificates this side has shown, or would show to a server that asks in TLS 1.3,
// where mbed TLS does not tell. certificate_count: none. UINT8_MAX: not known, which is so for a server of
// TLS 1.3 that has several, and for one of TLS 1.2 that has two of a kind.
uint8_t OwnCertificate(const SchannelContext& context);
// STREAM_SIZES, for message.cpp too: what stands before and behind the octets of a record.
size_t HeaderSize(const SchannelContext& context);
size_t TrailerSize(const SchannelContext& context);

}  // namespace baresspi::schannel
