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
constexpr size_t kExporterSize = 32;   // RFC 9266 4.2
constexpr ULONG kMostExported = 8160;  // what any digest of TLS 1.3 gives (RFC 8446 7.1)

}  // namespace

// What SetContextAttributes said, in one block of the arena with what is to be exported, the label and the
// context value.
struct Exporter {
  ULONG size;
  uint16_t label_size;
  uint16_t value_size;
  bool has_value;

  uint8_t* octets() { return reinterpret_cast<uint8_t*>(this + 1); }
};

namespace {

SECURITY_STATUS Export([[maybe_unused]] SchannelContext& context, [[maybe_unused]] const Exporter& exporter,
                       [[maybe_unused]] const void* label, [[maybe_unused]] uint8_t* out) {
#if defined(MBEDTLS_SSL_KEYING_MATERIAL_EXPORT)
  const TlsScope scope(context);
  const auto* const text = static_cast<const char*>(label);
  const int error = mbedtls_ssl_export_keying_material(
      &context.ssl, out, exporter.size, text, exporter.label_size,
      static_cast<const uint8_t*>(label) + exporter.label_size, exporter.value_size, exporter.has_value);
  return error == 0 ? SEC_E_OK : SEC_E_INTERNAL_ERROR;
#else
  return SEC_E_UNSUPPORTED_FUNCTION;
#endif
}

SECURITY_STATUS KeyingMaterial(SchannelContext& context, SecPkgContext_KeyingMaterial* answer) {
  Exporter* const exporter = context.exporter;
  if (exporter == nullptr) return SEC_E_UNSUPPORTED_FUNCTION;
  *answer = {exporter->size, exporter->octets()};
  return Export(context, *exporter, exporter->octets() + exporter->size, exporter->octets());
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
    Wipe(exporter->octets(), exporter->size);
    context.arena.Free(exporter);
  }
  exporter =
      static_cast<Exporter*>(context.arena.TryAllocate(sizeof(Exporter) + size + label_size + value_size));
  if (exporter == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
  *exporter = {size, static_cast<uint16_t>(label_size), static_cast<uint16_t>(value_size),
               info.pbContextValue != nullptr};
  uint8_t* const label = exporter->octets() + size;
  Copy(label, info.pszLabel, label_size);
  Copy(label + label_size, info.pbContextValue, value_size);
  return SEC_E_OK;
}

// What SEC_CHANNEL_BINDINGS have behind them: a prefix, and up to 64 octets.
struct Binding {
  SEC_CHANNEL_BINDINGS head;
  uint8_t data[sizeof(kEndpoint) - 1 + 64];

  // The prefix, and where the octets go.
  uint8_t* Begin(const char* prefix, size_t size) {
    head.cbApplicationDataLength = static_cast<ULONG>(size);
    Copy(data, prefix, size);
    return data + size;
  }
};

// tls-server-end-point (RFC 5929 4): a hash of the server's certificate.
size_t Endpoint(SchannelContext& context, Binding& binding) {
  uint8_t* const octets = binding.Begin(kEndpoint, sizeof kEndpoint - 1);
#if BARESSPI_SCHANNEL_SERVER
  if (!IsInitiator(context)) {
    const uint8_t index = OwnCertificate(context);
    if (index == UINT8_MAX) return 0;
    const TlsScope scope(context);
    return EndpointHash(context.own_chains[index], *reinterpret_cast<uint8_t(*)[64]>(octets));
  }
#endif
  Copy(octets, context.endpoint_hash, sizeof context.endpoint_hash);
  return context.endpoint_hash_size;
}

// tls-exporter with TLS 1.3: in TLS 1.2 it would need an extended master secret (RFC 9266 4.2), which mbed
// TLS does not tell of; tls-unique is for it, as an option (RFC 5929 3). 0: there is none.
size_t Unique(SchannelContext& context, Binding& binding) {
  if (mbedtls_ssl_get_version_number(&context.ssl) == MBEDTLS_SSL_VERSION_TLS1_3) {
    uint8_t* const out = binding.Begin(kExporter, sizeof kExporter - 1);
    static constexpr Exporter kChannelBinding = {kExporterSize, sizeof kLabel - 1, 0, true};
    return Export(context, kChannelBinding, kLabel, out) == SEC_E_OK ? kExporterSize : 0;
  }
#if BARESSPI_SCHANNEL_TLS_UNIQUE
  const uint8_t* const verify_data = context.transcript.verify_data();
  if (verify_data != nullptr) {
    Copy(binding.Begin(kUnique, sizeof kUnique - 1), verify_data, Transcript::kSize);
    return Transcript::kSize;
  }
#endif
  return 0;
}

SECURITY_STATUS Bindings(SchannelContext& context, bool unique, SecPkgContext_Bindings* answer) {
  SEC_CHANNEL_BINDINGS*& kept = context.bindings[unique];
  if (kept == nullptr) kept = static_cast<SEC_CHANNEL_BINDINGS*>(context.arena.TryAllocate(sizeof(Binding)));
  if (kept == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
  auto& binding = *reinterpret_cast<Binding*>(kept);
  const size_t size = (unique ? Unique : Endpoint)(context, binding);
  if (size == 0) return SEC_E_UNSUPPORTED_FUNCTION;
  kept->cbApplicationDataLength += static_cast<ULONG>(size);
  kept->dwApplicationDataOffset = sizeof(SEC_CHANNEL_BINDINGS);
  *answer = {static_cast<ULONG>(sizeof *kept) + kept->cbApplicationDataLength, kept};
  return SEC_E_OK;
}

}  // namespace

SECURITY_STATUS QueryBindings(SchannelContext& context, const AttributeCall& call) {
  switch (call.attribute) {
    case SECPKG_ATTR_ENDPOINT_BINDINGS:
    case SECPKG_ATTR_UNIQUE_BINDINGS:
      return Bindings(context, call.attribute == SECPKG_ATTR_UNIQUE_BINDINGS,
                      static_cast<SecPkgContext_Bindings*>(call.buffer));
    case SECPKG_ATTR_KEYING_MATERIAL:
      return KeyingMaterial(context, static_cast<SecPkgContext_KeyingMaterial*>(call.buffer));
    default:
      return SEC_E_UNSUPPORTED_FUNCTION;
  }
}

SECURITY_STATUS SetContext(Context& base, const AttributeCall& call) {
  if (call.attribute != SECPKG_ATTR_KEYING_MATERIAL_INFO) return SEC_E_UNSUPPORTED_FUNCTION;
  if (call.size < sizeof(SecPkgContext_KeyingMaterialInfo)) return SEC_E_BUFFER_TOO_SMALL;
  return SetExporter(static_cast<SchannelContext&>(base),
                     *static_cast<const SecPkgContext_KeyingMaterialInfo*>(call.buffer));
}

}  // namespace baresspi::schannel

#endif
