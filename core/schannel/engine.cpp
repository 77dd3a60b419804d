// SPDX-License-Identifier: Apache-2.0
// A TLS connection's handshake over mbed TLS: tokens in, tokens out. mbed TLS reads from the caller's token,
// whole records alone, and writes into the caller's output.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/base/memory.h"
#include "core/schannel/alpn.h"
#include "core/schannel/bridge.h"
#include "core/schannel/context.h"
#include "core/schannel/package.h"
#include "core/schannel/record.h"
#include "core/sspi/buffers.h"

namespace baresspi::schannel {
namespace {

static_assert(
    BARESSPI_SCHANNEL_MAX_TOKEN >= MBEDTLS_SSL_OUT_CONTENT_LEN + 2048,
    "a flight is a certificate message as large as mbed TLS's buffer for output, and what goes with it");

alignas(
    8) constinit uint8_t arenas[BARESSPI_SCHANNEL_MAX_CONTEXTS][BARESSPI_SCHANNEL_ARENA_BYTES / 8 * 8] = {};

int Receive(void* context, unsigned char* to, size_t size) {
  Bytes& input = static_cast<SchannelContext*>(context)->input;
  const Bytes part = input.Sub(0, size);
  if (part.empty()) return MBEDTLS_ERR_SSL_WANT_READ;
  Copy(to, part.data(), part.size());
  input = input.Sub(part.size());
  return static_cast<int>(part.size());
}

int Transmit(void* context, const unsigned char* from, size_t size) {
  auto& out = *static_cast<SchannelContext*>(context);
  size_t left = size;
  for (MutableBytes& output : out.output) {
    const size_t part = left < output.size() ? left : output.size();
    Copy(output.data(), from, part);
    output = output.Sub(part);
    from += part;
    left -= part;
  }
  if (left != 0) return MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL;
  out.written += size;
  return static_cast<int>(size);
}

// The configuration and the context of mbed TLS, out of a fresh arena.
SECURITY_STATUS Configure(SchannelContext& context, const HandshakeCall& call) {
  const SchannelCredential& credential = CredentialOf(context);
  mbedtls_ssl_config& conf = context.conf;
  const bool client = IsInitiator(context);
  context.arena.Open(ArenaMemory(context));
  mbedtls_ssl_init(&context.ssl);
  mbedtls_ssl_config_init(&conf);
  context.configured = true;
  context.reconnects = true;
  context.requested = call.requested;
  if (mbedtls_ssl_config_defaults(&conf, client ? MBEDTLS_SSL_IS_CLIENT : MBEDTLS_SSL_IS_SERVER,
                                  MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT) != 0) {
    return SEC_E_INTERNAL_ERROR;
  }
  ConfigureRandom(conf);
  if (!ConfigureAlgorithms(context, credential)) return SEC_E_ALGORITHM_MISMATCH;
  ConfigureVerification(context, credential);
  SECURITY_STATUS status = LoadOwnCertificates(context, credential);
  if (status == SEC_E_OK) status = ConfigureProtocols(context, call.input_buffers);
  if (status != SEC_E_OK) return status;
  if (!client) OfferSession(context);
  if (mbedtls_ssl_setup(&context.ssl, &conf) != 0) return SEC_E_INTERNAL_ERROR;
  mbedtls_ssl_set_bio(&context.ssl, &context, Transmit, Receive, nullptr);
#if BARESSPI_SCHANNEL_TLS_UNIQUE
  context.hello.CopyTo(&context.transcript);
  context.transcript.Start(&context.ssl);
#endif
#if BARESSPI_SCHANNEL_CLIENT
  if (client) {
    status = SetTarget(context, call.target);
    if (status != SEC_E_OK) return status;
    OfferSession(context);
  }
#endif
  return SEC_E_OK;
}

#if BARESSPI_SCHANNEL_CLIENT
// A call after SEC_I_INCOMPLETE_CREDENTIALS may bring another credential; the context leans on that one then.
SECURITY_STATUS TakeCredential(SchannelContext& context, HandshakeCall& call) {
  KeepIssuers(context, Bytes());  // the handshake needs the memory
  Credential* credential = PinCredential(call.credential);
  if (credential == nullptr) return call.Mendable(SEC_E_INVALID_HANDLE);
  // The server's certificate may have been checked already: the other one has to ask for the same checks.
  constexpr ULONG kChecks =
      SCH_CRED_MANUAL_CRED_VALIDATION | SCH_CRED_NO_SERVERNAME_CHECK | BARESSPI_SCH_CRED_NO_DATES;
  const SchannelCredential& old = CredentialOf(context);
  const auto& other = *static_cast<const SchannelCredential*>(credential);
  if (credential == &old || credential->package != old.package ||
      (credential->use & SECPKG_CRED_OUTBOUND) == 0 || ((other.flags ^ old.flags) & kChecks) != 0) {
    ReleaseCredential(credential);
    return credential == &old ? SEC_E_OK : call.Mendable(SEC_E_NO_CREDENTIALS);
  }
  // By whose anchors is not known any more, so that neither can resume it.
  if (other.roots != old.roots) context.session_credential = nullptr;
  ReleaseCredential(context.credential);
  context.credential = credential;
  const TlsScope scope(context);
  return LoadOwnCertificates(context, CredentialOf(context));
}
#endif

// True when the server asks for a certificate, there is none, and the application has not said that it goes
// on without.
bool LacksCertificate(SchannelContext& context, const HandshakeCall& call, Bytes records) {
  if (!BARESSPI_SCHANNEL_CLIENT || !IsInitiator(context)) return false;
  if (CredentialOf(context).certificate_count != 0) return false;
  if (((context.requested | call.requested) & ISC_REQ_USE_SUPPLIED_CREDS) != 0) return false;
  Bytes authorities;
  if (!context.hello.AsksForCertificate(records, &authorities)) return false;
  KeepIssuers(context, authorities);
  return true;
}

// The octets of whole records at the begin of these.
size_t WholeRecords(Bytes octets) {
  size_t whole = 0;
  for (;;) {
    const Bytes rest = octets.Sub(whole);
    const size_t size = RecordSize(rest);
    if (size == 0 || size > rest.size()) return whole;
    whole += size;
  }
}

// What mbed TLS left in the output although the handshake failed: its alert, which the peer is to get.
void Speak(SchannelContext& context, HandshakeCall& call, int error) {
  if (context.written == 0 && error != MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE &&
      error != MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
    uint8_t number = MBEDTLS_SSL_ALERT_MSG_INTERNAL_ERROR;
    if (error == MBEDTLS_ERR_SSL_INVALID_RECORD) number = MBEDTLS_SSL_ALERT_MSG_DECODE_ERROR;
    // RFC 5246 7.4.6 has it for a client that shows no certificate where one is required.
    if (error == MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE) number = MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE;
#if BARESSPI_SCHANNEL_FINISHES_FIRST
    if (error == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED) number = CertificateAlert(context);
#endif
    (void)mbedtls_ssl_send_alert_message(&context.ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, number);
  }
  const auto written = static_cast<ULONG>(context.written);
  SecBuffer* const alert = FindBuffer(call.output_buffers, SECBUFFER_ALERT);
  if (alert != nullptr) {
    const ULONG room = alert->cbBuffer;
    alert->cbBuffer = written <= room ? written : 0;
    Copy(alert->pvBuffer, call.output->pvBuffer, alert->cbBuffer);
  }
  // ISC_REQ_EXTENDED_ERROR or ASC_REQ_EXTENDED_ERROR, of this call or the first.
  const ULONG extended = IsInitiator(context) ? ISC_REQ_EXTENDED_ERROR : ASC_REQ_EXTENDED_ERROR;
  if (((context.requested | call.requested) & extended) == 0) return;
  call.output->cbBuffer = written;
  call.speaks = true;
}

int GoOnHandshake(SchannelContext& context) {
#if BARESSPI_SCHANNEL_FINISHES_FIRST
  if (context.finishes_first) {
    while (mbedtls_ssl_is_handshake_over(&context.ssl) == 0) {
      const int error = mbedtls_ssl_handshake_step(&context.ssl);
      if (error != 0) return error;
    }
    if (mbedtls_ssl_get_verify_result(&context.ssl) != 0) return MBEDTLS_ERR_X509_CERT_VERIFY_FAILED;
  }
#endif
  return mbedtls_ssl_handshake(&context.ssl);
}

// Lets mbed TLS go on with the whole records of the token; kNoRecord: there is none, and never will be.
SECURITY_STATUS Advance(SchannelContext& context, HandshakeCall& call, size_t whole, MutableBytes room) {
  const bool client = IsInitiator(context);
  SECURITY_STATUS status;
  Bytes rest;
  {
    const TlsScope scope(context);
    context.input = call.token.Sub(0, whole);
    SetOutput(context, room);
    const int error = whole == kNoRecord ? MBEDTLS_ERR_SSL_INVALID_RECORD : GoOnHandshake(context);
    const size_t consumed = call.token.Sub(0, whole).size() - context.input.size();
    context.input = Bytes();
    context.hello.Read(client ? Hello::kFromServer : Hello::kFromClient, call.token.Sub(0, consumed));
    context.hello.Read(client ? Hello::kFromClient : Hello::kFromServer, Bytes(room.data(), context.written));
    rest = call.token.Sub(consumed);
    switch (error) {
      case 0:
        status = SEC_E_OK;
        break;
      case MBEDTLS_ERR_SSL_WANT_READ:
        status = SEC_I_CONTINUE_NEEDED;
        break;
      case MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS:
        status = SEC_I_ASYNC_CALL_PENDING;
        break;
      default:
        status = StatusOf(context, error, context.hello.alert());
    }
    context.computing = status == SEC_I_ASYNC_CALL_PENDING;
    if (context.arena.exhausted()) status = SEC_E_INTERNAL_ERROR;
    if (status < 0) {
      Speak(context, call, error);
      return status;
    }
    if (status == SEC_E_OK) {
      NotePeerCertificate(context);
      KeepSession(context);
    }
  }
  call.output->cbBuffer = static_cast<ULONG>(context.written);
  StoreRest(call.input_buffers, SECBUFFER_EXTRA, rest);
  if (status == SEC_E_OK) {
    if (BARESSPI_SCHANNEL_SERVER && !client) MapPeer(context);
    if (context.peer_not_after != 0) call.expiry = context.peer_not_after;
  }
  context.attributes = AttributesOf(context);
  return status;
}

// A call before the handshake is done.
SECURITY_STATUS Negotiate(SchannelContext& context, HandshakeCall& call) {
  const bool first = !context.configured;
  const bool speaks_first = first && IsInitiator(context);
  if (context.alert_level != 0 || context.closing || context.closed) return SayLastWords(context, call);
  const size_t whole = speaks_first ? 0 : WholeRecords(call.token);
  const size_t size = speaks_first ? 0 : RecordSize(call.token);
  if (!speaks_first && whole == 0 && size != kNoRecord && !context.computing) {
    StoreMissing(call.input_buffers, (size == 0 ? kRecordHead : size) - call.token.size());
    return call.Mendable(SEC_E_INCOMPLETE_MESSAGE);
  }
  // A flight cannot be taken back, so there must be room before anything is read.
  const MutableBytes room = call.Room();
  SECURITY_STATUS status = call.Reserve(kMaxToken);
  if (status != SEC_E_OK) return status;
  call.output->cbBuffer = 0;
  if (first) {
    if ((call.requested & ISC_REQ_DATAGRAM) != 0) return SEC_E_UNSUPPORTED_FUNCTION;
    const TlsScope scope(context);
    status = Configure(context, call);
    if (context.arena.exhausted()) status = SEC_E_INTERNAL_ERROR;
  }
#if BARESSPI_SCHANNEL_CLIENT
  if (context.wants_credential) status = TakeCredential(context, call);
#endif
  if (status != SEC_E_OK) return status;
  if (LacksCertificate(context, call, call.token.Sub(0, whole))) {
    context.wants_credential = true;
    return SEC_I_INCOMPLETE_CREDENTIALS;
  }
  context.wants_credential = false;
  status = Advance(context, call, size == kNoRecord ? size : whole, room);
  if (status < 0) ForgetSession(context);
  return status;
}

SECURITY_STATUS Handshake(Context& base, HandshakeCall& call) {
  auto& context = static_cast<SchannelContext&>(base);
  return context.phase == Phase::kEstablished ? GoOn(context, call) : Negotiate(context, call);
}

}  // namespace

MutableBytes ArenaMemory(const SchannelContext& context) {
  return {arenas[context.index], sizeof arenas[0]};
}

void SetOutput(SchannelContext& context, MutableBytes first, MutableBytes second, MutableBytes third) {
  context.output[0] = first;
  context.output[1] = second;
  context.output[2] = third;
  context.written = 0;
}

SECURITY_STATUS Initialize(Context& base, HandshakeCall& call) {
  return Handshake(base, call);
}
SECURITY_STATUS Accept(Context& base, HandshakeCall& call) {
  return Handshake(base, call);
}

// First mbed TLS, which gives back what it holds elsewhere (slots of PSA), then the memory as a whole. A
// context that broke comes here again, empty.
void EndContext(Context& base) {
  auto& context = static_cast<SchannelContext&>(base);
  if (!context.configured) return;
  const TlsScope scope(context);
  mbedtls_ssl_free(&context.ssl);
  mbedtls_ssl_config_free(&context.conf);
  context.arena.Close();
  context.configured = false;
}

}  // namespace baresspi::schannel

#endif
