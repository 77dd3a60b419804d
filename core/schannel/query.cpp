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

// The interface's A and W structures differ in what their strings are alone, and have no const: both are filled
// through this.
struct Strings {
  void* first;
  void* second;  // of KEY_INFO
};
static_assert(sizeof(SecPkgContext_NamesA) == sizeof(void*) && sizeof(SecPkgContext_NamesW) == sizeof(void*));
static_assert(offsetof(SecPkgContext_KeyInfoA, KeySize) == sizeof(Strings));

enum TextKind : uint8_t { kSubject, kHash, kCipher };

constexpr size_t kRecordHead = 5;

// As mbed TLS gives and as Windows names them, ASCII alone.
template <typename T>
void Widen(T* to, const char* text) {
  do {
    *to++ = static_cast<T>(static_cast<unsigned char>(*text));
  } while (*text++ != 0);
}

// A string in the form that is asked for, kept in the context's arena.
SECURITY_STATUS KeepText(SchannelContext& context, TextKind kind, const char* text, bool wide, void** answer) {
  void*& kept = context.texts[wide][kind];
  if (kept == nullptr) {
    const size_t size = Text::Utf8(text).length() + 1;
    kept = context.arena.TryAllocate(wide ? size * sizeof(char16_t) : size);
    if (kept == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
    if (wide) {
      Widen(static_cast<char16_t*>(kept), text);
    } else {
      Copy(kept, text, size);
    }
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

ULONG CipherBits(uint32_t suite) {
  return (suite & kAes128) != 0 ? 128 : 256;
}
ALG_ID CipherId(uint32_t suite) {
  if ((suite & kChaCha20) != 0) return 0;  // Windows has no number for it
  return (suite & kAes128) != 0 ? CALG_AES_128 : CALG_AES_256;
}
ULONG BlockSize(uint32_t suite) {
  return (suite & kChaCha20) != 0 ? 0 : 16;
}
const char* CipherName(uint32_t suite) {
  return (suite & kChaCha20) != 0 ? "CHACHA20_POLY1305" : "AES";
}

// The digest of a suite: of its records' MAC, or with AEAD of its key schedule.
struct Digest {
  char name[8];
  ALG_ID id;
  ULONG bits;
};
constexpr Digest kDigests[] = {
    {"SHA1", CALG_SHA1, 160}, {"SHA256", CALG_SHA_256, 256}, {"SHA384", CALG_SHA_384, 384}};

const Digest& DigestOf(uint32_t suite) {
  return kDigests[(suite & kSha384) != 0 ? 2 : (suite & kSha256) != 0 ? 1 : 0];
}
// AEAD suites have no MAC.
ULONG MacBits(uint32_t suite) {
  return (suite & kCbc) != 0 ? DigestOf(suite).bits : 0;
}

SECURITY_STATUS KeyInfo(SchannelContext& context, const AttributeCall& call) {
  const uint32_t suite = SuiteBits(context);
  auto* info = static_cast<SecPkgContext_KeyInfoA*>(call.buffer);
  auto* strings = static_cast<Strings*>(call.buffer);
  const Digest& digest = DigestOf(suite);
  info->KeySize = CipherBits(suite);
  info->SignatureAlgorithm = digest.id;
  info->EncryptAlgorithm = CipherId(suite);
  const SECURITY_STATUS status = KeepText(context, kHash, digest.name, call.form->wide, &strings->first);
  return status != SEC_E_OK ? status
                            : KeepText(context, kCipher, CipherName(suite), call.form->wide, &strings->second);
}

void ConnectionInfo(const SchannelContext& context, SecPkgContext_ConnectionInfo* info) {
  const uint32_t suite = SuiteBits(context);
  const ULONG server = (suite & kTls13Suite) != 0 ? SP_PROT_TLS1_3_SERVER : SP_PROT_TLS1_2_SERVER;
  info->dwProtocol = IsInitiator(context) ? server << 1 : server;
  info->aiCipher = CipherId(suite);
  info->dwCipherStrength = CipherBits(suite);
  info->aiHash = DigestOf(suite).id;
  info->dwHashStrength = MacBits(suite);
  info->aiExch = (suite & kEcdhe) != 0 ? CALG_ECDH_EPHEM : (suite & kDhe) != 0 ? CALG_DH_EPHEM : CALG_RSA_KEYX;
  info->dwExchStrength = 0;
}

// As Windows' list of suites has it: an AEAD suite has no hash; TLS 1.3 leaves exchange and certificate open.
void CipherInfo(const SchannelContext& context, SecPkgContext_CipherInfo* info) {
  const uint32_t suite = SuiteBits(context);
  *info = {};
  info->dwVersion = SECPKGCONTEXT_CIPHERINFO_V1;
  info->dwProtocol = static_cast<DWORD>(mbedtls_ssl_get_version_number(&context.ssl));
  info->dwCipherSuite = info->dwBaseCipherSuite =
      static_cast<DWORD>(mbedtls_ssl_get_ciphersuite_id_from_ssl(&context.ssl));
  // IANA's name with underscores: TLS1-3-AES-... is TLS_AES_...
  const char* name = mbedtls_ssl_get_ciphersuite(&context.ssl);
  SEC_WCHAR* to = info->szCipherSuite;
  for (size_t i = 0; name[i] != 0 && to + 1 != info->szCipherSuite + SZ_ALG_MAX_SIZE; ++i) {
    if (i == 3 && (suite & kTls13Suite) != 0) i = sizeof("TLS1-3") - 1;
    *to++ = name[i] == '-' ? u'_' : static_cast<unsigned char>(name[i]);
  }
  Widen(info->szCipher, CipherName(suite));
  info->dwCipherLen = CipherBits(suite);
  info->dwCipherBlockLen = BlockSize(suite);
  if ((suite & kCbc) != 0) Widen(info->szHash, DigestOf(suite).name);
  info->dwHashLen = MacBits(suite);
  if ((suite & kTls13Suite) != 0) return;
  Widen(info->szExchange, (suite & kEcdhe) != 0 ? "ECDH" : (suite & kDhe) != 0 ? "DH" : "RSA");
  info->dwMaxExchangeLen = 65536;  // Windows' for "any"
  Widen(info->szCertificate, (suite & kEcdsaSign) != 0 ? "ECDSA" : "RSA");
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

SECURITY_STATUS SupportedSignatures(const SchannelContext& context, SecPkgContext_SupportedSignatures* answer) {
  uint16_t count = 0;
  while (context.signatures[count] != 0) ++count;
  *answer = {count, const_cast<WORD*>(context.signatures)};
  return SEC_E_OK;
}

}  // namespace

// What mbed TLS adds to a record tells all of its parts: in TLS 1.2, 16 octets for ChaCha20-Poly1305, 24 for GCM
// and CCM, which send 8 octets of nonce in front, and more with CBC, which sends a block there.
size_t HeaderSize(const SchannelContext& context) {
  if (mbedtls_ssl_get_version_number(&context.ssl) == MBEDTLS_SSL_VERSION_TLS1_3) return kRecordHead;
  const int expansion = mbedtls_ssl_get_record_expansion(&context.ssl) - static_cast<int>(kRecordHead);
  return kRecordHead + (expansion <= 16 ? 0 : expansion <= 24 ? 8 : 16);
}

size_t TrailerSize(const SchannelContext& context) {
  return static_cast<size_t>(mbedtls_ssl_get_record_expansion(&context.ssl)) - HeaderSize(context);
}

// TLS gives all of these, asked or not. The server is who it was meant to be unless nobody checked that; a client
// is somebody when it has shown a certificate.
ULONG AttributesOf(const SchannelContext& context) {
  const bool client = IsInitiator(context);
  const ULONG flags = ISC_RET_REPLAY_DETECT | ISC_RET_SEQUENCE_DETECT | ISC_RET_CONFIDENTIALITY | ISC_RET_CONNECTION;
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
  switch (call.attribute) {
    case SECPKG_ATTR_SIZES:
      *static_cast<SecPkgContext_Sizes*>(call.buffer) = {kMaxToken, 0, BlockSize(SuiteBits(context)),
                                                         header + trailer};
      break;
    case SECPKG_ATTR_STREAM_SIZES:
      *static_cast<SecPkgContext_StreamSizes*>(call.buffer) = {
          header, trailer, static_cast<ULONG>(mbedtls_ssl_get_max_out_record_payload(&context.ssl)), 4,
          BlockSize(SuiteBits(context))};
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
      return KeyInfo(context, call);
    case SECPKG_ATTR_CONNECTION_INFO:
      ConnectionInfo(context, static_cast<SecPkgContext_ConnectionInfo*>(call.buffer));
      break;
    case SECPKG_ATTR_CIPHER_INFO:
      CipherInfo(context, static_cast<SecPkgContext_CipherInfo*>(call.buffer));
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
