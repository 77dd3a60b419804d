// SPDX-License-Identifier: Apache-2.0
// SCHANNEL_CRED and SCH_CREDENTIALS: what of them is kept, and what is refused.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/base/memory.h"
#include "core/schannel/bridge.h"
#include "core/schannel/certificates.h"
#include "core/schannel/package.h"
#include "port/port.h"

namespace baresspi::schannel {
namespace {

constexpr uint32_t kAll = (kX25519 << 1) - 1;
// What works with old peers alone: CBC's MAC comes before its encryption, and with RSA's key exchange whoever
// gets the key can read what was recorded before. Only who names them gets them.
constexpr uint32_t kWeak = kCbc | kSha1 | kRsaKeyExchange;

// What mbed TLS was built for.
constexpr ULONG kProtocols =
#if defined(MBEDTLS_SSL_PROTO_TLS1_2)
    SP_PROT_TLS1_2 |
#endif
#if defined(MBEDTLS_SSL_PROTO_TLS1_3)
    SP_PROT_TLS1_3 |
#endif
    0;
constexpr ULONG kServerProtocols = SP_PROT_TLS1_2_SERVER | SP_PROT_TLS1_3_SERVER;
constexpr ULONG kClientProtocols = SP_PROT_TLS1_2_CLIENT | SP_PROT_TLS1_3_CLIENT;

// With one half alone configured in, the compiler knows the answers.
bool IsFor(const Credential& credential, ULONG use) {
  constexpr ULONG kUse = (BARESSPI_SCHANNEL_SERVER ? SECPKG_CRED_INBOUND : 0) |
                         (BARESSPI_SCHANNEL_CLIENT ? SECPKG_CRED_OUTBOUND : 0);
  return (kUse & use) != 0 && ((kUse & ~use) == 0 || (credential.use & use) != 0);
}

// Flags that can be honoured, be it because there is nothing to do.
constexpr ULONG kFlags =
    SCH_CRED_NO_SYSTEM_MAPPER | SCH_CRED_NO_SERVERNAME_CHECK | SCH_CRED_MANUAL_CRED_VALIDATION |
    SCH_CRED_NO_DEFAULT_CREDS | SCH_CRED_AUTO_CRED_VALIDATION | SCH_CRED_USE_DEFAULT_CREDS |
    SCH_CRED_DISABLE_RECONNECTS | SCH_CRED_IGNORE_NO_REVOCATION_CHECK | SCH_CRED_IGNORE_REVOCATION_OFFLINE |
    SCH_CRED_RESTRICTED_ROOTS | SCH_CRED_CACHE_ONLY_URL_RETRIEVAL | SCH_CRED_MEMORY_STORE_CERT |
    SCH_CRED_CACHE_ONLY_URL_RETRIEVAL_ON_CREATE | SCH_SEND_ROOT_CERT | SCH_CRED_SNI_CREDENTIAL |
    SCH_CRED_SNI_ENABLE_OCSP | SCH_SEND_AUX_RECORD | SCH_USE_STRONG_CRYPTO | BARESSPI_SCH_CRED_NO_DATES |
    BARESSPI_SCH_CRED_CERTIFICATE_OPTIONAL;

// ---- SCHANNEL_CRED: algorithms by number. ----
struct Number {
  uint16_t id;  // ALG_ID
  uint8_t shift;
  uint8_t bits;  // of Algorithm, shifted
};
constexpr uint8_t Shift(uint32_t bits) {
  return static_cast<uint8_t>(__builtin_ctz(bits));
}
constexpr Number Entry(ALG_ID id, uint32_t bits) {
  return {static_cast<uint16_t>(id), Shift(bits), static_cast<uint8_t>(bits >> Shift(bits))};
}
constexpr Number kNumbers[] = {
    Entry(CALG_AES_128, kAes128),          Entry(CALG_AES_256, kAes256),  Entry(CALG_AES, kAes128 | kAes256),
    Entry(CALG_SHA1, kCbc | kSha1),  // suites with it are CBC's
    Entry(CALG_SHA_256, kSha256),          Entry(CALG_SHA_384, kSha384),  Entry(CALG_SHA_512, kSha512),
    Entry(CALG_RSA_KEYX, kRsaKeyExchange), Entry(CALG_DH_EPHEM, kDhe),    Entry(CALG_ECDH_EPHEM, kEcdhe),
    Entry(CALG_RSA_SIGN, kRsaSign),        Entry(CALG_ECDSA, kEcdsaSign),
};
static_assert(sizeof kNumbers / sizeof kNumbers[0] == kMostAlgorithmNumbers);

uint32_t BitsOf(const Number& number) {
  return static_cast<uint32_t>(number.bits) << number.shift;
}

// A class that is named is limited to what is named of it; others stay as they are.
uint32_t Named(const ALG_ID* ids, DWORD count) {
  uint32_t named = 0;
  uint32_t classes = 0;
  for (; count != 0; --count, ++ids) {
    for (const Number& number : kNumbers) {
      const uint32_t bits = BitsOf(number);
      if (GET_ALG_CLASS(number.id ^ *ids) == 0) classes |= bits;
      if (number.id == *ids) named |= bits;
    }
  }
  if ((classes & kAes128) != 0) classes |= kChaCha20;  // a cipher without a number
  return (kAll & ~kWeak & ~classes) | named;
}

// What both structures have goes to the newer one. False: malformed.
bool Read(const SCHANNEL_CRED& from, SCH_CREDENTIALS& to, SchannelCredential& credential) {
  if (from.cSupportedAlgs > SCH_CRED_MAX_SUPPORTED_ALGS) return false;
  to.dwCredFormat = from.dwCredFormat;
  to.cCreds = from.cCreds;
  to.paCred = from.paCred;
  to.hRootStore = from.hRootStore;
  to.cMappers = from.cMappers;
  to.dwSessionLifespan = from.dwSessionLifespan;
  to.dwFlags = from.dwFlags;
  to.cTlsParameters = 0;
  uint32_t algorithms = credential.algorithms;
  if (from.palgSupportedAlgs != nullptr) algorithms = Named(from.palgSupportedAlgs, from.cSupportedAlgs);
  const DWORD least = from.dwMinimumCipherStrength;
  const DWORD most = from.dwMaximumCipherStrength - 1;  // 0 is no limit
  if (least > 128 || most < 127) algorithms &= ~uint32_t{kAes128};
  if (least > 256 || most < 255) algorithms &= ~uint32_t{kAes256 | kChaCha20};
  credential.algorithms = algorithms;
  if (from.grbitEnabledProtocols != 0) credential.protocols &= from.grbitEnabledProtocols;
  return true;
}

// ---- SCH_CREDENTIALS: algorithms by name. ----
// A name is known by a hash of it and of what it is used for. Whoever gives another name of the same hash
// disables more than he wanted; of the names in Windows' headers there is none. A step of FNV-1a, of 32 bits:
constexpr uint32_t FnvStep(uint32_t hash, uint32_t unit) {
  return (hash ^ unit) * 16777619;
}
constexpr uint16_t Folded(uint32_t hash) {
  return static_cast<uint16_t>(hash ^ (hash >> 16));
}
constexpr uint32_t Start(int usage) {
  return static_cast<uint32_t>(usage) << 8;
}
constexpr uint16_t Hash(int usage, const char* name) {
  uint32_t hash = Start(usage);
  for (; *name != 0; ++name) hash = FnvStep(hash, static_cast<uint8_t>(*name));
  return Folded(hash);
}
unsigned Hash(int usage, const UNICODE_STRING& name) {
  uint32_t hash = Start(usage);
  for (size_t i = 0; i < name.Length / sizeof(SEC_WCHAR); ++i) hash = FnvStep(hash, name.Buffer[i]);
  return Folded(hash);
}

struct Name {
  uint16_t hash;
  uint8_t length;  // of its keys, in units of 4 bits, rounded up; 0: it has several, which are not told apart
                   // here
  uint8_t shift;   // of its bit of Algorithm
};
constexpr Name Entry(int usage, const char* name, uint32_t bit, unsigned length) {
  return {Hash(usage, name), static_cast<uint8_t>((length + 3) / 4), Shift(bit)};
}
constexpr int kExchange = TlsParametersCngAlgUsageKeyExchange;
constexpr int kSignature = TlsParametersCngAlgUsageSignature;
constexpr int kCipher = TlsParametersCngAlgUsageCipher;
constexpr int kDigest = TlsParametersCngAlgUsageDigest;
// Not what an algorithm is used for, but how: AES' modes, and CHACHA20_POLY1305's, whose name is longer.
constexpr int ModeOf(size_t octets_of_name) {
  return static_cast<int>(octets_of_name + 256);
}
constexpr Name kNames[] = {
    Entry(kCipher, "AES", kAes128, 128),
    Entry(kCipher, "AES", kAes256, 256),
    Entry(kCipher, "CHACHA20_POLY1305", kChaCha20, 256),
    Entry(kExchange, "DH", kDhe, 0),
    Entry(kExchange, "ECDH", kX25519, 256),
    Entry(kExchange, "ECDH", kP256, 256),
    Entry(kExchange, "ECDH", kP384, 384),
    Entry(kExchange, "ECDH", kP521, 521),
    Entry(kExchange, "ECDH_P256", kP256, 256),
    Entry(kExchange, "ECDH_P384", kP384, 384),
    Entry(kExchange, "ECDH_P521", kP521, 521),
    Entry(kExchange, "nistP256", kP256, 256),
    Entry(kExchange, "nistP384", kP384, 384),
    Entry(kExchange, "nistP521", kP521, 521),
    Entry(kExchange, "curve25519", kX25519, 256),
    Entry(kSignature, "RSA", kRsaSign, 0),
    Entry(kSignature, "RSA_SIGN", kRsaSign, 0),
    Entry(kSignature, "ECDSA", kEcdsaSign, 0),
    Entry(kDigest, "SHA256", kSha256, 0),
    Entry(kDigest, "SHA384", kSha384, 0),
    Entry(kDigest, "SHA512", kSha512, 0),
    Entry(ModeOf(sizeof(SEC_WCHAR) * 3), "ChainingModeGCM", kGcm, 0),
    Entry(ModeOf(sizeof(SEC_WCHAR) * 3), "ChainingModeCCM", kCcm, 0),
    Entry(ModeOf(sizeof(SEC_WCHAR) * 17), "ChainingModeN/A", kChaCha20, 0),
};

// Takes away from *algorithms what is disabled. What is not here, or weak, is not there without that: unknown
// names are no error. False: it cannot be told apart. Lengths are of AES and ECDH alone, and not of one mode;
// what a certificate may be signed with is mbed TLS's profile (SHA-2, curves of 256 bits and more, RSA of
// 2,048).
bool Disable(const CRYPTO_SETTINGS& settings, uint32_t* algorithms) {
  const DWORD least = settings.dwMinBitLength;
  const DWORD most = settings.dwMaxBitLength;
  const bool any = (least | most) == 0;
  int usage = settings.eAlgorithmUsage;
  const UNICODE_STRING* names = &settings.strCngAlgId;
  DWORD count = 1;
  if (settings.cChainingModes != 0) {
    usage = ModeOf(settings.strCngAlgId.Length);
    names = settings.rgstrChainingModes;
    count = settings.cChainingModes;
  }
  bool possible = settings.eAlgorithmUsage != TlsParametersCngAlgUsageCertSig;
  for (; count != 0; --count, ++names) {
    const unsigned hash = Hash(usage, *names);
    for (const Name& name : kNames) {
      if (name.hash != hash) continue;
      const DWORD length = name.length * 4U;
      possible = possible && (length != 0 || any);
      if (any || length < least || (most != 0 && length - 3 > most)) *algorithms &= ~(1U << name.shift);
    }
  }
  return possible;
}

SECURITY_STATUS Limit(const TLS_PARAMETERS& parameters, SchannelCredential& credential) {
  if (parameters.cAlpnIds != 0 || (parameters.dwFlags & ~TLS_PARAMS_OPTIONAL) != 0) {
    return SEC_E_UNSUPPORTED_FUNCTION;
  }
  credential.protocols &= ~parameters.grbitDisabledProtocols;
  for (DWORD i = 0; i < parameters.cDisabledCrypto; ++i) {
    if (!Disable(parameters.pDisabledCrypto[i], &credential.algorithms)) return SEC_E_UNSUPPORTED_FUNCTION;
  }
  return SEC_E_OK;
}

// ---- Both. ----
bool IsStore(const BARESSPI_CERT_STORE* store) {
  return store != nullptr && store->Version == BARESSPI_CERT_STORE_VERSION;
}

SECURITY_STATUS Keep(const SCH_CREDENTIALS& from, SchannelCredential& credential) {
  constexpr ULONG kBoth = SCH_CRED_MANUAL_CRED_VALIDATION | SCH_CRED_AUTO_CRED_VALIDATION;
  const ULONG flags = from.dwFlags;
  if (from.dwCredFormat != SCH_CRED_FORMAT_CERT_CONTEXT || (flags & kBoth) == kBoth ||
      (from.hRootStore != nullptr && !IsStore(from.hRootStore))) {
    return SEC_E_UNKNOWN_CREDENTIALS;
  }
  if (from.cMappers != 0 || (flags & ~kFlags) != 0 || from.cTlsParameters > 1) {
    return SEC_E_UNSUPPORTED_FUNCTION;
  }
  if (from.cCreds > BARESSPI_SCHANNEL_MAX_CERTIFICATES) return SEC_E_INSUFFICIENT_MEMORY;
  for (DWORD i = 0; i < from.cCreds; ++i) {
    const CERT_CONTEXT* certificate = from.paCred == nullptr ? nullptr : from.paCred[i];
    if (certificate == nullptr || !IsStore(certificate->hCertStore)) return SEC_E_UNKNOWN_CREDENTIALS;
    credential.certificates[i] = certificate;
  }
  credential.certificate_count = static_cast<uint8_t>(from.cCreds);
  credential.roots = from.hRootStore;
  credential.flags = flags;
  credential.session_lifespan = from.dwSessionLifespan;
  if ((flags & SCH_USE_STRONG_CRYPTO) != 0) credential.algorithms &= ~kWeak;
  return from.cTlsParameters == 0 ? SEC_E_OK : Limit(*from.pTlsParameters, credential);
}

// Whether certificates and keys are what they should be, tried in a context that is free for the moment.
SECURITY_STATUS Check(SchannelCredential& credential) {
  if (credential.certificate_count == 0 && credential.roots == nullptr) return SEC_E_OK;
  auto* context = static_cast<SchannelContext*>(kPackage.contexts->Take());
  if (context == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
  context->credential = &credential;
  SECURITY_STATUS status;
  {
    const TlsScope scope(*context);
    OpenContext(*context);
    status = CheckAnchors(*context);
    if (status == SEC_E_OK) status = LoadOwnCertificates(*context, credential, true);
    if (context->arena.exhausted())
      status = context->arena.without_random() ? SEC_E_INTERNAL_ERROR : SEC_E_INSUFFICIENT_MEMORY;
  }
  EndContext(*context);
  (void)kPackage.contexts->Release(context);
  return status;
}

}  // namespace

SECURITY_STATUS Acquire(Credential& base, const AuthData& auth_data) {
  auto& credential = static_cast<SchannelCredential&>(base);
  credential.algorithms = kAll & ~kWeak;
  credential.protocols = kProtocols & ((IsFor(base, SECPKG_CRED_INBOUND) ? kServerProtocols : 0) |
                                       (IsFor(base, SECPKG_CRED_OUTBOUND) ? kClientProtocols : 0));
  if (auth_data.raw != nullptr) {
    const DWORD version = *static_cast<const DWORD*>(auth_data.raw);
    const auto* newer = static_cast<const SCH_CREDENTIALS*>(auth_data.raw);
    SCH_CREDENTIALS converted;
    if (version == SCHANNEL_CRED_VERSION) {
      if (!Read(*static_cast<const SCHANNEL_CRED*>(auth_data.raw), converted, credential)) {
        return SEC_E_UNKNOWN_CREDENTIALS;
      }
      newer = &converted;
    } else if (version != SCH_CREDENTIALS_VERSION) {
      return SEC_E_UNKNOWN_CREDENTIALS;
    }
    const SECURITY_STATUS status = Keep(*newer, credential);
    if (status != SEC_E_OK) return status;
  }
  if (credential.certificate_count == 0 && IsFor(base, SECPKG_CRED_INBOUND)) return SEC_E_NO_CREDENTIALS;
  if (credential.protocols == 0) return SEC_E_UNSUPPORTED_FUNCTION;
  return Check(credential);
}

SECURITY_STATUS QueryCredential(Credential& base, const AttributeCall& call) {
  auto& credential = static_cast<SchannelCredential&>(base);
  const uint32_t algorithms = credential.algorithms;
  switch (call.attribute) {
    case SECPKG_ATTR_SUPPORTED_PROTOCOLS:
      static_cast<SecPkgCred_SupportedProtocols*>(call.buffer)->grbitProtocol = credential.protocols;
      return SEC_E_OK;
    case SECPKG_ATTR_CIPHER_STRENGTHS:
      *static_cast<SecPkgCred_CipherStrengths*>(call.buffer) = {
          (algorithms & kAes128) != 0 ? 128U : 256U, (algorithms & (kAes256 | kChaCha20)) != 0 ? 256U : 128U};
      return SEC_E_OK;
    case SECPKG_ATTR_SUPPORTED_ALGS: {
      DWORD count = 0;
      baresspi_port_lock();  // tasks may share a credential
      for (const Number& number : kNumbers) {
        if ((BitsOf(number) & ~algorithms) == 0) credential.numbers[count++] = number.id;
      }
      baresspi_port_unlock();
      *static_cast<SecPkgCred_SupportedAlgs*>(call.buffer) = {count, credential.numbers};
      return SEC_E_OK;
    }
    default:
      return SEC_E_UNSUPPORTED_FUNCTION;
  }
}

}  // namespace baresspi::schannel

#endif
