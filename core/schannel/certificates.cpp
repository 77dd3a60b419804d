// SPDX-License-Identifier: Apache-2.0
// Our own certificates and keys, whom we trust, and how the peer's certificate is checked.
//
// All that mbed TLS parses lies in the context's arena, since it changes what it has parsed when it likes;
// the octets themselves stay where the application has them, as long as they are DER.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include <mbedtls/md.h>

#include "core/base/der.h"
#include "core/base/memory.h"
#include "core/schannel/bridge.h"
#include "core/schannel/certificates.h"
#include "port/port.h"

#if !defined(MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK) || !defined(MBEDTLS_SSL_KEEP_PEER_CERTIFICATE)
#error "Schannel needs mbed TLS with X509_TRUSTED_CERTIFICATE_CALLBACK and SSL_KEEP_PEER_CERTIFICATE"
#endif

namespace baresspi::schannel {
namespace {

constexpr uint64_t kSecond = 10000000;  // in units of a FILETIME

// mbed TLS interrupts the check of a certificate (SEC_I_ASYNC_CALL_PENDING) only where it has the anchors
// beforehand.
constexpr bool kListsAnchorsAtOnce =
#if defined(MBEDTLS_ECP_RESTARTABLE)
    true;
#else
    false;
#endif

constexpr bool kReadsPem =
#if defined(MBEDTLS_PEM_PARSE_C)
    true;
#else
    false;
#endif

Bytes View(const mbedtls_x509_buf& octets) {
  return {octets.p, octets.len};
}

// Appends a certificate, or those of a PEM text, to a chain.
SECURITY_STATUS Parse(mbedtls_x509_crt* chain, const uint8_t* octets, size_t size) {
  if (mbedtls_x509_crt_parse_der_nocopy(chain, octets, size) == 0) return SEC_E_OK;
  if (!kReadsPem && size != 0 && octets[0] != kDerSequence) return SEC_E_UNSUPPORTED_FUNCTION;
  return kReadsPem && size != 0 && mbedtls_x509_crt_parse(chain, octets, size) == 0
             ? SEC_E_OK
             : SEC_E_UNKNOWN_CREDENTIALS;
}

// Whether what could not be parsed is an encrypted key: EncryptedPrivateKeyInfo (RFC 5958 3), which begins
// with an AlgorithmIdentifier where the others have their version, or PEM that says so.
bool IsEncrypted(Bytes key) {
  Bytes content;
  if (DerTake(&key, kDerSequence, &content)) {
    return content.size() > 2 && content[0] == kDerSequence && content[2] == kDerOid;
  }
#if defined(MBEDTLS_PEM_PARSE_C)
  static constexpr uint8_t kWord[] = {'E', 'N', 'C', 'R', 'Y', 'P', 'T', 'E', 'D'};
  for (size_t i = 0; i < key.size(); ++i) {
    if (Equal(key.Sub(i, sizeof kWord), kWord)) return true;
  }
  return false;
#else
  return !key.empty() && key[0] != kDerSequence;  // PEM, be it encrypted or not
#endif
}

SECURITY_STATUS LoadKey(mbedtls_pk_context& key, const mbedtls_pk_context& public_key,
                        const BARESSPI_CERT_STORE& store, bool check) {
  if (store.PrivateKey == nullptr) {
    return store.Key == nullptr ? SEC_E_UNKNOWN_CREDENTIALS : BindElementKey(key, public_key, store.Key);
  }
  const Bytes octets(store.PrivateKey, store.cbPrivateKey);
  if (!octets.empty() && ParseKey(key, octets)) {
    return check && !IsPair(public_key, key) ? SEC_E_UNKNOWN_CREDENTIALS : SEC_E_OK;
  }
  return IsEncrypted(octets) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_UNKNOWN_CREDENTIALS;
}

// Which flaws a certificate's dates are, if they are to be looked at.
uint32_t DateFlaws(SchannelContext& context, const mbedtls_x509_crt& certificate) {
  uint64_t now;
  if ((CredentialOf(context).flags & BARESSPI_SCH_CRED_NO_DATES) != 0) return 0;
  if (baresspi_port_clock(&now) == 0) {
    context.clock_unknown = true;
    return MBEDTLS_X509_BADCERT_FUTURE;
  }
  if (now < TimeOf(certificate.valid_from)) return MBEDTLS_X509_BADCERT_FUTURE;
  return now < TimeOf(certificate.valid_to) + kSecond ? 0 : MBEDTLS_X509_BADCERT_EXPIRED;
}

bool Same(const mbedtls_x509_buf& a, const mbedtls_x509_buf& b) {
  return Equal(View(a), View(b));
}

// mbed TLS's question: whom the application trusts, of those who may have issued the child (RFC 5280 4.1.2.6:
// names are the same, octet by octet). It frees the list. An anchor that has expired is none, since there may
// be a newer one of its name. Without a child all are parsed, and listed where there is a list.
int ListAnchors(void* p, const mbedtls_x509_crt* child, mbedtls_x509_crt** list) {
  auto& context = *static_cast<SchannelContext*>(p);
  const BARESSPI_CERT_STORE* store = CredentialOf(context).roots;
  SECURITY_STATUS status = SEC_E_OK;
  for (ULONG n = 0; store != nullptr && status == SEC_E_OK && n < store->cCertificates; ++n) {
    auto* anchor = static_cast<mbedtls_x509_crt*>(context.arena.Allocate(sizeof(mbedtls_x509_crt)));
    if (anchor == nullptr) return SEC_E_INTERNAL_ERROR;
    mbedtls_x509_crt_init(anchor);
    status = Parse(anchor, store->Certificates[n].pb, store->Certificates[n].cb);
    do {
      mbedtls_x509_crt* const next = anchor->next;  // PEM may hold several
      anchor->next = nullptr;
      const bool fits = child != nullptr ? Same(anchor->subject_raw, child->issuer_raw)
                                         : kListsAnchorsAtOnce && list != nullptr;
      if (fits && DateFlaws(context, *anchor) != MBEDTLS_X509_BADCERT_EXPIRED) {
        if (child != nullptr && Same(anchor->raw, child->raw)) context.trusted_leaf = child;
        anchor->next = *list;
        *list = anchor;
      } else {
        mbedtls_x509_crt_free(anchor);
        context.arena.Free(anchor);
      }
      anchor = next;
    } while (kReadsPem && anchor != nullptr);
  }
  return status;
}

// RFC 5280 4.2.1.6: an address is in an iPAddress, and nowhere else.
bool HasAddress(const mbedtls_x509_crt& certificate, const Bytes& address) {
  for (const mbedtls_x509_sequence* name = &certificate.subject_alt_names; name != nullptr;
       name = name->next) {
    if ((name->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK) == MBEDTLS_X509_SAN_IP_ADDRESS &&
        Equal(View(name->buf), address)) {
      return true;
    }
  }
  return false;
}

// mbed TLS asks of each certificate of the chain, the trust anchor first, the peer's own (0) last.
int Verify(void* p, mbedtls_x509_crt* certificate, int depth, uint32_t* flags) {
  auto& context = *static_cast<SchannelContext*>(p);
  constexpr uint32_t kDates = MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE;
  constexpr uint32_t kName = MBEDTLS_X509_BADCERT_CN_MISMATCH;
  // mbed TLS may be built to compare dates itself.
  uint32_t flaws = (*flags & ~kDates) | DateFlaws(context, *certificate);
  if (depth == 0) {
    // When the peer's certificate is an anchor but no CA's, it has no issuer that mbed TLS would find.
    if (certificate == context.trusted_leaf) flaws &= ~uint32_t{MBEDTLS_X509_BADCERT_NOT_TRUSTED};
    const Bytes address(context.address, context.address_size);
    if (!address.empty() && !HasAddress(*certificate, address)) flaws |= kName;
    if ((CredentialOf(context).flags & SCH_CRED_NO_SERVERNAME_CHECK) != 0) flaws &= ~kName;
  }
  *flags = flaws;
  return 0;
}

bool IsManual(const SchannelContext& context) {
  return (CredentialOf(context).flags & SCH_CRED_MANUAL_CRED_VALIDATION) != 0 ||
         (IsInitiator(context) && (context.requested & ISC_REQ_MANUAL_CRED_VALIDATION) != 0);
}

#if BARESSPI_SCHANNEL_TLS_1_3_FINISHES_FIRST
int LetFinish(mbedtls_ssl_context* ssl) {
  if (mbedtls_ssl_get_version_number(ssl) == MBEDTLS_SSL_VERSION_TLS1_3) {
    mbedtls_ssl_set_hs_authmode(ssl, MBEDTLS_SSL_VERIFY_OPTIONAL);
  }
  return 0;
}
#endif

}  // namespace

SECURITY_STATUS LoadOwnCertificates(SchannelContext& context, const SchannelCredential& credential,
                                    bool check) {
  SECURITY_STATUS status = SEC_E_OK;
  for (size_t i = 0; status == SEC_E_OK && i < credential.certificate_count; ++i) {
    mbedtls_x509_crt& chain = context.own_chains[i];
    mbedtls_pk_context& key = context.own_keys[i];
    mbedtls_x509_crt_init(&chain);
    mbedtls_pk_init(&key);
    const CERT_CONTEXT& certificate = *credential.certificates[i];
    const BARESSPI_CERT_STORE& store = *certificate.hCertStore;
    status = Parse(&chain, certificate.pbCertEncoded, certificate.cbCertEncoded);
    for (ULONG n = 0; status == SEC_E_OK && n < store.cCertificates; ++n) {
      status = Parse(&chain, store.Certificates[n].pb, store.Certificates[n].cb);
    }
    if (status == SEC_E_OK) status = LoadKey(key, chain.pk, store, check);
    if (status == SEC_E_OK && mbedtls_ssl_conf_own_cert(&context.conf, &chain, &key) != 0) {
      status = SEC_E_INTERNAL_ERROR;
    }
  }
  return status;
}

SECURITY_STATUS CheckAnchors(SchannelContext& context) {
  return ListAnchors(&context, nullptr, nullptr);
}

void ConfigureVerification(SchannelContext& context, const SchannelCredential&) {
  int mode = MBEDTLS_SSL_VERIFY_REQUIRED;
  if (IsManual(context)) mode = IsInitiator(context) ? MBEDTLS_SSL_VERIFY_NONE : MBEDTLS_SSL_VERIFY_OPTIONAL;
  if (!IsInitiator(context) && (context.requested & ASC_REQ_MUTUAL_AUTH) == 0) mode = MBEDTLS_SSL_VERIFY_NONE;
#if BARESSPI_SCHANNEL_SERVER
  // mbed TLS has no mode that takes none, but no bad one: it then looks and tells, and we refuse.
  const bool optional = !IsInitiator(context) && mode == MBEDTLS_SSL_VERIFY_REQUIRED &&
                        (CredentialOf(context).flags & BARESSPI_SCH_CRED_CERTIFICATE_OPTIONAL) != 0;
  context.looks_itself = optional;
  if (optional) mode = MBEDTLS_SSL_VERIFY_OPTIONAL;
#endif
  mbedtls_ssl_conf_authmode(&context.conf, mode);
#if BARESSPI_SCHANNEL_TLS_1_3_FINISHES_FIRST
  if (!IsInitiator(context) && mode == MBEDTLS_SSL_VERIFY_REQUIRED) {
    context.looks_itself = true;
    mbedtls_ssl_conf_cert_cb(&context.conf, LetFinish);
  }
#endif
  mbedtls_ssl_conf_ca_cb(&context.conf, ListAnchors, &context);
  // They stay in the arena. Acquire has refused what cannot be parsed.
  mbedtls_x509_crt* anchors = nullptr;
  if (kListsAnchorsAtOnce && IsInitiator(context)) (void)ListAnchors(&context, nullptr, &anchors);
  if (anchors != nullptr) mbedtls_ssl_conf_ca_chain(&context.conf, anchors, nullptr);
  mbedtls_ssl_conf_verify(&context.conf, Verify, &context);
}

#if BARESSPI_SCHANNEL_CLIENT
SECURITY_STATUS SetTarget(SchannelContext& context, const Text& target) {
  char name[BARESSPI_SCHANNEL_TARGET_BYTES];  // in lower case, without brackets and final dot
  size_t size = target.length();
  if (size >= sizeof name) return SEC_E_TARGET_UNKNOWN;
  bool is_literal = false;
  for (size_t i = 0; i < size; ++i) {
    unsigned unit = target.wide() ? static_cast<const char16_t*>(target.data())[i]
                                  : static_cast<const uint8_t*>(target.data())[i];
    if (unit - 'A' < 26) unit += 'a' - 'A';
    if (unit == ':' || unit == '[' || unit == ']') {
      is_literal = true;
    } else if ((unit - 'a' >= 26 && unit - '-' > ':' - '-' && unit != '_') || unit == '/') {
      return SEC_E_TARGET_UNKNOWN;
    }
    name[i] = static_cast<char>(unit);
  }
  const char* host = name;
  if (size != 0 && name[size - 1] == (name[0] == '[' ? ']' : '.')) {
    --size;
    if (name[0] == '[') ++host;
  }
  name[size] = 0;
  if (size != 0) {
    static_assert(sizeof context.target == 32);
    (void)mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), reinterpret_cast<const uint8_t*>(name),
                     size, reinterpret_cast<uint8_t*>(context.target));
    context.address_size = static_cast<uint8_t>(mbedtls_x509_crt_parse_cn_inet_pton(host, context.address));
    if (context.address_size != 0) {
      host = nullptr;  // RFC 6066 3: no literal addresses in SNI
    } else if (is_literal) {
      return SEC_E_TARGET_UNKNOWN;
    }
  } else {
    if (!IsManual(context) && (CredentialOf(context).flags & SCH_CRED_NO_SERVERNAME_CHECK) == 0) {
      return SEC_E_TARGET_UNKNOWN;
    }
    host = nullptr;
  }
  return mbedtls_ssl_set_hostname(&context.ssl, host) == 0 ? SEC_E_OK : SEC_E_INTERNAL_ERROR;
}
#endif

// By the number of days since 0000-03-01, whose years end with the leap day.
uint64_t TimeOf(const mbedtls_x509_time& time) {
  constexpr uint32_t kDaysTo1601 = 584694;
  if (time.year < 1601) return 0;
  const bool early = time.mon <= 2;
  const auto year = static_cast<uint32_t>(time.year - (early ? 1 : 0));
  const auto month = static_cast<uint32_t>(time.mon + (early ? 9 : -3));  // 0 is March
  const uint32_t century = year / 100;
  const uint32_t days = 365 * year + year / 4 - century + century / 4 + (979 * month + 15) / 32 +
                        static_cast<uint32_t>(time.day) - 1 - kDaysTo1601;
  const auto seconds = static_cast<uint32_t>((time.hour * 60 + time.min) * 60 + time.sec);
  return (uint64_t{days} * 86400 + seconds) * kSecond;
}

void NotePeerCertificate(SchannelContext& context) {
  const mbedtls_x509_crt* peer = mbedtls_ssl_get_peer_cert(&context.ssl);
  if (peer == nullptr) return;
  context.peer_not_after = TimeOf(peer->valid_to);
  context.remote = {X509_ASN_ENCODING, peer->raw.p, static_cast<DWORD>(peer->raw.len), nullptr, nullptr};
  if (IsInitiator(context)) {
    context.endpoint_hash_size = static_cast<uint8_t>(EndpointHash(*peer, context.endpoint_hash));
  }
}

}  // namespace baresspi::schannel

#endif
