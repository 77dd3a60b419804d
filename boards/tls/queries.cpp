// SPDX-License-Identifier: Apache-2.0
// QUERY: what a context tells of itself, each attribute in a readable form. Octets are base64 (certificates,
// names, keys) or, where they are short, hexadecimal.
#include <baresspi/authority.h>

#include "boards/tls/channel.h"

namespace tls {
namespace {

void PutName(const char* name) {
  token::Put(" ");
  token::Put(name);
  token::Put("=");
}

void PutValue(const char* name, uint32_t value) {
  PutName(name);
  token::PutNumber(value);
}

void PutHexValue(const char* name, uint32_t value) {
  PutName(name);
  token::PutHexNumber(value);
}

void PutOctets(const char* name, const void* data, size_t size) {
  PutName(name);
  const Octets octets = {static_cast<uint8_t*>(const_cast<void*>(data)), size};
  token::PutBase64(&octets, 1);
}

// A name of ASCII; blanks become underscores, and an empty one a dash, so that the answer stays words.
template <typename Character>
void PutText(const char* name, const Character* text) {
  PutName(name);
  if (text == nullptr || *text == 0) return token::Put("-");
  for (; *text != 0; ++text) {
    const char c[2] = {*text == ' ' ? '_' : static_cast<char>(*text), 0};
    token::Put(c);
  }
}

// FILETIME, as seconds since 1970.
void PutTime(const char* name, const TimeStamp& time) {
  constexpr uint64_t kUnitsPerSecond = 10000000;
  constexpr uint64_t kSecondsFrom1601To1970 = 11644473600;
  const uint64_t filetime = static_cast<uint64_t>(time.HighPart) << 32 | static_cast<uint32_t>(time.LowPart);
  const uint64_t seconds = filetime / kUnitsPerSecond;
  if (seconds < kSecondsFrom1601To1970) return PutText(name, "before-1970");
  const uint64_t unix_time = seconds - kSecondsFrom1601To1970;
  if (unix_time > 0xFFFFFFFFu) return PutText(name, "never");
  PutValue(name, static_cast<uint32_t>(unix_time));
}

// Asks, and says how that went.
bool Ask(CtxtHandle* context, ULONG attribute, void* value) {
  const SECURITY_STATUS status = QueryContextAttributesA(context, attribute, value);
  PutStatus("QUERIED", status);
  return status == SEC_E_OK;
}

void PutSizes(CtxtHandle* context) {
  SecPkgContext_Sizes value = {};
  if (!Ask(context, SECPKG_ATTR_SIZES, &value)) return;
  PutValue("max-token", value.cbMaxToken);
  PutValue("signature", value.cbMaxSignature);
  PutValue("block", value.cbBlockSize);
  PutValue("trailer", value.cbSecurityTrailer);
}

void PutStreamSizes(CtxtHandle* context) {
  SecPkgContext_StreamSizes value = {};
  if (!Ask(context, SECPKG_ATTR_STREAM_SIZES, &value)) return;
  PutValue("header", value.cbHeader);
  PutValue("trailer", value.cbTrailer);
  PutValue("message", value.cbMaximumMessage);
  PutValue("buffers", value.cBuffers);
  PutValue("block", value.cbBlockSize);
}

void PutNames(CtxtHandle* context) {
  SecPkgContext_NamesA value = {};
  if (!Ask(context, SECPKG_ATTR_NAMES, &value)) return;
  PutText("user", value.sUserName);
  (void)FreeContextBuffer(value.sUserName);
}

void PutLifespan(CtxtHandle* context) {
  SecPkgContext_Lifespan value = {};
  if (!Ask(context, SECPKG_ATTR_LIFESPAN, &value)) return;
  PutTime("start", value.tsStart);
  PutTime("expiry", value.tsExpiry);
}

void PutKeyInfo(CtxtHandle* context) {
  SecPkgContext_KeyInfoA value = {};
  if (!Ask(context, SECPKG_ATTR_KEY_INFO, &value)) return;
  PutText("signature", value.sSignatureAlgorithmName);
  PutText("cipher", value.sEncryptAlgorithmName);
  PutValue("bits", value.KeySize);
  PutHexValue("algorithm", value.EncryptAlgorithm);
}

void PutFlags(CtxtHandle* context) {
  SecPkgContext_Flags value = {};
  if (!Ask(context, SECPKG_ATTR_FLAGS, &value)) return;
  PutHexValue("flags", value.Flags);
}

void PutPackage(CtxtHandle* context) {
  SecPkgContext_PackageInfoA value = {};
  if (!Ask(context, SECPKG_ATTR_PACKAGE_INFO, &value)) return;
  PutText("name", value.PackageInfo->Name);
  PutHexValue("capabilities", value.PackageInfo->fCapabilities);
  PutValue("max-token", value.PackageInfo->cbMaxToken);
  (void)FreeContextBuffer(value.PackageInfo);
}

void PutConnection(CtxtHandle* context) {
  SecPkgContext_ConnectionInfo value = {};
  if (!Ask(context, SECPKG_ATTR_CONNECTION_INFO, &value)) return;
  PutHexValue("protocol", value.dwProtocol);
  PutHexValue("cipher", value.aiCipher);
  PutValue("cipher-bits", value.dwCipherStrength);
  PutHexValue("hash", value.aiHash);
  PutValue("hash-bits", value.dwHashStrength);
  PutHexValue("exchange", value.aiExch);
  PutValue("exchange-bits", value.dwExchStrength);
}

void PutCipher(CtxtHandle* context) {
  SecPkgContext_CipherInfo value = {};
  value.dwVersion = SECPKGCONTEXT_CIPHERINFO_V1;
  if (!Ask(context, SECPKG_ATTR_CIPHER_INFO, &value)) return;
  PutHexValue("version", value.dwProtocol);
  PutHexValue("suite", value.dwCipherSuite);
  PutText("name", value.szCipherSuite);
  PutText("cipher", value.szCipher);
  PutValue("cipher-bits", value.dwCipherLen);
  PutValue("block", value.dwCipherBlockLen);
  PutText("hash", value.szHash);
  PutValue("hash-bits", value.dwHashLen);
  PutText("exchange", value.szExchange);
  PutText("certificate", value.szCertificate);
  PutValue("key-type", value.dwKeyType);
}

void PutSession(CtxtHandle* context) {
  SecPkgContext_SessionInfo value = {};
  if (!Ask(context, SECPKG_ATTR_SESSION_INFO, &value)) return;
  PutText("resumed", (value.dwFlags & SSL_SESSION_RECONNECT) != 0 ? "yes" : "no");
  PutOctets("id", value.rgbSessionId, value.cbSessionId);
}

void PutCertificate(CtxtHandle* context, ULONG attribute) {
  PCCERT_CONTEXT value = nullptr;
  if (!Ask(context, attribute, &value)) return;
  PutOctets("certificate", value->pbCertEncoded, value->cbCertEncoded);
  (void)CertFreeCertificateContext(value);
}

void PutRemote(CtxtHandle* context) {
  PutCertificate(context, SECPKG_ATTR_REMOTE_CERT_CONTEXT);
}

void PutLocal(CtxtHandle* context) {
  PutCertificate(context, SECPKG_ATTR_LOCAL_CERT_CONTEXT);
}

// Every certificate that the peer sent, in its order.
void PutChain(CtxtHandle* context) {
  PCCERT_CONTEXT value = nullptr;
  if (!Ask(context, SECPKG_ATTR_REMOTE_CERT_CHAIN, &value)) return;
  PCCERT_CONTEXT at = nullptr;
  while ((at = CertEnumCertificatesInStore(value->hCertStore, at)) != nullptr) {
    PutOctets("certificate", at->pbCertEncoded, at->cbCertEncoded);
  }
}

void PutIssuers(CtxtHandle* context) {
  SecPkgContext_IssuerListInfoEx value = {};
  if (!Ask(context, SECPKG_ATTR_ISSUER_LIST_EX, &value)) return;
  PutValue("count", value.cIssuers);
  for (DWORD i = 0; i < value.cIssuers; ++i) {
    PutOctets("issuer", value.aIssuers[i].pbData, value.aIssuers[i].cbData);
  }
}

// The application data of the bindings; the offset counts from the structure's begin.
void PutBindings(CtxtHandle* context, ULONG attribute) {
  SecPkgContext_Bindings value = {};
  if (!Ask(context, attribute, &value)) return;
  const auto* const octets = reinterpret_cast<const uint8_t*>(value.Bindings);
  PutValue("size", value.BindingsLength);
  PutName("bindings");
  token::PutHex(octets + value.Bindings->dwApplicationDataOffset, value.Bindings->cbApplicationDataLength);
}

void PutUnique(CtxtHandle* context) {
  PutBindings(context, SECPKG_ATTR_UNIQUE_BINDINGS);
}

void PutEndpoint(CtxtHandle* context) {
  PutBindings(context, SECPKG_ATTR_ENDPOINT_BINDINGS);
}

void PutAlpn(CtxtHandle* context) {
  SecPkgContext_ApplicationProtocol value = {};
  if (!Ask(context, SECPKG_ATTR_APPLICATION_PROTOCOL, &value)) return;
  PutValue("status", static_cast<uint32_t>(value.ProtoNegoStatus));
  PutValue("extension", static_cast<uint32_t>(value.ProtoNegoExt));
  char name[MAX_PROTOCOL_ID_SIZE + 1] = {};
  for (size_t i = 0; i < value.ProtocolIdSize; ++i) name[i] = static_cast<char>(value.ProtocolId[i]);
  PutText("protocol", name);
}

void PutSignatures(CtxtHandle* context) {
  SecPkgContext_SupportedSignatures value = {};
  if (!Ask(context, SECPKG_ATTR_SUPPORTED_SIGNATURES, &value)) return;
  PutValue("count", value.cSignatureAndHashAlgorithms);
  for (WORD i = 0; i < value.cSignatureAndHashAlgorithms; ++i) {
    PutHexValue("scheme", value.pSignatureAndHashAlgorithms[i]);
  }
}

void PutKeying(CtxtHandle* context) {
  SecPkgContext_KeyingMaterial value = {};
  if (!Ask(context, SECPKG_ATTR_KEYING_MATERIAL, &value)) return;
  PutName("key");
  token::PutHex(value.pbKeyingMaterial, value.cbKeyingMaterial);
}

// Who the client's certificate stands for: the names in UTF-16LE.
void PutToken(CtxtHandle* context) {
  void* handle = nullptr;
  BARESSPI_TOKEN_INFO info = {};
  SECURITY_STATUS status = QuerySecurityContextToken(context, &handle);
  if (status == SEC_E_OK) status = BareSspiQueryTokenInformation(handle, &info);
  PutStatus("QUERIED", status);
  if (status != SEC_E_OK) return;
  PutOctets("domain", info.Domain.Utf16le, info.Domain.cbUtf16le);
  PutOctets("user", info.User.Utf16le, info.User.cbUtf16le);
  PutValue("id", info.UserId);
}

struct Entry {
  const char* name;
  void (*put)(CtxtHandle* context);
};
constexpr Entry kQueries[] = {
    {"sizes", PutSizes},      {"stream-sizes", PutStreamSizes},
    {"names", PutNames},      {"lifespan", PutLifespan},
    {"key-info", PutKeyInfo}, {"flags", PutFlags},
    {"package", PutPackage},  {"connection", PutConnection},
    {"cipher", PutCipher},    {"session", PutSession},
    {"remote", PutRemote},    {"local", PutLocal},
    {"chain", PutChain},      {"issuers", PutIssuers},
    {"unique", PutUnique},    {"endpoint", PutEndpoint},
    {"alpn", PutAlpn},        {"signatures", PutSignatures},
    {"keying", PutKeying},    {"token", PutToken},
};

}  // namespace

void QueryAndPut(CtxtHandle* context, const char* name) {
  for (const Entry& entry : kQueries) {
    if (token::Equal(entry.name, name)) return entry.put(context);
  }
  token::Put("ERR no such query");
}

}  // namespace tls
