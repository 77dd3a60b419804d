// SPDX-License-Identifier: Apache-2.0
// QueryContextAttributes for TLS: sizes, flags, names and what was agreed.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/base/memory.h"
#include "core/schannel/algorithms.h"
#include "core/schannel/package.h"
#include "core/schannel/record.h"
#include "core/sspi/time.h"

namespace baresspi::schannel {
namespace {

// ---- A cipher suite as it is told: Windows' names and numbers. ----
unsigned IsAes256(uint32_t suite) {
  return Has(suite, kAes128) ? 0 : 1;
}
unsigned IsSha384(uint32_t suite) {
  return Has(suite, kSha384) ? 1 : 0;
}
ULONG CipherStrength(uint32_t suite) {
  return 128U << IsAes256(suite);
}
// Windows has no number for ChaCha20.
ALG_ID CipherNumber(uint32_t suite) {
  static_assert(CALG_AES_256 == CALG_AES_128 + 2);
  return Has(suite, kChaCha20) ? 0 : CALG_AES_128 + 2 * IsAes256(suite);
}
ALG_ID HashNumber(uint32_t suite) {
  static_assert(CALG_SHA_384 == CALG_SHA_256 + 1);
  return Has(suite, kSha1) ? CALG_SHA1 : CALG_SHA_256 + IsSha384(suite);
}
ULONG HashStrength(uint32_t suite) {
  if (!Has(suite, kCbc)) return 0;
  return Has(suite, kSha1) ? 160 : 256 + 128 * IsSha384(suite);
}
ALG_ID ExchangeNumber(uint32_t suite) {
  return Has(suite, kDhe) ? CALG_DH_EPHEM : Has(suite, kRsaKeyExchange) ? CALG_RSA_KEYX : CALG_ECDH_EPHEM;
}
ULONG BlockSize(uint32_t suite) {
  return Has(suite, kChaCha20) ? 0 : 16;
}
void ApplicationProtocol([[maybe_unused]] const SchannelContext& context,
                         SecPkgContext_ApplicationProtocol* answer) {
  *answer = {};
#if defined(MBEDTLS_SSL_ALPN)
  const char* protocol = mbedtls_ssl_get_alpn_protocol(&context.ssl);
  if (protocol == nullptr) return;
  answer->ProtoNegoStatus = SecApplicationProtocolNegotiationStatus_Success;
  answer->ProtoNegoExt = SecApplicationProtocolNegotiationExt_ALPN;
  const size_t size = Text::Utf8(protocol).length();  // RFC 7301: at most 255
  answer->ProtocolIdSize = static_cast<unsigned char>(size);
  Copy(answer->ProtocolId, protocol, size);
#endif
}

#if BARESSPI_SCHANNEL_ALL_QUERIES
// The interface's A and W structures differ in what their strings are alone, and have no const: both are
// filled through this.
struct Strings {
  void* first;
  void* second;  // of KEY_INFO
};
static_assert(sizeof(SecPkgContext_NamesA) == sizeof(void*) && sizeof(SecPkgContext_NamesW) == sizeof(void*));
static_assert(offsetof(SecPkgContext_KeyInfoA, KeySize) == sizeof(Strings));

enum TextKind : uint8_t { kSubject, kHash, kCipher };

// ASCII, as mbed TLS gives and as Windows names it, in either form.
void CopyText(void* to, const char* text, bool wide) {
  for (size_t i = 0;; ++i) {
    if (wide) {
      static_cast<char16_t*>(to)[i] = static_cast<unsigned char>(text[i]);
    } else {
      static_cast<char*>(to)[i] = text[i];
    }
    if (text[i] == 0) return;
  }
}

// A string in the form that is asked for, kept in the context's arena; nullptr: there is no room.
void* KeepText(SchannelContext& context, TextKind kind, const char* text, bool wide) {
  void*& kept = context.texts[wide][kind];
  if (kept == nullptr) {
    kept = context.arena.TryAllocate((Text::Utf8(text).length() + 1) << (wide ? 1 : 0));
    if (kept != nullptr) CopyText(kept, text, wide);
  }
  return kept;
}

// The subject of the peer's certificate (RFC 4514 in mbed TLS's spelling).
SECURITY_STATUS Names(SchannelContext& context, const AttributeCall& call) {
  const mbedtls_x509_crt* certificate = mbedtls_ssl_get_peer_cert(&context.ssl);
  if (certificate == nullptr) return SEC_E_NO_CREDENTIALS;
  // An attribute has 11 octets of head in DER, so that its name and an escaped value fit four times as many.
  const size_t room = 4 * certificate->subject_raw.len + 1;
  auto* const text = static_cast<char*>(context.arena.TryAllocate(room));
  if (text == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
  SECURITY_STATUS status = SEC_E_CERT_UNKNOWN;
  if (mbedtls_x509_dn_gets(text, room, &certificate->subject) >= 0) {
    void* const kept = KeepText(context, kSubject, text, call.form->wide);
    *static_cast<void**>(call.buffer) = kept;
    status = kept != nullptr ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
  }
  context.arena.Free(text);
  return status;
}

// From when to when the peer's certificate is good.
void Lifespan(const SchannelContext& context, SecPkgContext_Lifespan* lifespan) {
  const mbedtls_x509_crt* certificate = mbedtls_ssl_get_peer_cert(&context.ssl);
  StoreTime(certificate == nullptr ? 0 : TimeOf(certificate->valid_from), &lifespan->tsStart);
  StoreTime(context.peer_not_after == 0 ? kNever : context.peer_not_after, &lifespan->tsExpiry);
}

const char* CipherName(uint32_t suite) {
  return Has(suite, kChaCha20) ? "CHACHA20_POLY1305" : "AES";
}
// Of the records' MAC, or with AEAD of the key schedule.
const char* HashName(uint32_t suite) {
  return Has(suite, kSha384) ? "SHA384" : Has(suite, kSha1) ? "SHA1" : "SHA256";
}
const char* ExchangeName(uint32_t suite) {
  return Has(suite, kDhe) ? "DH" : Has(suite, kRsaKeyExchange) ? "RSA" : "ECDH";
}

SECURITY_STATUS KeyInfo(SchannelContext& context, uint32_t suite, const AttributeCall& call) {
  auto* info = static_cast<SecPkgContext_KeyInfoA*>(call.buffer);
  auto* strings = static_cast<Strings*>(call.buffer);
  info->KeySize = CipherStrength(suite);
  info->SignatureAlgorithm = HashNumber(suite);
  info->EncryptAlgorithm = CipherNumber(suite);
  strings->first = KeepText(context, kHash, HashName(suite), call.form->wide);
  strings->second = KeepText(context, kCipher, CipherName(suite), call.form->wide);
  return strings->first != nullptr && strings->second != nullptr ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

// As Windows' list of suites has it: an AEAD suite has no hash; TLS 1.3 leaves exchange and certificate open.
void CipherInfo(const SchannelContext& context, uint32_t suite, SecPkgContext_CipherInfo* info) {
  const bool tls13 = Has(suite, kTls13Suite);
  Fill(info, 0, sizeof *info);
  info->dwVersion = SECPKGCONTEXT_CIPHERINFO_V1;
  info->dwProtocol = 0x0303 + (tls13 ? 1U : 0U);
  info->dwCipherSuite = info->dwBaseCipherSuite =
      static_cast<DWORD>(mbedtls_ssl_get_ciphersuite_id_from_ssl(&context.ssl));
  // IANA's name: TLS_ECDHE_RSA_WITH_... is mbed TLS's TLS-ECDHE-RSA-WITH-..., and TLS_AES_... is
  // TLS1-3-AES-...
  const char* name = mbedtls_ssl_get_ciphersuite(&context.ssl) + (tls13 ? 3 : 0);
  SEC_WCHAR* to = info->szCipherSuite;
  for (; *name != 0; ++name) *to++ = static_cast<SEC_WCHAR>(*name == '-' ? '_' : *name);
  Copy(info->szCipherSuite, u"TLS", 3 * sizeof(SEC_WCHAR));
  CopyText(info->szCipher, CipherName(suite), true);
  info->dwCipherLen = CipherStrength(suite);
  info->dwCipherBlockLen = BlockSize(suite);
  if (Has(suite, kCbc)) {
    CopyText(info->szHash, HashName(suite), true);
    info->dwHashLen = HashStrength(suite);
  }
  if (tls13) return;
  CopyText(info->szExchange, ExchangeName(suite), true);
  info->dwMaxExchangeLen = 65536;  // Windows' for "any"
  CopyText(info->szCertificate, Has(suite, kEcdsaSign) ? "ECDSA" : "RSA", true);
}

SECURITY_STATUS SupportedSignatures(const SchannelContext& context,
                                    SecPkgContext_SupportedSignatures* answer) {
  size_t count = 0;
  while (context.signatures[count] != 0) ++count;
  *answer = {static_cast<WORD>(count), const_cast<WORD*>(context.signatures)};
  return SEC_E_OK;
}

#endif

}  // namespace

// What mbed TLS adds to a record tells all of its parts: in TLS 1.2, 16 octets for ChaCha20-Poly1305, 24 for
// GCM and CCM, which send 8 octets of nonce in front, and more with CBC, which sends a block there.
size_t HeaderSize(const SchannelContext& context) {
  if (mbedtls_ssl_get_version_number(&context.ssl) == MBEDTLS_SSL_VERSION_TLS1_3) return kRecordHead;
  if (!Has(~0U, kChaCha20 | kCbc)) return kRecordHead + 8;
  const int expansion = mbedtls_ssl_get_record_expansion(&context.ssl) - static_cast<int>(kRecordHead);
  return kRecordHead + (expansion <= 16 ? 0 : expansion <= 24 ? 8 : 16);
}

size_t TrailerSize(const SchannelContext& context) {
  return static_cast<size_t>(mbedtls_ssl_get_record_expansion(&context.ssl)) - HeaderSize(context);
}

// TLS gives all of these, asked or not. The server is who it was meant to be, and a client that has shown a
// certificate is somebody, unless that was left to the application to check.
ULONG AttributesOf(const SchannelContext& context) {
  const ULONG flags =
      ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT | ISC_RET_CONFIDENTIALITY | ISC_RET_CONNECTION;
  const ULONG high = ISC_RET_STREAM | ISC_RET_INTEGRITY;  // ASC_RET_* are the next bits
  const bool manual = (CredentialOf(context).flags & SCH_CRED_MANUAL_CRED_VALIDATION) != 0;
  if (!IsInitiator(context)) {
    return flags | high << 1 | (context.requested & ASC_RET_EXTENDED_ERROR) |
           (context.remote.pbCertEncoded != nullptr && !manual ? ASC_RET_MUTUAL_AUTH : 0);
  }
  return flags | high | (context.requested & (ISC_RET_EXTENDED_ERROR | ISC_RET_USED_SUPPLIED_CREDS)) |
         (manual || (context.requested & ISC_REQ_MANUAL_CRED_VALIDATION) != 0 ? ISC_RET_MANUAL_CRED_VALIDATION
                                                                              : ISC_RET_MUTUAL_AUTH);
}

SECURITY_STATUS QueryContext(Context& base, const AttributeCall& call) {
  auto& context = static_cast<SchannelContext&>(base);
  switch (call.attribute) {
    case SECPKG_ATTR_REMOTE_CERT_CONTEXT:
    case SECPKG_ATTR_REMOTE_CERT_CHAIN:
    case SECPKG_ATTR_LOCAL_CERT_CONTEXT:
    case SECPKG_ATTR_ISSUER_LIST_EX:
      return QueryCertificates(context, call);
    default:
      if (context.phase != Phase::kEstablished) return SEC_E_INVALID_HANDLE;
  }
  const uint32_t suite = SuiteBits(context);
  switch (call.attribute) {
    case SECPKG_ATTR_SIZES:
      *static_cast<SecPkgContext_Sizes*>(call.buffer) = {
          kMaxToken, 0, BlockSize(suite), static_cast<ULONG>(mbedtls_ssl_get_record_expansion(&context.ssl))};
      break;
    case SECPKG_ATTR_STREAM_SIZES:
      *static_cast<SecPkgContext_StreamSizes*>(call.buffer) = {
          static_cast<ULONG>(HeaderSize(context)), static_cast<ULONG>(TrailerSize(context)),
          static_cast<ULONG>(mbedtls_ssl_get_max_out_record_payload(&context.ssl)), 4, BlockSize(suite)};
      break;
    case SECPKG_ATTR_FLAGS:
      static_cast<SecPkgContext_Flags*>(call.buffer)->Flags = AttributesOf(context);
      break;
    case SECPKG_ATTR_PACKAGE_INFO:
      *static_cast<const void**>(call.buffer) = InfoOf(kPackage, *call.form);
      break;
    case SECPKG_ATTR_CONNECTION_INFO:
      *static_cast<SecPkgContext_ConnectionInfo*>(call.buffer) = {
          (Has(suite, kTls13Suite) ? SP_PROT_TLS1_3_SERVER : SP_PROT_TLS1_2_SERVER)
              << (IsInitiator(context) ? 1 : 0),
          CipherNumber(suite),
          CipherStrength(suite),
          HashNumber(suite),
          HashStrength(suite),
          ExchangeNumber(suite),
          0};
      break;
    case SECPKG_ATTR_SESSION_INFO:
      *static_cast<SecPkgContext_SessionInfo*>(call.buffer) = {
          context.hello.resumed() ? SSL_SESSION_RECONNECT : 0, 0, {}};
      break;
    case SECPKG_ATTR_APPLICATION_PROTOCOL:
      ApplicationProtocol(context, static_cast<SecPkgContext_ApplicationProtocol*>(call.buffer));
      break;
#if BARESSPI_SCHANNEL_ALL_QUERIES
    case SECPKG_ATTR_NAMES:
      return Names(context, call);
    case SECPKG_ATTR_LIFESPAN:
      Lifespan(context, static_cast<SecPkgContext_Lifespan*>(call.buffer));
      break;
    case SECPKG_ATTR_KEY_INFO:
      return KeyInfo(context, suite, call);
    case SECPKG_ATTR_CIPHER_INFO:
      CipherInfo(context, suite, static_cast<SecPkgContext_CipherInfo*>(call.buffer));
      break;
    case SECPKG_ATTR_SUPPORTED_SIGNATURES:
      return SupportedSignatures(context, static_cast<SecPkgContext_SupportedSignatures*>(call.buffer));
#endif
    default:
      return QueryBindings(context, call);
  }
  return SEC_E_OK;
}

}  // namespace baresspi::schannel

SECURITY_STATUS BareSspiTlsArenaPeak(PCtxtHandle phContext, ULONG* pcbPeak, ULONG* pcbSize) {
  using namespace baresspi;  // NOLINT(google-build-using-namespace): the C function is this file's last part
  const Context* const found = FindContext(phContext);
  if (found == nullptr || &PackageOf(*found) != &schannel::kPackage) return SEC_E_INVALID_HANDLE;
  const auto& context = *static_cast<const schannel::SchannelContext*>(found);
  *pcbPeak = static_cast<ULONG>(context.arena.peak());
  *pcbSize = static_cast<ULONG>(schannel::ArenaMemory(context).size());
  return SEC_E_OK;
}

#endif
