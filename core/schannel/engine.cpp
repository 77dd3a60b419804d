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

#if defined(MBEDTLS_SSL_MAX_FRAGMENT_LENGTH) && BARESSPI_SCHANNEL_CLIENT
// The longest records that fit both of mbed TLS's buffers; nothing is asked for where any record can be
// taken.
constexpr size_t kBuffer = MBEDTLS_SSL_IN_CONTENT_LEN < MBEDTLS_SSL_OUT_CONTENT_LEN
                               ? MBEDTLS_SSL_IN_CONTENT_LEN
                               : MBEDTLS_SSL_OUT_CONTENT_LEN;
constexpr uint8_t kFragment = MBEDTLS_SSL_IN_CONTENT_LEN >= 16384 ? MBEDTLS_SSL_MAX_FRAG_LEN_NONE
                              : kBuffer >= 4096                   ? MBEDTLS_SSL_MAX_FRAG_LEN_4096
                              : kBuffer >= 2048                   ? MBEDTLS_SSL_MAX_FRAG_LEN_2048
                              : kBuffer >= 1024                   ? MBEDTLS_SSL_MAX_FRAG_LEN_1024
                                                                  : MBEDTLS_SSL_MAX_FRAG_LEN_512;
#endif

int Receive(void* context, unsigned char* to, size_t size) {
  Bytes& input = static_cast<SchannelContext*>(context)->input;
  if (size > input.size()) size = input.size();
  if (size == 0) return MBEDTLS_ERR_SSL_WANT_READ;
  Copy(to, input.data(), size);
  input = {input.data() + size, input.size() - size};
  return static_cast<int>(size);
}

// As much as fits the first output that is not full; mbed TLS comes again with the rest.
int Transmit(void* context, const unsigned char* from, size_t size) {
  Room* room = static_cast<SchannelContext*>(context)->output;
  size_t outputs = kOutputs;
  while (room->left == 0) {
    if (--outputs == 0) return MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL;
    ++room;
  }
  if (size > room->left) size = room->left;
  Copy(room->at, from, size);
  room->at += size;
  room->left -= size;
  return static_cast<int>(size);
}

// The configuration and the context of mbed TLS, out of a fresh arena.
SECURITY_STATUS Configure(SchannelContext& context, const HandshakeCall& call) {
  const SchannelCredential& credential = CredentialOf(context);
  mbedtls_ssl_config& conf = context.conf;
  const bool client = IsInitiator(context);
  if ((call.requested & ISC_REQ_DATAGRAM) != 0) return SEC_E_UNSUPPORTED_FUNCTION;
  OpenContext(context);
  context.requested = call.requested;
  if (mbedtls_ssl_config_defaults(&conf, client ? MBEDTLS_SSL_IS_CLIENT : MBEDTLS_SSL_IS_SERVER,
                                  MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT) != 0) {
    return SEC_E_INTERNAL_ERROR;
  }
  ConfigureRandom(conf);
#if defined(MBEDTLS_SSL_MAX_FRAGMENT_LENGTH) && BARESSPI_SCHANNEL_CLIENT
  // RFC 6066 4. With TLS 1.3 among the versions nothing is asked: mbed TLS's does not know a server's answer
  // to it.
  if (client && kFragment != MBEDTLS_SSL_MAX_FRAG_LEN_NONE &&
      (credential.protocols & SP_PROT_TLS1_3_CLIENT) == 0 &&
      mbedtls_ssl_conf_max_frag_len(&conf, kFragment) != 0) {
    return SEC_E_INTERNAL_ERROR;
  }
#endif
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
  Credential* credential = PinCredential(call.credential);
  if (credential == nullptr) return call.Mendable(SEC_E_INVALID_HANDLE);
  // The server's certificate may have been checked already: the other one has to ask for the same checks.
  constexpr ULONG kChecks =
      SCH_CRED_MANUAL_CRED_VALIDATION | SCH_CRED_NO_SERVERNAME_CHECK | BARESSPI_SCH_CRED_NO_DATES;
  const SchannelCredential& old = CredentialOf(context);
  const auto& other = *static_cast<const SchannelCredential*>(credential);
  if (credential->package != old.package || (credential->use & SECPKG_CRED_OUTBOUND) == 0 ||
      ((other.flags ^ old.flags) & kChecks) != 0) {
    ReleaseCredential(credential);
    return call.Mendable(SEC_E_NO_CREDENTIALS);
  }
  // By whose anchors is not known any more, so that neither can resume it.
  if (other.roots != old.roots) context.session_credential = nullptr;
  ReleaseCredential(context.credential);
  context.credential = credential;
  return SEC_E_OK;
}

// True when the server asks for a certificate, there is none, and the application has not said that it goes
// on without.
bool LacksCertificate(SchannelContext& context, const HandshakeCall& call) {
  if (!IsInitiator(context)) return false;
  if (CredentialOf(context).certificate_count != 0) return false;
  if (((context.requested | call.requested) & ISC_REQ_USE_SUPPLIED_CREDS) != 0) return false;
  Bytes authorities;
  if (!context.hello.AsksForCertificate(context.input, &authorities)) return false;
  KeepIssuers(context, authorities);
  return true;
}
#endif

// Whether the last record that was written is an alert. There may be a flight before it, or alone: what the
// peer sent was right up to some record.
bool EndsWithAlert(const SchannelContext& context) {
  // Encrypted in TLS 1.3 (RFC 8446 5.2): two octets, their type, a tag.
  constexpr size_t kEncrypted = 2 + 1 + 16;
  const uint8_t* at = context.output_begin;
  size_t left = Written(context);
  bool is_alert = false;
  while (left >= kRecordHead) {
    const auto size = static_cast<size_t>(at[3] << 8 | at[4]);
    is_alert = at[0] == MBEDTLS_SSL_MSG_ALERT || size == kEncrypted;
    if (size > left - kRecordHead) break;
    at += kRecordHead + size;
    left -= kRecordHead + size;
  }
  return is_alert;
}

// What mbed TLS left in the output although the handshake failed: its alert, which the peer is to get; but
// nothing for a peer that has ended the connection itself.
void Speak(SchannelContext& context, HandshakeCall& call, int error, SECURITY_STATUS status) {
  if (error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE || error == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
    SetOutput(context, context.output_begin, 0);
  } else if (!EndsWithAlert(context)) {
    uint8_t number = MBEDTLS_SSL_ALERT_MSG_INTERNAL_ERROR;
    if (status == SEC_E_ILLEGAL_MESSAGE) number = MBEDTLS_SSL_ALERT_MSG_ILLEGAL_PARAMETER;  // a key share
    if (error == MBEDTLS_ERR_SSL_INVALID_RECORD) number = MBEDTLS_SSL_ALERT_MSG_DECODE_ERROR;
#if BARESSPI_SCHANNEL_SERVER
    // RFC 5246 7.4.6 has it for a client that shows no certificate where one is required.
    if (error == MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE) number = MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE;
    if (error == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED) number = CertificateAlert(context);
#endif
    // Where a message was still to be written, that is all that is done at first.
    for (int tries = 0; tries < 2 && !EndsWithAlert(context); ++tries) {
      (void)mbedtls_ssl_send_alert_message(&context.ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL, number);
    }
  }
  // Of this call or the first.
  const ULONG extended = IsInitiator(context) ? ISC_REQ_EXTENDED_ERROR : ASC_REQ_EXTENDED_ERROR;
  call.speaks = ((context.requested | call.requested) & extended) != 0;
}

// The alert of a failure, or that there is none, where the application has a buffer for it.
void StoreAlert(const SchannelContext& context, const HandshakeCall& call, size_t size) {
  SecBuffer* const alert = FindBuffer(call.output_buffers, SECBUFFER_ALERT);
  if (alert == nullptr) return;
  if (size > alert->cbBuffer) size = 0;
  alert->cbBuffer = static_cast<ULONG>(size);
  Copy(alert->pvBuffer, context.output_begin, size);
}

#if BARESSPI_SCHANNEL_SERVER
// Whether the client's certificate is refused, or that it has none. In TLS 1.2 that is known as soon as it
// was seen, in TLS 1.3 it is asked behind the Finished.
bool IsRefused(const SchannelContext& context, bool over) {
  constexpr uint32_t kNotSeenYet = UINT32_MAX;
  uint32_t flaws = mbedtls_ssl_get_verify_result(&context.ssl);
  const bool seen =
      mbedtls_ssl_get_version_number(&context.ssl) == MBEDTLS_SSL_VERSION_TLS1_2 && flaws != kNotSeenYet;
  if (!over && !seen) return false;
  if ((CredentialOf(context).flags & BARESSPI_SCH_CRED_CERTIFICATE_OPTIONAL) != 0) {
    flaws &= ~uint32_t{MBEDTLS_X509_BADCERT_MISSING};
  }
  return flaws != 0;
}
#endif

int GoOnHandshake(SchannelContext& context) {
#if BARESSPI_SCHANNEL_SERVER
  if (context.looks_itself) {
    bool over = mbedtls_ssl_is_handshake_over(&context.ssl) != 0;
    while (!over) {
      const int error = mbedtls_ssl_handshake_step(&context.ssl);
      if (error != 0) return error;
      over = mbedtls_ssl_is_handshake_over(&context.ssl) != 0;
      if (IsRefused(context, over)) return MBEDTLS_ERR_X509_CERT_VERIFY_FAILED;
    }
  }
#endif
  return mbedtls_ssl_handshake(&context.ssl);
}

// Lets mbed TLS go on with the input; malformed: there is none, and never will be.
SECURITY_STATUS Advance(SchannelContext& context, HandshakeCall& call, bool malformed) {
  const int error = malformed ? MBEDTLS_ERR_SSL_INVALID_RECORD : GoOnHandshake(context);
  const auto consumed = static_cast<size_t>(context.input.data() - call.token.data());
  const bool client = IsInitiator(context);
  context.hello.Read(client ? Hello::kFromServer : Hello::kFromClient, {call.token.data(), consumed});
  context.hello.Read(client ? Hello::kFromClient : Hello::kFromServer,
                     {context.output_begin, Written(context)});
  context.computing = error == MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS;
  SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
  if (!context.arena.exhausted()) {
    status = SEC_I_CONTINUE_NEEDED;
    if (error == 0) {
      NotePeerCertificate(context);
      KeepSession(context);
      status = SEC_E_OK;
    } else if (context.computing) {
      status = SEC_I_ASYNC_CALL_PENDING;
    } else if (error != MBEDTLS_ERR_SSL_WANT_READ) {
      status = StatusOf(context, error, context.hello.alert());
    }
  }
  if (status < 0) {
    Speak(context, call, error, status);
  } else {
    StoreRest(call.input_buffers, SECBUFFER_EXTRA, call.token.data() + consumed,
              call.token.size() - consumed);
  }
  return status;
}

// A call before the handshake is done. Not in place, where its ways out would be as many copies of what comes
// behind it.
[[gnu::noinline]] SECURITY_STATUS Negotiate(SchannelContext& context, HandshakeCall& call, bool malformed) {
  SECURITY_STATUS status = SEC_E_OK;
  if (!context.configured) status = Configure(context, call);
#if BARESSPI_SCHANNEL_CLIENT
  if (context.wants_credential) {
    KeepIssuers(context, Bytes());  // the handshake needs the memory
    status = LoadOwnCertificates(context, CredentialOf(context));
  }
#endif
  if (context.arena.exhausted()) status = SEC_E_INTERNAL_ERROR;
  if (status != SEC_E_OK) return status;
#if BARESSPI_SCHANNEL_CLIENT
  context.wants_credential = LacksCertificate(context, call);
  if (context.wants_credential) return SEC_I_INCOMPLETE_CREDENTIALS;
#endif
  return Advance(context, call, malformed);
}

}  // namespace

SECURITY_STATUS Handshake(Context& base, HandshakeCall& call) {
  auto& context = static_cast<SchannelContext&>(base);
  const bool established = context.phase == Phase::kEstablished;
  const bool fed_back = IsConsumed(context, call.token);
  const bool speaks = context.last_words != 0;
  const MutableBytes room = call.Room();
  SetOutput(context, room.data(), room.size());
  SECURITY_STATUS status = SEC_E_OK;
  size_t whole = 0;
  size_t missing = 1;
  size_t need = context.pending_size;
  if (!fed_back) {
    if (context.closed) {
      call.mendable = established;
      StoreAlert(context, call, 0);
      return SEC_E_CONTEXT_EXPIRED;
    }
    if (speaks) {
      need += sizeof context.pending;
    } else {
      // There is nothing to say, and nothing else is listened to: neither side starts a renegotiation.
      if (established) return call.Mendable(SEC_E_INVALID_TOKEN);
      need = kMaxToken;
      // A client speaks first.
      if (context.configured || !IsInitiator(context)) {
        whole = WholeRecords(call.token, false, &missing);
        if (whole == 0 && missing != 0 && !context.computing) {
          StoreRest(call.input_buffers, SECBUFFER_MISSING, nullptr, missing);
          return call.Mendable(SEC_E_INCOMPLETE_MESSAGE);
        }
      }
#if BARESSPI_SCHANNEL_CLIENT
      if (context.wants_credential) status = TakeCredential(context, call);
      if (status != SEC_E_OK) return status;
#endif
    }
  }
  // What is said cannot be taken back, so there must be room before anything is read.
  if (need != 0) status = call.Reserve(need);
  if (status != SEC_E_OK) return status;
  if (context.pending_size != 0) {
    (void)Transmit(&context, context.pending, context.pending_size);
    context.pending_size = 0;
  }
  if (fed_back) {
    const size_t consumed = context.consumed_size;
    context.consumed_size = 0;
    StoreRest(call.input_buffers, SECBUFFER_EXTRA, call.token.data() + consumed,
              call.token.size() - consumed);
  } else {
    context.input = {call.token.data(), whole};
    const TlsScope scope(context);
    status = speaks ? SayLastWords(context) : Negotiate(context, call, whole + missing == 0);
  }
  if (call.output != nullptr) call.output->cbBuffer = static_cast<ULONG>(Written(context));
  StoreAlert(context, call, status < 0 ? Written(context) : 0);
  if (status < 0) ForgetSession(context);
  if (status == SEC_E_OK) {
#if BARESSPI_SCHANNEL_SERVER
    if (!established && !IsInitiator(context)) MapPeer(context);
#endif
    if (context.peer_not_after != 0) call.expiry = context.peer_not_after;
  }
  context.attributes = AttributesOf(context);
  return status;
}

MutableBytes ArenaMemory(const SchannelContext& context) {
  return {arenas[context.index], sizeof arenas[0]};
}

void OpenContext(SchannelContext& context) {
  context.arena.Open(ArenaMemory(context));
  mbedtls_ssl_init(&context.ssl);
  mbedtls_ssl_config_init(&context.conf);
  context.configured = true;
  context.reconnects = true;
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
