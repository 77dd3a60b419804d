// SPDX-License-Identifier: Apache-2.0
// QueryContextAttributes for TLS: sizes, flags, names and what was agreed.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/base/memory.h"
#include "core/schannel/algorithms.h"
#include "core/schannel/package.h"
#include "core/sspi/time.h"

namespace baresspi::schannel {
namespace {

// The interface's A and W structures differ in what their strings are alone, and have no const: both are
// filled through this.
struct Strings {
  void* first;
  void* second;  // of KEY_INFO
};
static_assert(sizeof(SecPkgContext_NamesA) == sizeof(void*) && sizeof(SecPkgContext_NamesW) == sizeof(void*));
static_assert(offsetof(SecPkgContext_KeyInfoA, KeySize) == sizeof(Strings));

enum TextKind : uint8_t { kSubject, kHash, kCipher };

constexpr size_t kRecordHead = 5;

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

// A string in the form that is asked for, kept in the context's arena.
SECURITY_STATUS KeepText(SchannelContext& context, TextKind kind, const char* text, bool wide,
                         void** answer) {
  void*& kept = context.texts[wide][kind];
  if (kept == nullptr) {
    kept = context.arena.TryAllocate((Text::Utf8(text).length() + 1) << (wide ? 1 : 0));
    if (kept == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
    CopyText(kept, text, wide);
  }
  *answer = kept;
  return SEC_E_OK;
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
    status = KeepText(context, kSubject, text, call.form->wide, static_cast<void**>(call.buffer));
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

// A cipher suite as it is told: Windows' names and numbers.
struct Description {
  const char* cipher = "AES";
  ULONG cipher_bits = 128;
  ALG_ID cipher_id = CALG_AES_128;
  ULONG block = 16;
  const char* hash = "SHA256";  // of the records' MAC, or with AEAD of the key schedule
  ULONG mac_bits = 0;           // AEAD has none
  ALG_ID hash_id = CALG_SHA_256;
  const char* exchange = "ECDH";
  ALG_ID exchange_id = CALG_ECDH_EPHEM;
  bool tls13;
  bool ecdsa;

  explicit Description(uint32_t suite) : tls13(Has(suite, kTls13Suite)), ecdsa(Has(suite, kEcdsaSign)) {
    if (!Has(suite, kAes128)) {
      cipher_bits = 256;
      cipher_id = CALG_AES_256;
    }
    if (Has(suite, kChaCha20)) {
      cipher = "CHACHA20_POLY1305";
      cipher_id = 0;  // Windows has no number for it
      block = 0;
    }
    ULONG bits = 256;
    if (Has(suite, kSha384)) {
      hash = "SHA384";
      hash_id = CALG_SHA_384;
      bits = 384;
    } else if (Has(suite, kSha1)) {
      hash = "SHA1";
      hash_id = CALG_SHA1;
      bits = 160;
    }
    if (Has(suite, kCbc)) mac_bits = bits;
    if (Has(suite, kDhe)) {
      exchange = "DH";
      exchange_id = CALG_DH_EPHEM;
    } else if (Has(suite, kRsaKeyExchange)) {
      exchange = "RSA";
      exchange_id = CALG_RSA_KEYX;
    }
  }
};

SECURITY_STATUS KeyInfo(SchannelContext& context, const Description& suite, const AttributeCall& call) {
  auto* info = static_cast<SecPkgContext_KeyInfoA*>(call.buffer);
  auto* strings = static_cast<Strings*>(call.buffer);
  info->KeySize = suite.cipher_bits;
  info->SignatureAlgorithm = suite.hash_id;
  info->EncryptAlgorithm = suite.cipher_id;
  const SECURITY_STATUS status = KeepText(context, kHash, suite.hash, call.form->wide, &strings->first);
  return status != SEC_E_OK ? status
                            : KeepText(context, kCipher, suite.cipher, call.form->wide, &strings->second);
}

void ConnectionInfo(const SchannelContext& context, const Description& suite,
                    SecPkgContext_ConnectionInfo* info) {
  const ULONG server = suite.tls13 ? SP_PROT_TLS1_3_SERVER : SP_PROT_TLS1_2_SERVER;
  *info = {IsInitiator(context) ? server << 1 : server,
           suite.cipher_id,
           suite.cipher_bits,
           suite.hash_id,
           suite.mac_bits,
           suite.exchange_id,
           0};
}

// As Windows' list of suites has it: an AEAD suite has no hash; TLS 1.3 leaves exchange and certificate open.
void CipherInfo(const SchannelContext& context, const Description& suite, SecPkgContext_CipherInfo* info) {
  Fill(info, 0, sizeof *info);
  info->dwVersion = SECPKGCONTEXT_CIPHERINFO_V1;
  info->dwProtocol = suite.tls13 ? 0x0304 : 0x0303;
  info->dwCipherSuite = info->dwBaseCipherSuite =
      static_cast<DWORD>(mbedtls_ssl_get_ciphersuite_id_from_ssl(&context.ssl));
  // IANA's name: TLS_ECDHE_RSA_WITH_... is mbed TLS's TLS-ECDHE-RSA-WITH-..., and TLS_AES_... is
  // TLS1-3-AES-...
  const char* name = mbedtls_ssl_get_ciphersuite(&context.ssl) + (suite.tls13 ? 3 : 0);
  CopyText(info->szCipherSuite, name, true);
  Copy(info->szCipherSuite, u"TLS", 3 * sizeof(SEC_WCHAR));
  for (SEC_WCHAR& unit : info->szCipherSuite) {
    if (unit == '-') unit = '_';
  }
  CopyText(info->szCipher, suite.cipher, true);
  info->dwCipherLen = suite.cipher_bits;
  info->dwCipherBlockLen = suite.block;
  if (suite.mac_bits != 0) CopyText(info->szHash, suite.hash, true);
  info->dwHashLen = suite.mac_bits;
  if (suite.tls13) return;
  CopyText(info->szExchange, suite.exchange, true);
  info->dwMaxExchangeLen = 65536;  // Windows' for "any"
  CopyText(info->szCertificate, suite.ecdsa ? "ECDSA" : "RSA", true);
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

SECURITY_STATUS SupportedSignatures(const SchannelContext& context,
                                    SecPkgContext_SupportedSignatures* answer) {
  uint16_t count = 0;
  while (context.signatures[count] != 0) ++count;
  *answer = {count, const_cast<WORD*>(context.signatures)};
  return SEC_E_OK;
}

}  // namespace

// What mbed TLS adds to a record tells all of its parts: in TLS 1.2, 16 octets for ChaCha20-Poly1305, 24 for
// GCM and CCM, which send 8 octets of nonce in front, and more with CBC, which sends a block there.
size_t HeaderSize(const SchannelContext& context) {
  if (mbedtls_ssl_get_version_number(&context.ssl) == MBEDTLS_SSL_VERSION_TLS1_3) return kRecordHead;
  const int expansion = mbedtls_ssl_get_record_expansion(&context.ssl) - static_cast<int>(kRecordHead);
  return kRecordHead + (expansion <= 16 ? 0 : expansion <= 24 ? 8 : 16);
}

size_t TrailerSize(const SchannelContext& context) {
  return static_cast<size_t>(mbedtls_ssl_get_record_expansion(&context.ssl)) - HeaderSize(context);
}

// TLS gives all of these, asked or not. The server is who it was meant to be unless nobody checked that; a
// client is somebody when it has shown a certificate.
ULONG AttributesOf(const SchannelContext& context) {
  const bool client = IsInitiator(context);
  const ULONG flags =
      ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT | ISC_RET_CONFIDENTIALITY | ISC_RET_CONNECTION;
  ULONG high = ISC_RET_STREAM | ISC_RET_INTEGRITY;  // ASC_RET_* are the next bits
  if (!client) {
    high |= (context.requested >> 1) & ISC_RET_EXTENDED_ERROR;
    return flags | high << 1 | (context.remote.pbCertEncoded != nullptr ? ASC_RET_MUTUAL_AUTH : 0);
  }
  const ULONG manual = (CredentialOf(context).flags & SCH_CRED_MANUAL_CRED_VALIDATION) != 0
                           ? ISC_RET_MANUAL_CRED_VALIDATION
                           : context.requested & ISC_RET_MANUAL_CRED_VALIDATION;
  high |= manual != 0 ? manual : ISC_RET_MUTUAL_AUTH;
  return flags | high | (context.requested & (ISC_RET_EXTENDED_ERROR | ISC_RET_USED_SUPPLIED_CREDS));
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
  const auto header = static_cast<ULONG>(HeaderSize(context));
  const auto trailer = static_cast<ULONG>(TrailerSize(context));
  const Description suite(SuiteBits(context));
  switch (call.attribute) {
    case SECPKG_ATTR_SIZES:
      *static_cast<SecPkgContext_Sizes*>(call.buffer) = {kMaxToken, 0, suite.block, header + trailer};
      break;
    case SECPKG_ATTR_STREAM_SIZES:
      *static_cast<SecPkgContext_StreamSizes*>(call.buffer) = {
          header, trailer, static_cast<ULONG>(mbedtls_ssl_get_max_out_record_payload(&context.ssl)), 4,
          suite.block};
      break;
    case SECPKG_ATTR_NAMES:
      return Names(context, call);
    case SECPKG_ATTR_LIFESPAN:
      Lifespan(context, static_cast<SecPkgContext_Lifespan*>(call.buffer));
      break;
    case SECPKG_ATTR_FLAGS:
      static_cast<SecPkgContext_Flags*>(call.buffer)->Flags = AttributesOf(context);
      break;
    case SECPKG_ATTR_PACKAGE_INFO:
      *static_cast<const void**>(call.buffer) = InfoOf(kPackage, *call.form);
      break;
    case SECPKG_ATTR_KEY_INFO:
      return KeyInfo(context, suite, call);
    case SECPKG_ATTR_CONNECTION_INFO:
      ConnectionInfo(context, suite, static_cast<SecPkgContext_ConnectionInfo*>(call.buffer));
      break;
    case SECPKG_ATTR_CIPHER_INFO:
      CipherInfo(context, suite, static_cast<SecPkgContext_CipherInfo*>(call.buffer));
      break;
    case SECPKG_ATTR_SESSION_INFO:
      *static_cast<SecPkgContext_SessionInfo*>(call.buffer) = {
          context.hello.resumed() ? SSL_SESSION_RECONNECT : 0, 0, {}};
      break;
    case SECPKG_ATTR_APPLICATION_PROTOCOL:
      ApplicationProtocol(context, static_cast<SecPkgContext_ApplicationProtocol*>(call.buffer));
      break;
    case SECPKG_ATTR_SUPPORTED_SIGNATURES:
      return SupportedSignatures(context, static_cast<SecPkgContext_SupportedSignatures*>(call.buffer));
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
