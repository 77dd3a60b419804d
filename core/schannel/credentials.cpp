// SPDX-License-Identifier: Apache-2.0
// SCHANNEL_CRED and SCH_CREDENTIALS: what of them is kept, and what is refused.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/base/memory.h"
#include "core/schannel/bridge.h"
#include "core/schannel/certificates.h"
#include "core/schannel/fnv.h"
#include "core/schannel/package.h"

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

// Flags that can be honoured, be it because there is nothing to do.
constexpr ULONG kFlags =
    SCH_CRED_NO_SYSTEM_MAPPER | SCH_CRED_NO_SERVERNAME_CHECK | SCH_CRED_MANUAL_CRED_VALIDATION |
    SCH_CRED_NO_DEFAULT_CREDS | SCH_CRED_AUTO_CRED_VALIDATION | SCH_CRED_USE_DEFAULT_CREDS |
    SCH_CRED_DISABLE_RECONNECTS | SCH_CRED_IGNORE_NO_REVOCATION_CHECK | SCH_CRED_IGNORE_REVOCATION_OFFLINE |
    SCH_CRED_RESTRICTED_ROOTS | SCH_CRED_CACHE_ONLY_URL_RETRIEVAL | SCH_CRED_MEMORY_STORE_CERT |
    SCH_CRED_CACHE_ONLY_URL_RETRIEVAL_ON_CREATE | SCH_SEND_ROOT_CERT | SCH_CRED_SNI_CREDENTIAL |
    SCH_CRED_SNI_ENABLE_OCSP | SCH_SEND_AUX_RECORD | SCH_USE_STRONG_CRYPTO | BARESSPI_SCH_CRED_NO_DATES;

// What is asked of both structures.
struct Fields {
  DWORD certificates;
  PCCERT_CONTEXT* certificate;
  HCERTSTORE roots;
  DWORD mappers;
  DWORD lifespan;
  DWORD flags;
  DWORD format;
};

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

SECURITY_STATUS Read(const SCHANNEL_CRED& from, Fields& fields, SchannelCredential& credential) {
  fields = {from.cCreds,  from.paCred,      from.hRootStore, from.cMappers, from.dwSessionLifespan,
            from.dwFlags, from.dwCredFormat};
  if (from.cSupportedAlgs > SCH_CRED_MAX_SUPPORTED_ALGS) return SEC_E_UNKNOWN_CREDENTIALS;
  if (from.palgSupportedAlgs != nullptr) {
    credential.algorithms = Named(from.palgSupportedAlgs, from.cSupportedAlgs);
  }
  const DWORD most = from.dwMaximumCipherStrength == 0 ? 256 : from.dwMaximumCipherStrength;
  if (from.dwMinimumCipherStrength > 128 || most < 128) credential.algorithms &= ~uint32_t{kAes128};
  if (from.dwMinimumCipherStrength > 256 || most < 256)
    credential.algorithms &= ~uint32_t{kAes256 | kChaCha20};
  if (from.grbitEnabledProtocols != 0) credential.protocols &= from.grbitEnabledProtocols;
  return SEC_E_OK;
}

// ---- SCH_CREDENTIALS: algorithms by name. ----
// A name is known by a hash of it and of what it is used for. Whoever gives another name of the same hash
// disables more than he wanted; of the names in Windows' headers there is none.
constexpr uint16_t Folded(uint32_t hash) {
  return static_cast<uint16_t>(hash ^ (hash >> 16));
}
constexpr uint32_t Start(int usage) {
  return FnvStep(kFnvStart, static_cast<unsigned>(usage));
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
constexpr int kMode = -1;  // no use of an algorithm, but how AES is used
constexpr unsigned kAes = Hash(kCipher, "AES");
constexpr Name kNames[] = {
    Entry(kCipher, "AES", kAes128, 128),
    Entry(kCipher, "AES", kAes256, 256),
    Entry(kCipher, "CHACHA20_POLY1305", kChaCha20, 256),
    Entry(kExchange, "RSA", kRsaKeyExchange, 0),
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
    Entry(kDigest, "SHA1", kSha1, 0),
    Entry(kDigest, "SHA256", kSha256, 0),
    Entry(kDigest, "SHA384", kSha384, 0),
    Entry(kDigest, "SHA512", kSha512, 0),
    Entry(kMode, "ChainingModeGCM", kGcm, 0),
    Entry(kMode, "ChainingModeCCM", kCcm, 0),
    Entry(kMode, "ChainingModeCBC", kCbc, 0),
};

// Takes away from *algorithms what has this hash and a length out of the bounds; with both bounds 0, whatever
// the length. False: lengths were given for what has none.
bool Disable(unsigned hash, DWORD least, DWORD most, uint32_t* algorithms) {
  const bool any = (least | most) == 0;
  const DWORD limit = most == 0 ? UINT16_MAX : most + 3;
  for (const Name& name : kNames) {
    if (name.hash != hash) continue;
    const DWORD length = name.length * 4U;
    if (length == 0 && !any) return false;
    if (any || length < least || length > limit) *algorithms &= ~(1U << name.shift);
  }
  return true;
}

// What is not here need not be disabled, so that unknown names are no error.
bool Disable(const CRYPTO_SETTINGS& settings, uint32_t* algorithms) {
  // What a certificate may be signed with is mbed TLS's profile: SHA-2, and keys of 128 bits of security but
  // RSA's of 2,048.
  if (settings.eAlgorithmUsage == TlsParametersCngAlgUsageCertSig) return false;
  const unsigned hash = Hash(settings.eAlgorithmUsage, settings.strCngAlgId);
  if (hash != kAes || settings.cChainingModes == 0) {
    return Disable(hash, settings.dwMinBitLength, settings.dwMaxBitLength, algorithms);
  }
  if (settings.dwMinBitLength != 0 || settings.dwMaxBitLength != 0)
    return false;  // a length in one mode alone
  for (DWORD i = 0; i < settings.cChainingModes; ++i) {
    (void)Disable(Hash(kMode, settings.rgstrChainingModes[i]), 0, 0, algorithms);
  }
  return true;
}

SECURITY_STATUS Read(const SCH_CREDENTIALS& from, Fields& fields, SchannelCredential& credential) {
  fields = {from.cCreds,  from.paCred,      from.hRootStore, from.cMappers, from.dwSessionLifespan,
            from.dwFlags, from.dwCredFormat};
  if (from.cTlsParameters == 0) return SEC_E_OK;
  const TLS_PARAMETERS& parameters = *from.pTlsParameters;
  if (from.cTlsParameters > 1 || parameters.cAlpnIds != 0 ||
      (parameters.dwFlags & ~TLS_PARAMS_OPTIONAL) != 0) {
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

SECURITY_STATUS Keep(const Fields& fields, SchannelCredential& credential) {
  constexpr ULONG kBoth = SCH_CRED_MANUAL_CRED_VALIDATION | SCH_CRED_AUTO_CRED_VALIDATION;
  if (fields.format != SCH_CRED_FORMAT_CERT_CONTEXT || (fields.flags & kBoth) == kBoth ||
      (fields.roots != nullptr && !IsStore(fields.roots))) {
    return SEC_E_UNKNOWN_CREDENTIALS;
  }
  if (fields.mappers != 0 || (fields.flags & ~kFlags) != 0) return SEC_E_UNSUPPORTED_FUNCTION;
  if (fields.certificates > BARESSPI_SCHANNEL_MAX_CERTIFICATES) return SEC_E_INSUFFICIENT_MEMORY;
  for (DWORD i = 0; i < fields.certificates; ++i) {
    const CERT_CONTEXT* certificate = fields.certificate == nullptr ? nullptr : fields.certificate[i];
    if (certificate == nullptr || !IsStore(certificate->hCertStore)) return SEC_E_UNKNOWN_CREDENTIALS;
    credential.certificates[i] = certificate;
  }
  credential.certificate_count = static_cast<uint8_t>(fields.certificates);
  credential.roots = fields.roots;
  credential.flags = fields.flags;
  credential.session_lifespan = fields.lifespan;
  if ((fields.flags & SCH_USE_STRONG_CRYPTO) != 0) credential.algorithms &= ~kWeak;
  return SEC_E_OK;
}

SECURITY_STATUS CheckIn(SchannelContext& context, const SchannelCredential& credential) {
  SECURITY_STATUS status = CheckAnchors(context);
  if (status == SEC_E_OK) status = LoadOwnCertificates(context, credential);
  for (size_t i = 0; status == SEC_E_OK && i < credential.certificate_count; ++i) {
    if (credential.certificates[i]->hCertStore->PrivateKey == nullptr) continue;  // nobody can look at it
    if (!IsPair(context.own_chains[i].pk, context.own_keys[i])) status = SEC_E_UNKNOWN_CREDENTIALS;
  }
  return context.arena.exhausted() ? SEC_E_INSUFFICIENT_MEMORY : status;
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
    context->arena.Open(ArenaMemory(*context));
    mbedtls_ssl_init(&context->ssl);
    mbedtls_ssl_config_init(&context->conf);
    context->configured = true;
    status = CheckIn(*context, credential);
  }
  EndContext(*context);
  (void)kPackage.contexts->Release(context);
  return status;
}

}  // namespace

SECURITY_STATUS Acquire(Credential& base, const AuthData& auth_data) {
  auto& credential = static_cast<SchannelCredential&>(base);
  credential.algorithms = kAll & ~kWeak;
  credential.protocols = kProtocols & (((base.use & SECPKG_CRED_INBOUND) != 0 ? kServerProtocols : 0) |
                                       ((base.use & SECPKG_CRED_OUTBOUND) != 0 ? kClientProtocols : 0));
  if (auth_data.raw != nullptr) {
    Fields fields;
    SECURITY_STATUS status = SEC_E_UNKNOWN_CREDENTIALS;
    switch (*static_cast<const DWORD*>(auth_data.raw)) {
      case SCHANNEL_CRED_VERSION:
        status = Read(*static_cast<const SCHANNEL_CRED*>(auth_data.raw), fields, credential);
        break;
      case SCH_CREDENTIALS_VERSION:
        status = Read(*static_cast<const SCH_CREDENTIALS*>(auth_data.raw), fields, credential);
        break;
      default:
        break;
    }
    if (status == SEC_E_OK) status = Keep(fields, credential);
    if (status != SEC_E_OK) return status;
  }
  if (credential.certificate_count == 0 && (base.use & SECPKG_CRED_INBOUND) != 0) return SEC_E_NO_CREDENTIALS;
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
      for (const Number& number : kNumbers) {
        if ((BitsOf(number) & ~algorithms) == 0) credential.numbers[count++] = number.id;
      }
      *static_cast<SecPkgCred_SupportedAlgs*>(call.buffer) = {count, credential.numbers};
      return SEC_E_OK;
    }
    default:
      return SEC_E_UNSUPPORTED_FUNCTION;
  }
}

}  // namespace baresspi::schannel

#endif
