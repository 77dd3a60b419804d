// SPDX-License-Identifier: Apache-2.0
// Our own certificates and keys, whom we trust, and how the peer's certificate is checked.
//
// All that mbed TLS parses lies in the context's arena, since it changes what it has parsed when it likes;
// the octets themselves stay where the application has them, as long as they are DER.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include <mbedtls/md.h>
#include <mbedtls/pem.h>

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

// What is looked for among certificates.
struct Search {
  mbedtls_x509_crt* found;        // they are appended to this chain
  const mbedtls_x509_crt* child;  // only its issuers; nullptr: all
  uint64_t now;                   // and of those, only such as have not expired by then
  bool keep;                      // false: they need only be well-formed
  bool child_is_one;              // out: the child itself was among them
};

// A Time of a certificate (RFC 5280 4.1.2.5), of which UTCTime has years of two digits.
uint64_t DerTime(uint8_t tag, const Bytes& text) {
  constexpr uint8_t kUtcTime = 0x17;
  mbedtls_x509_time time = {};
  int* const fields[] = {&time.year, &time.mon, &time.day, &time.hour, &time.min, &time.sec};
  const uint8_t* at = text.data();
  if (text.size() < (tag == kUtcTime ? 12U : 14U)) return 0;
  for (int* field : fields) {
    const int digits = field == &time.year && tag != kUtcTime ? 4 : 2;
    for (int i = 0; i < digits; ++i) *field = *field * 10 + (*at++ - '0');
  }
  if (tag == kUtcTime) time.year += time.year < 50 ? 2000 : 1900;
  return TimeOf(time);
}

// Whether a certificate's subject is the issuer of the child, by its octets (RFC 5280 4.1.2.6), and it has
// not expired. A look at the octets saves parsing the keys of all who are trusted.
bool IsIssuer(const Bytes& certificate, const Search& search) {
  Bytes level;
  Bytes version;
  Bytes time;
  uint8_t tag = 0;
  DerReader whole(certificate);
  if (!whole.Take(kDerSequence, &level)) return false;
  DerReader signed_part(level);
  if (!signed_part.Take(kDerSequence, &level)) return false;
  DerReader fields(level);
  (void)fields.Take(kDerContext0, &version);  // absent in version 1
  for (int i = 0; i < 3; ++i) {               // serialNumber, signature, issuer
    if (!fields.Next(&tag, &level)) return false;
  }
  Bytes validity;
  if (!fields.Take(kDerSequence, &validity)) return false;
  DerReader times(validity);
  if (!times.Next(&tag, &time) || !times.Next(&tag, &time)) return false;
  const Bytes rest = fields.rest();
  if (!fields.Take(kDerSequence, &level)) return false;
  const Bytes subject = rest.Sub(0, rest.size() - fields.rest().size());
  const mbedtls_x509_buf& issuer = search.child->issuer_raw;
  return Equal(subject, Bytes(issuer.p, issuer.len)) && search.now < DerTime(tag, time) + kSecond;
}

int Take(const Bytes& certificate, bool stays, Search& search) {
  if (search.child != nullptr) {
    if (!IsIssuer(certificate, search)) return 0;
    if (Equal(certificate, Bytes(search.child->raw.p, search.child->raw.len))) search.child_is_one = true;
  }
  const int error = (stays ? mbedtls_x509_crt_parse_der_nocopy : mbedtls_x509_crt_parse_der)(
      search.found, certificate.data(), certificate.size());
  if (!search.keep) mbedtls_x509_crt_free(search.found);
  return error;
}

// The certificate, or of PEM the certificates, that these octets are. 0, or mbed TLS's error.
int Find(const Bytes& octets, Search& search) {
  if (IsDer(octets)) return Take(octets, true, search);
  int error = MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE;
#if defined(MBEDTLS_PEM_PARSE_C)
  if (octets.empty() || octets[octets.size() - 1] != 0) return MBEDTLS_ERR_X509_INVALID_FORMAT;
  const uint8_t* text = octets.data();
  error = MBEDTLS_ERR_X509_INVALID_FORMAT;  // unless there is one at least
  for (;;) {
    mbedtls_pem_context pem;
    mbedtls_pem_init(&pem);
    size_t used = 0;
    int result = mbedtls_pem_read_buffer(&pem, "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----",
                                         text, nullptr, 0, &used);
    const bool over = result == MBEDTLS_ERR_PEM_NO_HEADER_FOOTER_PRESENT;
    if (result == 0) {
      size_t size = 0;
      const unsigned char* der = mbedtls_pem_get_buffer(&pem, &size);
      result = Take(Bytes(der, size), false, search);
    }
    mbedtls_pem_free(&pem);
    if (over) break;
    error = result;
    if (error != 0) break;
    text += used;
  }
#endif
  return error;
}

SECURITY_STATUS StatusOfParsing(int error) {
  if (error == 0) return SEC_E_OK;
  return error == MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE ? SEC_E_UNSUPPORTED_FUNCTION
                                                       : SEC_E_UNKNOWN_CREDENTIALS;
}

int FindIn(const BARESSPI_CERT_STORE* store, Search& search) {
  int error = 0;
  for (ULONG i = 0; error == 0 && store != nullptr && i < store->cCertificates; ++i) {
    error = Find(Bytes(store->Certificates[i].pb, store->Certificates[i].cb), search);
  }
  return error;
}

// Whether a key that could not be parsed is an encrypted one: EncryptedPrivateKeyInfo (RFC 5958 3), which
// begins with a SEQUENCE where the others have their version, or PEM that says so.
bool IsEncrypted(const Bytes& key) {
  Bytes content;
  if (DerOnly(key, kDerSequence, &content)) return !content.empty() && content[0] == kDerSequence;
  static constexpr uint8_t kWord[] = {'E', 'N', 'C', 'R', 'Y', 'P', 'T', 'E', 'D'};
  for (size_t i = 0; i + sizeof kWord <= key.size(); ++i) {
    if (Equal(key.Sub(i, sizeof kWord), kWord)) return true;
  }
  return false;
}

constexpr bool kReadsPem =
#if defined(MBEDTLS_PEM_PARSE_C)
    true;
#else
    false;
#endif

SECURITY_STATUS LoadKey(mbedtls_pk_context& key, const mbedtls_pk_context& public_key,
                        const BARESSPI_CERT_STORE* store) {
  if (store == nullptr) return SEC_E_UNKNOWN_CREDENTIALS;
  if (store->PrivateKey == nullptr) {
    return store->Key == nullptr ? SEC_E_UNKNOWN_CREDENTIALS : BindElementKey(key, public_key, store->Key);
  }
  const Bytes octets(store->PrivateKey, store->cbPrivateKey);
  if (ParseKey(key, octets)) return SEC_E_OK;
  return IsEncrypted(octets) || (!kReadsPem && !IsDer(octets)) ? SEC_E_UNSUPPORTED_FUNCTION
                                                               : SEC_E_UNKNOWN_CREDENTIALS;
}

SECURITY_STATUS LoadOne(SchannelContext& context, size_t i, const CERT_CONTEXT& certificate) {
  mbedtls_x509_crt& chain = context.own_chains[i];
  mbedtls_pk_context& key = context.own_keys[i];
  mbedtls_x509_crt_init(&chain);
  mbedtls_pk_init(&key);
  Search search = {&chain, nullptr, 0, true, false};
  int error = Find(Bytes(certificate.pbCertEncoded, certificate.cbCertEncoded), search);
  if (error == 0) error = FindIn(certificate.hCertStore, search);
  if (error != 0) return StatusOfParsing(error);
  const SECURITY_STATUS status = LoadKey(key, chain.pk, certificate.hCertStore);
  if (status != SEC_E_OK) return status;
  return mbedtls_ssl_conf_own_cert(&context.conf, &chain, &key) == 0 ? SEC_E_OK : SEC_E_INTERNAL_ERROR;
}

// Whom the application trusts, of those who may have issued the child: mbed TLS frees the list.
int ListIssuers(void* p, const mbedtls_x509_crt* child, mbedtls_x509_crt** issuers) {
  auto& context = *static_cast<SchannelContext*>(p);
  const SchannelCredential& credential = CredentialOf(context);
  auto* list = static_cast<mbedtls_x509_crt*>(context.arena.Allocate(sizeof(mbedtls_x509_crt)));
  if (list == nullptr) return MBEDTLS_ERR_X509_ALLOC_FAILED;
  mbedtls_x509_crt_init(list);
  *issuers = list;
  Search search = {list, child, 0, true, false};
  if ((credential.flags & BARESSPI_SCH_CRED_NO_DATES) == 0) (void)baresspi_port_clock(&search.now);
  const int error = FindIn(credential.roots, search);
  if (search.child_is_one) context.trusted_leaf = child;
  return error;
}

uint32_t DateFlags(SchannelContext& context, const mbedtls_x509_crt& certificate) {
  uint64_t now = 0;
  if (baresspi_port_clock(&now) == 0) {
    context.clock_unknown = true;
    return MBEDTLS_X509_BADCERT_FUTURE;
  }
  if (now >= TimeOf(certificate.valid_to) + kSecond) return MBEDTLS_X509_BADCERT_EXPIRED;
  return now < TimeOf(certificate.valid_from) ? MBEDTLS_X509_BADCERT_FUTURE : 0;
}

// RFC 5280 4.2.1.6: an address is in an iPAddress, and nowhere else.
bool HasAddress(const mbedtls_x509_crt& certificate, const Bytes& address) {
  for (const mbedtls_x509_sequence* name = &certificate.subject_alt_names; name != nullptr;
       name = name->next) {
    if ((name->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK) == MBEDTLS_X509_SAN_IP_ADDRESS &&
        Equal(Bytes(name->buf.p, name->buf.len), address)) {
      return true;
    }
  }
  return false;
}

// mbed TLS asks of each certificate of the chain, the trust anchor first, the peer's own (0) last.
int Verify(void* p, mbedtls_x509_crt* certificate, int depth, uint32_t* flags) {
  auto& context = *static_cast<SchannelContext*>(p);
  const SchannelCredential& credential = CredentialOf(context);
  // mbed TLS may be built to compare dates by a clock of its own.
  uint32_t flaws = *flags & ~uint32_t{MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE};
  if ((credential.flags & BARESSPI_SCH_CRED_NO_DATES) == 0) flaws |= DateFlags(context, *certificate);
  if (depth == 0) {
    // A certificate that is an anchor itself has no issuer to be found when it is not a CA's: with a callback
    // mbed TLS does not look for it.
    if (certificate == context.trusted_leaf) flaws &= ~uint32_t{MBEDTLS_X509_BADCERT_NOT_TRUSTED};
    if ((credential.flags & SCH_CRED_NO_SERVERNAME_CHECK) != 0) {
      flaws &= ~uint32_t{MBEDTLS_X509_BADCERT_CN_MISMATCH};
    } else if (context.target_is_address &&
               !HasAddress(*certificate, Bytes(context.address, context.address_size))) {
      flaws |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
    }
  }
  *flags = flaws;
  return 0;
}

bool IsManual(const SchannelContext& context) {
  return (CredentialOf(context).flags & SCH_CRED_MANUAL_CRED_VALIDATION) != 0 ||
         (IsInitiator(context) && (context.requested & ISC_REQ_MANUAL_CRED_VALIDATION) != 0);
}

// Reads a host name or an address as they are written, in lower case, without brackets and final dot, and
// with a zero. SIZE_MAX: it is none, or too long.
size_t ReadTarget(const Text& target, char* name, size_t room) {
  TextReader reader(target);
  size_t size = 0;
  bool closed = false;
  char16_t unit = 0;
  while (reader.Next(&unit)) {
    if (closed || size == room - 1) return SIZE_MAX;
    const auto lower = static_cast<char16_t>(unit | 0x20);
    if (lower >= 'a' && lower <= 'z' && unit < 0x80) unit = lower;
    const bool is_allowed =
        (unit >= 'a' && unit <= 'z') || (unit >= '-' && unit <= ':' && unit != '/') || unit == '_';
    if (unit == '[' && size == 0) continue;
    closed = unit == ']';
    if (closed) continue;
    if (!is_allowed) return SIZE_MAX;
    name[size++] = static_cast<char>(unit);
  }
  if (!reader.ok()) return SIZE_MAX;
  if (size != 0 && name[size - 1] == '.') --size;
  name[size] = 0;
  return size;
}

}  // namespace

bool IsDer(const Bytes& octets) {
  Bytes content;
  return !octets.empty() && DerOnly(octets, kDerSequence, &content);
}

SECURITY_STATUS LoadOwnCertificates(SchannelContext& context, const SchannelCredential& credential) {
  SECURITY_STATUS status = SEC_E_OK;
  for (size_t i = 0; status == SEC_E_OK && i < credential.certificate_count; ++i) {
    status = LoadOne(context, i, *credential.certificates[i]);
  }
  return context.arena.exhausted() ? SEC_E_INTERNAL_ERROR : status;
}

SECURITY_STATUS CheckAnchors(const BARESSPI_CERT_STORE* anchors) {
  mbedtls_x509_crt certificate;
  mbedtls_x509_crt_init(&certificate);
  Search search = {&certificate, nullptr, 0, false, false};
  return StatusOfParsing(FindIn(anchors, search));
}

void ConfigureVerification(SchannelContext& context, const SchannelCredential& credential) {
  (void)credential;
  int mode = MBEDTLS_SSL_VERIFY_REQUIRED;
  if (IsManual(context)) mode = IsInitiator(context) ? MBEDTLS_SSL_VERIFY_NONE : MBEDTLS_SSL_VERIFY_OPTIONAL;
  if (!IsInitiator(context) && (context.requested & ASC_REQ_MUTUAL_AUTH) == 0) mode = MBEDTLS_SSL_VERIFY_NONE;
  mbedtls_ssl_conf_authmode(&context.conf, mode);
  mbedtls_ssl_conf_ca_cb(&context.conf, ListIssuers, &context);
  mbedtls_ssl_conf_verify(&context.conf, Verify, &context);
}

#if BARESSPI_SCHANNEL_CLIENT
SECURITY_STATUS SetTarget(SchannelContext& context, const Text& target) {
  char name[BARESSPI_SCHANNEL_TARGET_BYTES];
  const size_t size = ReadTarget(target, name, sizeof name);
  if (size == SIZE_MAX) return SEC_E_TARGET_UNKNOWN;
  const char* host = name;
  if (size == 0) {
    if (!IsManual(context) && (CredentialOf(context).flags & SCH_CRED_NO_SERVERNAME_CHECK) == 0) {
      return SEC_E_TARGET_UNKNOWN;
    }
    host = nullptr;
  } else {
    static_assert(sizeof context.target == 32);
    if (mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), reinterpret_cast<const uint8_t*>(name), size,
                   reinterpret_cast<uint8_t*>(context.target)) != 0) {
      return SEC_E_INTERNAL_ERROR;
    }
    context.address_size = static_cast<uint8_t>(mbedtls_x509_crt_parse_cn_inet_pton(name, context.address));
    context.target_is_address = context.address_size != 0;
    if (context.target_is_address) {
      host = nullptr;  // RFC 6066 3: no literal addresses
    } else {
      for (const char* at = name; *at != 0; ++at) {
        if (*at == ':') return SEC_E_TARGET_UNKNOWN;
      }
    }
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
  const uint32_t days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 +
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
    context.endpoint_hash_size =
        static_cast<uint8_t>(EndpointHash(Bytes(peer->raw.p, peer->raw.len), context.endpoint_hash));
  }
}

}  // namespace baresspi::schannel

#endif
