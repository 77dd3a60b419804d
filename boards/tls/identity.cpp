// SPDX-License-Identifier: Apache-2.0
#include "boards/tls/identity.h"

namespace tls {
namespace {

constexpr BitName kFlags[] = {
    {"manual", SCH_CRED_MANUAL_CRED_VALIDATION},     {"auto", SCH_CRED_AUTO_CRED_VALIDATION},
    {"no-name", SCH_CRED_NO_SERVERNAME_CHECK},       {"no-default", SCH_CRED_NO_DEFAULT_CREDS},
    {"no-reconnects", SCH_CRED_DISABLE_RECONNECTS},  {"strong", SCH_USE_STRONG_CRYPTO},
    {"no-dates", BARESSPI_SCH_CRED_NO_DATES},        {"preshared", SCH_USE_PRESHAREDKEY_ONLY},
    {"revocation", SCH_CRED_REVOCATION_CHECK_CHAIN},
};
constexpr BitName kProtocols[] = {
    {"1.0", SP_PROT_TLS1_0},
    {"1.1", SP_PROT_TLS1_1},
    {"1.2", SP_PROT_TLS1_2},
    {"1.3", SP_PROT_TLS1_3},
};
constexpr BitName kUsages[] = {
    {"keyx", TlsParametersCngAlgUsageKeyExchange}, {"sign", TlsParametersCngAlgUsageSignature},
    {"cipher", TlsParametersCngAlgUsageCipher},    {"digest", TlsParametersCngAlgUsageDigest},
    {"certsig", TlsParametersCngAlgUsageCertSig},
};

template <size_t N>
bool Bits(const BitName (&table)[N], const char* list, uint32_t* bits) {
  return list == nullptr || ParseBits(table, N, list, bits);
}

// A name in UTF-16, for as long as the call that is given it.
struct WideName {
  SEC_WCHAR text[24];
  UNICODE_STRING string;

  bool Set(const Piece& name) {
    if (name.length >= sizeof text / sizeof text[0]) return false;
    for (size_t i = 0; i < name.length; ++i) text[i] = static_cast<SEC_WCHAR>(name.text[i]);
    text[name.length] = 0;
    const auto octets = static_cast<USHORT>(name.length * sizeof text[0]);
    string = {octets, static_cast<USHORT>(octets + sizeof text[0]), text};
    return true;
  }
};

struct Disabled {
  WideName name;
  WideName mode;

  // USAGE:NAME[:MODE]
  bool Read(const char* text, CRYPTO_SETTINGS* settings) {
    Piece usage;
    Piece item;
    *settings = {};
    if (!TakeItem(&text, ':', &usage) || !TakeItem(&text, ':', &item) || !name.Set(item)) return false;
    bool known = false;
    for (const BitName& entry : kUsages) {
      if (!usage.Is(entry.name)) continue;
      settings->eAlgorithmUsage = static_cast<eTlsAlgorithmUsage>(entry.bits);
      known = true;
    }
    settings->strCngAlgId = name.string;
    if (TakeItem(&text, ':', &item)) {
      if (!mode.Set(item)) return false;
      settings->cChainingModes = 1;
      settings->rgstrChainingModes = &mode.string;
    }
    return known && text == nullptr;
  }
};

}  // namespace

bool Identity::ReadIds(const Words& words, const Store& store) {
  size_t at = 0;
  for (const char* id = words.Next("id", &at); id != nullptr; id = words.Next("id", &at)) {
    Piece name;
    if (ids_ == kMostIds) return false;
    const Octets* const certificate = TakeItem(&id, ':', &name) ? store.Find(name) : nullptr;
    if (certificate == nullptr) return false;
    BARESSPI_CERT_STORE& own = id_stores_[ids_];
    own = {};
    own.Version = BARESSPI_CERT_STORE_VERSION;
    if (TakeItem(&id, ':', &name)) {
      const Octets* const key = store.Find(name);
      if (key == nullptr) return false;
      own.PrivateKey = key->data;
      own.cbPrivateKey = static_cast<ULONG>(key->size);
    }
    if (TakeItem(&id, ':', &name)) {
      const Octets* const chain = store.Find(name);
      if (chain == nullptr) return false;
      chains_[ids_] = {static_cast<ULONG>(chain->size), chain->data};
      own.Certificates = &chains_[ids_];
      own.cCertificates = 1;
    }
    certificates_[ids_] = {X509_ASN_ENCODING, certificate->data, static_cast<DWORD>(certificate->size),
                           nullptr, &own};
    list_[ids_] = &certificates_[ids_];
    ++ids_;
  }
  return true;
}

bool Identity::ReadRoots(const char* list, const Store& store) {
  root_store_ = {};
  root_store_.Version = BARESSPI_CERT_STORE_VERSION;
  root_store_.Certificates = roots_;
  Piece name;
  while (TakeItem(&list, ',', &name)) {
    const Octets* const root = store.Find(name);
    if (root == nullptr || root_store_.cCertificates == kMostRoots) return false;
    roots_[root_store_.cCertificates++] = {static_cast<ULONG>(root->size), root->data};
  }
  return true;
}

SECURITY_STATUS Identity::AcquireWith(void* auth_data) {
  TimeStamp expiry;
  SEC_CHAR package[] = UNISP_NAME_A;
  return AcquireCredentialsHandleA(nullptr, package, client_ ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND,
                                   nullptr, auth_data, nullptr, nullptr, &handle_, &expiry);
}

SECURITY_STATUS Identity::AcquireOld(const Words& words, bool* good) {
  SCHANNEL_CRED credential = {};
  credential.dwVersion = SCHANNEL_CRED_VERSION;
  credential.cCreds = ids_;
  credential.paCred = list_;
  credential.hRootStore = root_store_.cCertificates > 0 ? &root_store_ : nullptr;
  credential.grbitEnabledProtocols = protocols_;
  credential.dwSessionLifespan = lifespan_;
  credential.dwFlags = flags_;
  ALG_ID algorithms[kMostAlgorithms];
  credential.palgSupportedAlgs = algorithms;
  Piece item;
  for (const char* list = words.Value("algs"); TakeItem(&list, ',', &item);) {
    uint32_t number = 0;
    *good = *good && credential.cSupportedAlgs < kMostAlgorithms && ParseHexNumber(item, &number);
    if (!*good) return SEC_E_OK;
    algorithms[credential.cSupportedAlgs++] = static_cast<ALG_ID>(number);
  }
  const char* limits = words.Value("strength");
  if (TakeItem(&limits, ':', &item)) *good = *good && ParseNumber(item, &credential.dwMinimumCipherStrength);
  if (TakeItem(&limits, ':', &item)) *good = *good && ParseNumber(item, &credential.dwMaximumCipherStrength);
  return *good ? AcquireWith(&credential) : SEC_E_OK;
}

SECURITY_STATUS Identity::AcquireNew(const Words& words, bool* good) {
  SCH_CREDENTIALS credential = {};
  TLS_PARAMETERS parameters = {};
  CRYPTO_SETTINGS settings[kMostDisabled];
  Disabled disabled[kMostDisabled];
  credential.dwVersion = SCH_CREDENTIALS_VERSION;
  credential.cCreds = ids_;
  credential.paCred = list_;
  credential.hRootStore = root_store_.cCertificates > 0 ? &root_store_ : nullptr;
  credential.dwSessionLifespan = lifespan_;
  credential.dwFlags = flags_;
  credential.cTlsParameters = 1;
  credential.pTlsParameters = &parameters;
  parameters.grbitDisabledProtocols = protocols_ != 0 ? ~protocols_ : 0;
  parameters.pDisabledCrypto = settings;
  size_t at = 0;
  for (const char* text = words.Next("disable", &at); text != nullptr; text = words.Next("disable", &at)) {
    const DWORD index = parameters.cDisabledCrypto++;
    *good = *good && index < kMostDisabled && disabled[index].Read(text, &settings[index]);
    if (!*good) return SEC_E_OK;
  }
  return AcquireWith(&credential);
}

Identity::Made Identity::Acquire(const Words& words, const Store& store, SECURITY_STATUS* status) {
  client_ = token::Equal(words[2], "client");
  flags_ = protocols_ = lifespan_ = ids_ = 0;
  const char* const version = words.Value("v");
  const char* const lifespan = words.Value("lifespan");
  bool good = (client_ || token::Equal(words[2], "server")) && Bits(kFlags, words.Value("flags"), &flags_) &&
              Bits(kProtocols, words.Value("protocols"), &protocols_) &&
              (lifespan == nullptr || ParseNumber(Whole(lifespan), &lifespan_)) && ReadIds(words, store) &&
              ReadRoots(words.Value("roots"), store);
  if (!good) return Made::kBadWords;
  *status =
      version != nullptr && token::Equal(version, "5") ? AcquireNew(words, &good) : AcquireOld(words, &good);
  used_ = good && *status == SEC_E_OK;
  return good ? Made::kYes : Made::kBadWords;
}

SECURITY_STATUS Identity::Free() {
  used_ = false;
  return FreeCredentialsHandle(&handle_);
}

}  // namespace tls
