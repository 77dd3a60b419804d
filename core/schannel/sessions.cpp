// SPDX-License-Identifier: Apache-2.0
// Sessions that can be resumed, clients' and servers', in one fixed cache. A server's tickets (RFC 5077, RFC
// 8446 4.6.1) are names of its sessions here, so that there are no ticket keys to keep, and a session that
// was dropped cannot come back. All is under the port's lock for TLS: inside of a TlsScope or, in the
// functions that have none, by a lock of their own.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/base/memory.h"
#include "core/schannel/context.h"
#include "core/sspi/time.h"
#include "port/port.h"

namespace baresspi::schannel {

#if BARESSPI_SCHANNEL_SESSIONS

namespace {

constexpr uint32_t kDefaultLifespan = 10 * 3600 * 1000;  // ms, as in Windows

enum Kind : uint8_t { kClient, kServerId, kServerTicket12, kServerTicket13 };
static_assert(__has_unique_object_representations(SessionKey));

#if defined(MBEDTLS_SSL_SESSION_TICKETS)
constexpr bool kTickets = true;
#else
constexpr bool kTickets = false;  // and so nothing to resume in TLS 1.3
#endif

struct Session : Resumable {
  uint32_t serial;                                // the higher the newer; 0: there is none
  uint16_t size;                                  // of data
  bool once;                                      // can be resumed once
  bool taken;                                     // and was, or is about to be
  uint8_t data[BARESSPI_SCHANNEL_SESSION_BYTES];  // as mbed TLS saves it
};
static_assert(BARESSPI_SCHANNEL_SESSION_BYTES <= UINT16_MAX);

struct Cache {
  Session sessions[BARESSPI_SCHANNEL_SESSIONS];
  uint32_t serial;  // of the newest
};
constinit Cache cache = {};

// Without a clock it is 0, so that a session is held until a newer one needs its place, or the clock is
// known.
uint64_t Now() {
  uint64_t now = 0;
  (void)baresspi_port_clock(&now);
  return now;
}

uint32_t LifespanOf(const SchannelContext& context) {
  const ULONG lifespan = CredentialOf(context).session_lifespan;
  return lifespan == 0 ? kDefaultLifespan : lifespan;
}

// Whether this connection may resume a session, or be resumed: not where the application is to see the peer's
// certificate, which a resumed session of TLS 1.3 does not have.
bool MayResume(const SchannelContext& context) {
  const bool client = IsInitiator(context);
  const ULONG against = client ? ISC_REQ_MANUAL_CRED_VALIDATION : ASC_REQ_MUTUAL_AUTH;
  const ULONG flags = SCH_CRED_DISABLE_RECONNECTS | (client ? SCH_CRED_MANUAL_CRED_VALIDATION : 0);
  return (context.requested & against) == 0 && (CredentialOf(context).flags & flags) == 0 &&
         (!client || context.target[0] != 0);
}

// The session of a key. Where there is none: nullptr or, for a new one, the place of the oldest or of none.
Session* Find(const SessionKey& key, bool is_new) {
  Session* oldest = cache.sessions;
  for (Session& session : cache.sessions) {
    if (session.serial < oldest->serial) oldest = &session;
    if (EqualConstantTime(static_cast<SessionKey*>(&session), &key, sizeof key)) return &session;
  }
  return is_new ? oldest : nullptr;
}

// Loads a session to be resumed, by the context's key; not 0: there is none.
int Load(SchannelContext& context, mbedtls_ssl_session* session) {
  Session* const found = Find(context, false);
  if (found == nullptr || Now() > found->session_expiry) return MBEDTLS_ERR_SSL_INVALID_MAC;
#if BARESSPI_SCHANNEL_SERVER
  // After a HelloRetryRequest the same client shows its ticket again.
  if (found->taken && found->serial != context.session) return MBEDTLS_ERR_SSL_INVALID_MAC;
  found->taken = found->once;
#endif
  context.session = found->serial;
  static_cast<Resumable&>(context) = static_cast<const Resumable&>(*found);
  const int error = mbedtls_ssl_session_load(session, found->data, found->size);
  if (kTickets && IsInitiator(context) && found->once) Wipe(found, sizeof *found);
  return error;
}

// Drops the session of a serial number, or all of a credential.
void Drop(uint32_t serial, const Credential* credential) {
  for (Session& session : cache.sessions) {
    if (session.serial == serial || session.session_credential == credential) Wipe(&session, sizeof session);
  }
}

void DropLocked(uint32_t serial, const Credential* credential) {
  baresspi_port_tls_lock();
  Drop(serial, credential);
  baresspi_port_tls_unlock();
}

// By the context's key.
void Store(SchannelContext& context, const mbedtls_ssl_session* session) {
  size_t size = 0;
  (void)mbedtls_ssl_session_save(session, nullptr, 0, &size);
  if (size > sizeof Session::data) return;
  if (!context.hello.resumed()) {
    context.session_expiry = Now() + LifespanOf(context) * kUnitsPerMillisecond;
    const uint64_t not_after = context.peer_not_after;
    if (not_after != 0 && not_after < context.session_expiry) context.session_expiry = not_after;
  }
  // What a server goes on with; a client's has the same key.
  if (!IsInitiator(context)) Drop(context.session, nullptr);
  Session& place = *Find(context, true);
  Wipe(&place, sizeof place);
  if (mbedtls_ssl_session_save(session, place.data, size, &size) != 0) return;
  static_cast<Resumable&>(place) = static_cast<const Resumable&>(context);
  place.size = static_cast<uint16_t>(size);
  place.once = context.hello.version() == Hello::kTls13;
  place.serial = context.session = ++cache.serial;
}

#if BARESSPI_SCHANNEL_SERVER
constexpr size_t kName = sizeof SessionKey::target;

void SetKey(SchannelContext& server, Kind kind, const void* name) {
  server.session_kind = kind;
  Copy(server.target, name, kName);
}

int FindById(void* context, const unsigned char* id, size_t size, mbedtls_ssl_session* session) {
  auto& server = *static_cast<SchannelContext*>(context);
  if (size != kName) return MBEDTLS_ERR_SSL_INVALID_MAC;
  SetKey(server, kServerId, id);
  return Load(server, session);
}

int KeepById(void* context, const unsigned char* id, size_t size, const mbedtls_ssl_session* session) {
  auto& server = *static_cast<SchannelContext*>(context);
  if (size != kName || !server.reconnects) return 0;
  SetKey(server, kServerId, id);
  Store(server, session);
  return 0;
}

#if defined(MBEDTLS_SSL_SESSION_TICKETS)
// mbed TLS would resume a session of TLS 1.3 in TLS 1.2, with a master secret of zeroes.
Kind TicketKind(const SchannelContext& context) {
  const bool tls13 = mbedtls_ssl_get_version_number(&context.ssl) == MBEDTLS_SSL_VERSION_TLS1_3;
  return tls13 ? kServerTicket13 : kServerTicket12;
}

int FindByTicket(void* context, mbedtls_ssl_session* session, unsigned char* ticket, size_t size) {
  auto& server = *static_cast<SchannelContext*>(context);
  if (size != kName) return MBEDTLS_ERR_SSL_INVALID_MAC;
  SetKey(server, TicketKind(server), ticket);
  return Load(server, session);
}

// A failure here would be the handshake's in TLS 1.3: a session that cannot be kept has a ticket, too.
int KeepByTicket(void* context, const mbedtls_ssl_session* session, unsigned char* start,
                 const unsigned char* end, size_t* size, uint32_t* lifetime) {
  constexpr uint32_t kMostSeconds = 7 * 24 * 3600;  // RFC 8446 4.6.1
  auto& server = *static_cast<SchannelContext*>(context);
  *size = *lifetime = 0;
  if (end - start < static_cast<ptrdiff_t>(kName)) return MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL;
  if (!RandomOctets(start, kName)) return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
  *size = kName;
  *lifetime = LifespanOf(server) / 1000;
  if (*lifetime > kMostSeconds) *lifetime = kMostSeconds;
  SetKey(server, TicketKind(server), start);
  if (server.reconnects) Store(server, session);
  return 0;
}
#endif

// mbed TLS keeps no certificate of a client in sessions of TLS 1.3, and nobody is to be let in as somebody
// whose certificate is not seen: where one is asked for there are no sessions.
void OfferCache(SchannelContext& context) {
  mbedtls_ssl_conf_session_cache(&context.conf, &context, FindById, KeepById);
#if defined(MBEDTLS_SSL_SESSION_TICKETS)
  mbedtls_ssl_conf_session_tickets_cb(&context.conf, KeepByTicket, FindByTicket, &context);
#endif
}
#endif

#if BARESSPI_SCHANNEL_CLIENT
void OfferOwn(SchannelContext& context) {
  context.session_logon = baresspi_port_task_token();
#if defined(MBEDTLS_SSL_SESSION_TICKETS) && defined(MBEDTLS_SSL_PROTO_TLS1_3)
  mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
      &context.conf, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
#endif
  mbedtls_ssl_session session;
  mbedtls_ssl_session_init(&session);
  // Where this fails the handshake is a full one.
  if (Load(context, &session) == 0) (void)mbedtls_ssl_set_session(&context.ssl, &session);
  mbedtls_ssl_session_free(&session);
}
#endif

}  // namespace

void OfferSession(SchannelContext& context) {
  if (!MayResume(context)) return;
  context.session_credential = context.credential;
#if BARESSPI_SCHANNEL_SERVER
  if (!IsInitiator(context)) OfferCache(context);
#endif
#if BARESSPI_SCHANNEL_CLIENT
  if (IsInitiator(context)) OfferOwn(context);
#endif
}

void KeepSession(SchannelContext& context) {
#if BARESSPI_SCHANNEL_CLIENT
  if (!IsInitiator(context) || context.session_credential == nullptr || !context.reconnects ||
      context.verify_flags != 0) {
    return;
  }
  // In TLS 1.3 it comes with a ticket, after the handshake. One of TLS 1.2 that was resumed is still there.
  const bool tls13 = context.hello.version() == Hello::kTls13;
  if (tls13 ? !kTickets || context.phase != Phase::kEstablished : context.hello.resumed()) return;
  context.session_credential = context.credential;  // another may have taken part since
  mbedtls_ssl_session session;
  mbedtls_ssl_session_init(&session);
  // mbed TLS gives a session once, so that of several tickets the first is kept. What has neither id nor
  // ticket cannot be resumed.
  if (mbedtls_ssl_get_session(&context.ssl, &session) == 0 &&
      (tls13 || (kTickets && context.hello.has_ticket()) || mbedtls_ssl_session_get_id_len(&session) != 0)) {
    Store(context, &session);
  }
  mbedtls_ssl_session_free(&session);
#else
  (void)context;
#endif
}

void ForgetSession(SchannelContext& context) {
  if (context.session != 0) DropLocked(context.session, nullptr);
  context.session = 0;
}

void ForgetSessionsOf(Credential& credential) {
  DropLocked(0, &credential);
}

#else

void OfferSession(SchannelContext&) {}
void KeepSession(SchannelContext&) {}
void ForgetSession(SchannelContext&) {}
void ForgetSessionsOf(Credential&) {}

#endif

}  // namespace baresspi::schannel

#endif
