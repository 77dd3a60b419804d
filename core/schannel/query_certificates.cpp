// SPDX-License-Identifier: Apache-2.0
// What a context tells of certificates: its own, the peer's with those that came along, and whose the server
// wants.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/base/memory.h"
#include "core/schannel/algorithms.h"

namespace baresspi::schannel {
namespace {

// Marks the store of a peer's certificates, so that none of the application's is taken for one.
constexpr ULONG kPeerStore = BARESSPI_CERT_STORE_VERSION ^ 0xFFFFFFFF;

// In one block of the arena: the store, and behind it its certificates.
struct PeerStore : BARESSPI_CERT_STORE {
  CERT_CONTEXT* certificates() { return reinterpret_cast<CERT_CONTEXT*>(this + 1); }
  const CERT_CONTEXT* certificates() const { return reinterpret_cast<const CERT_CONTEXT*>(this + 1); }
};
static_assert(sizeof(PeerStore) % alignof(CERT_CONTEXT) == 0);

SECURITY_STATUS Give(const CERT_CONTEXT* certificate, void* buffer) {
  if (certificate == nullptr) return SEC_E_NO_CREDENTIALS;
  *static_cast<PCCERT_CONTEXT*>(buffer) = certificate;
  return SEC_E_OK;
}

SECURITY_STATUS RemoteChain(SchannelContext& context, void* buffer) {
  if (context.chain == nullptr && context.configured) {
    const mbedtls_x509_crt* const first = mbedtls_ssl_get_peer_cert(&context.ssl);
    ULONG count = 0;
    for (const mbedtls_x509_crt* next = first; next != nullptr; next = next->next) ++count;
    if (count != 0) {
      auto* const store = static_cast<PeerStore*>(
          context.arena.TryAllocate(sizeof(PeerStore) + count * sizeof(CERT_CONTEXT)));
      if (store == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
      store->Version = kPeerStore;
      store->cCertificates = count;
      CERT_CONTEXT* certificate = store->certificates();
      context.chain = certificate;
      for (const mbedtls_x509_crt* next = first; next != nullptr; next = next->next) {
        *certificate++ = {X509_ASN_ENCODING, next->raw.p, static_cast<DWORD>(next->raw.len), nullptr, store};
      }
    }
  }
  return Give(context.chain, buffer);
}

SECURITY_STATUS LocalCertificate(const SchannelContext& context, void* buffer) {
  if (context.phase != Phase::kEstablished) return SEC_E_INVALID_HANDLE;
  const SchannelCredential& credential = CredentialOf(context);
  const uint8_t index = OwnCertificate(context);
  if (index == UINT8_MAX) return SEC_E_UNSUPPORTED_FUNCTION;
  return Give(index < credential.certificate_count ? credential.certificates[index] : nullptr, buffer);
}

}  // namespace

uint8_t OwnCertificate(const SchannelContext& context) {
  const uint8_t count = CredentialOf(context).certificate_count;
  const uint32_t suite = SuiteBits(context);
  // mbed TLS's client has no other than the first.
  if (IsInitiator(context)) return (suite & kTls13Suite) == 0 && !context.hello.asked() ? count : 0;
#if BARESSPI_SCHANNEL_SERVER
  if (count > 1) {
    if ((suite & kTls13Suite) != 0) return UINT8_MAX;
    // The one that is of the suite's kind; of two, mbed TLS may have taken either, by the client's curves. No
    // elliptic curve has as many bits as an RSA key.
    constexpr size_t kMostEcBits = 600;
    uint8_t only = UINT8_MAX;
    for (uint8_t i = 0; i < count; ++i) {
      const bool is_rsa = mbedtls_pk_get_bitlen(&context.own_chains[i].pk) > kMostEcBits;
      if (is_rsa != ((suite & kEcdsaSign) == 0)) continue;
      if (only != UINT8_MAX) return UINT8_MAX;
      only = i;
    }
    return only;
  }
#endif
  return 0;
}

SECURITY_STATUS QueryCertificates(SchannelContext& context, const AttributeCall& call) {
  switch (call.attribute) {
    case SECPKG_ATTR_REMOTE_CERT_CONTEXT:  // on Windows, too, its store has the chain
    case SECPKG_ATTR_REMOTE_CERT_CHAIN:
      return RemoteChain(context, call.buffer);
    case SECPKG_ATTR_LOCAL_CERT_CONTEXT:
      return LocalCertificate(context, call.buffer);
    default:
      break;
  }
  constexpr bool kHasIssuers = BARESSPI_SCHANNEL_ALL_QUERIES && BARESSPI_SCHANNEL_CLIENT;
  if (!kHasIssuers || !IsInitiator(context)) {
    return SEC_E_UNSUPPORTED_FUNCTION;
  }
  *static_cast<SecPkgContext_IssuerListInfoEx*>(call.buffer) = {context.issuers, context.issuer_count};
  return SEC_E_OK;
}

#if BARESSPI_SCHANNEL_CLIENT && BARESSPI_SCHANNEL_ALL_QUERIES
// The list is its names, each behind its size in two octets. It is copied as it is, behind the array that
// leads into it; what is not whole ends it.
void KeepIssuers(SchannelContext& context, Bytes certificate_authorities) {
  const size_t size = certificate_authorities.size();
  if (context.issuers != nullptr) context.arena.Free(context.issuers);
  context.issuers = nullptr;
  context.issuer_count = 0;
  // Counted first, then written.
  for (size_t table = 0;;) {
    size_t count = 0;
    uint8_t* const octets = reinterpret_cast<uint8_t*>(context.issuers) + table;
    for (size_t at = 2; at < size; ++count) {
      const size_t length =
          static_cast<size_t>(certificate_authorities[at - 2] << 8 | certificate_authorities[at - 1]);
      if (length > size - at) break;
      if (table != 0) context.issuers[count] = {static_cast<DWORD>(length), octets + at};
      at += length + 2;
    }
    context.issuer_count = static_cast<uint16_t>(count);
    if (table != 0 || count == 0) return;
    table = count * sizeof(CERT_NAME_BLOB);
    context.issuers = static_cast<CERT_NAME_BLOB*>(context.arena.TryAllocate(table + size));
    if (context.issuers == nullptr) break;
    Copy(reinterpret_cast<uint8_t*>(context.issuers) + table, certificate_authorities.data(), size);
  }
  context.issuer_count = 0;
}
#endif

}  // namespace baresspi::schannel

BOOL CertFreeCertificateContext(PCCERT_CONTEXT) {
  return TRUE;  // it lives in its context, or is the application's
}

PCCERT_CONTEXT CertEnumCertificatesInStore(HCERTSTORE hCertStore, PCCERT_CONTEXT pPrevCertContext) {
  using namespace baresspi::schannel;  // NOLINT(google-build-using-namespace): the C functions are this
                                       // file's last part
  if (hCertStore == nullptr || hCertStore->Version != kPeerStore) return nullptr;
  const CERT_CONTEXT* next = static_cast<const PeerStore*>(hCertStore)->certificates();
  for (ULONG left = hCertStore->cCertificates; left != 0; --left, ++next) {
    if (pPrevCertContext == nullptr) return next;
    if (pPrevCertContext == next) pPrevCertContext = nullptr;
  }
  return nullptr;
}

#endif
