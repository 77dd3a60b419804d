// SPDX-License-Identifier: Apache-2.0
// What ties other protocols to a TLS connection: channel bindings (RFC 5929, RFC 9266), and keys for the
// application (RFC 5705, RFC 8446 7.5).
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/base/memory.h"
#include "core/schannel/certificates.h"

namespace baresspi::schannel {
namespace {

constexpr char kEndpoint[] = "tls-server-end-point:";
constexpr char kExporter[] = "tls-exporter:";
[[maybe_unused]] constexpr char kUnique[] = "tls-unique:";
constexpr char kLabel[] = "EXPORTER-Channel-Binding";
constexpr size_t kExporterSize = 32;                    // RFC 9266 4.2
[[maybe_unused]] constexpr ULONG kMostExported = 8160;  // what any digest of TLS 1.3 gives (RFC 8446 7.1)

}  // namespace

#if BARESSPI_SCHANNEL_ALL_QUERIES
// What SetContextAttributes said, in one block of the arena with what is to be exported, the label and the
// context value.
struct Exporter : SecPkgContext_KeyingMaterialInfo {
  uint8_t* octets() { return reinterpret_cast<uint8_t*>(this + 1); }
};
#endif

namespace {

SECURITY_STATUS Export([[maybe_unused]] SchannelContext& context,
                       [[maybe_unused]] const SecPkgContext_KeyingMaterialInfo& what,
                       [[maybe_unused]] uint8_t* out) {
#if defined(MBEDTLS_SSL_KEYING_MATERIAL_EXPORT)
  const TlsScope scope(context);
  const int error = mbedtls_ssl_export_keying_material(&context.ssl, out, what.cbKeyingMaterial,
                                                       what.pszLabel, what.cbLabel, what.pbContextValue,
                                                       what.cbContextValue, what.pbContextValue != nullptr);
  return error == 0 ? SEC_E_OK : SEC_E_INTERNAL_ERROR;
#else
  return SEC_E_UNSUPPORTED_FUNCTION;
#endif
}

#if BARESSPI_SCHANNEL_ALL_QUERIES
SECURITY_STATUS KeyingMaterial(SchannelContext& context, SecPkgContext_KeyingMaterial* answer) {
  Exporter* const exporter = context.exporter;
  if (exporter == nullptr) return SEC_E_UNSUPPORTED_FUNCTION;
  *answer = {exporter->cbKeyingMaterial, exporter->octets()};
  return Export(context, *exporter, exporter->octets());
}

SECURITY_STATUS SetExporter(SchannelContext& context, const SecPkgContext_KeyingMaterialInfo& info) {
  const ULONG size = info.cbKeyingMaterial;
  size_t label_size = info.pszLabel == nullptr ? 0 : info.cbLabel;
  const size_t value_size = info.pbContextValue == nullptr ? 0 : info.cbContextValue;
  if (label_size != 0 && info.pszLabel[label_size - 1] == 0) --label_size;
  if (label_size == 0 || size - 1 >= kMostExported) return SEC_E_INVALID_TOKEN;
  // What was said and given before goes.
  Exporter*& exporter = context.exporter;
  if (exporter != nullptr) {
    Wipe(exporter->octets(), exporter->cbKeyingMaterial);
    context.arena.Free(exporter);
  }
  exporter =
      static_cast<Exporter*>(context.arena.TryAllocate(sizeof(Exporter) + size + label_size + value_size));
  if (exporter == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
  uint8_t* const label = exporter->octets() + size;
  exporter->cbKeyingMaterial = size;
  exporter->cbLabel = static_cast<WORD>(label_size);
  exporter->pszLabel = reinterpret_cast<char*>(label);
  exporter->cbContextValue = static_cast<WORD>(value_size);
  exporter->pbContextValue = info.pbContextValue == nullptr ? nullptr : label + label_size;
  Copy(label, info.pszLabel, label_size);
  Copy(label + label_size, info.pbContextValue, value_size);
  return SEC_E_OK;
}
#endif

// What SEC_CHANNEL_BINDINGS have behind them: a prefix, and up to 64 octets.
struct Binding : SEC_CHANNEL_BINDINGS {
  uint8_t data[sizeof(kEndpoint) - 1 + 64];
};

// tls-server-end-point (RFC 5929 4): a hash of the server's certificate.
size_t Endpoint(SchannelContext& context, uint8_t (&out)[64]) {
#if BARESSPI_SCHANNEL_SERVER
  if (!IsInitiator(context)) {
    const uint8_t index = OwnCertificate(context);
    if (index == UINT8_MAX) return 0;
    const TlsScope scope(context);
    return EndpointHash(context.own_chains[index], out);
  }
#endif
  Copy(out, context.endpoint_hash, sizeof out);
  return context.endpoint_hash_size;
}

// tls-exporter (RFC 9266).
size_t FromExporter(SchannelContext& context, uint8_t (&out)[64]) {
  static constexpr BYTE kEmptyValue[1] = {};  // which is not the same as none
  static constexpr SecPkgContext_KeyingMaterialInfo kChannelBinding = {
      sizeof kLabel - 1, const_cast<char*>(kLabel), 0, const_cast<BYTE*>(kEmptyValue), kExporterSize};
  return Export(context, kChannelBinding, out) == SEC_E_OK ? kExporterSize : 0;
}

#if BARESSPI_SCHANNEL_TLS_UNIQUE
size_t Unique(SchannelContext& context, uint8_t (&out)[64]) {
  const uint8_t* const verify_data = context.transcript.verify_data();
  if (verify_data == nullptr) return 0;
  Copy(out, verify_data, Transcript::kSize);
  return Transcript::kSize;
}
#endif

SECURITY_STATUS Bindings(SchannelContext& context, bool unique, SecPkgContext_Bindings* answer) {
  const char* prefix = kEndpoint;
  size_t size = sizeof kEndpoint - 1;
  size_t (*octets)(SchannelContext&, uint8_t(&)[64]) = Endpoint;
  if (unique) {
    // In TLS 1.2 tls-exporter would need an extended master secret (RFC 9266 4.2), which mbed TLS does not
    // tell of; tls-unique is for it, as an option (RFC 5929 3).
    prefix = kExporter;
    size = sizeof kExporter - 1;
    octets = FromExporter;
    if (mbedtls_ssl_get_version_number(&context.ssl) != MBEDTLS_SSL_VERSION_TLS1_3) {
#if BARESSPI_SCHANNEL_TLS_UNIQUE
      prefix = kUnique;
      size = sizeof kUnique - 1;
      octets = Unique;
#else
      return SEC_E_UNSUPPORTED_FUNCTION;
#endif
    }
  }
  SEC_CHANNEL_BINDINGS*& kept = context.bindings[unique];
  if (kept == nullptr) kept = static_cast<SEC_CHANNEL_BINDINGS*>(context.arena.TryAllocate(sizeof(Binding)));
  if (kept == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
  auto& binding = *static_cast<Binding*>(kept);
  Copy(binding.data, prefix, size);
  const size_t more = octets(context, *reinterpret_cast<uint8_t(*)[64]>(binding.data + size));
  if (more == 0) return SEC_E_UNSUPPORTED_FUNCTION;
  binding.cbApplicationDataLength = static_cast<ULONG>(size + more);
  binding.dwApplicationDataOffset = sizeof(SEC_CHANNEL_BINDINGS);
  *answer = {static_cast<ULONG>(sizeof *kept + size + more), kept};
  return SEC_E_OK;
}

}  // namespace

SECURITY_STATUS QueryBindings(SchannelContext& context, const AttributeCall& call) {
  switch (call.attribute) {
    case SECPKG_ATTR_ENDPOINT_BINDINGS:
    case SECPKG_ATTR_UNIQUE_BINDINGS:
      return Bindings(context, call.attribute == SECPKG_ATTR_UNIQUE_BINDINGS,
                      static_cast<SecPkgContext_Bindings*>(call.buffer));
#if BARESSPI_SCHANNEL_ALL_QUERIES
    case SECPKG_ATTR_KEYING_MATERIAL:
      return KeyingMaterial(context, static_cast<SecPkgContext_KeyingMaterial*>(call.buffer));
#endif
    default:
      return SEC_E_UNSUPPORTED_FUNCTION;
  }
}

#if BARESSPI_SCHANNEL_ALL_QUERIES
SECURITY_STATUS SetContext(Context& base, const AttributeCall& call) {
  if (call.attribute != SECPKG_ATTR_KEYING_MATERIAL_INFO) return SEC_E_UNSUPPORTED_FUNCTION;
  if (call.size < sizeof(SecPkgContext_KeyingMaterialInfo)) return SEC_E_BUFFER_TOO_SMALL;
  return SetExporter(static_cast<SchannelContext&>(base),
                     *static_cast<const SecPkgContext_KeyingMaterialInfo*>(call.buffer));
}
#else
SECURITY_STATUS SetContext(Context&, const AttributeCall&) {
  return SEC_E_UNSUPPORTED_FUNCTION;
}
#endif

}  // namespace baresspi::schannel

#endif
