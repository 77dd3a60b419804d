// SPDX-License-Identifier: Apache-2.0
// What ties other protocols to a TLS connection: channel bindings (RFC 5929, RFC 9266), and keys for the application
// (RFC 5705, RFC 8446 7.5).
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/base/memory.h"
#include "core/schannel/certificates.h"

namespace baresspi::schannel {

// What SetContextAttributes said: in one block of the arena, behind it label and context value.
struct Exporter {
  ULONG size;  // octets wanted
  uint16_t label_size;
  uint16_t context_size;
  bool has_context;

  uint8_t* label() { return reinterpret_cast<uint8_t*>(this + 1); }
};

namespace {

constexpr size_t kExporterBinding = 32;  // RFC 9266 4.2

[[maybe_unused]] SECURITY_STATUS Export([[maybe_unused]] SchannelContext& context, [[maybe_unused]] MutableBytes out,
                                        [[maybe_unused]] Bytes label, [[maybe_unused]] Bytes value,
                                        [[maybe_unused]] bool has_value) {
#if defined(MBEDTLS_SSL_KEYING_MATERIAL_EXPORT)
  const TlsScope scope(context);
  const int error =
      mbedtls_ssl_export_keying_material(&context.ssl, out.data(), out.size(), reinterpret_cast<const char*>(label.data()),
                                         label.size(), value.data(), value.size(), has_value);
  return error == 0 && !context.arena.exhausted() ? SEC_E_OK : SEC_E_INTERNAL_ERROR;
#else
  return SEC_E_UNSUPPORTED_FUNCTION;
#endif
}

SECURITY_STATUS KeyingMaterial(SchannelContext& context, SecPkgContext_KeyingMaterial* answer) {
  Exporter* const exporter = context.exporter;
  if (exporter == nullptr) return SEC_E_UNSUPPORTED_FUNCTION;
  if (context.exported == nullptr) {
    auto* const octets = static_cast<uint8_t*>(context.arena.TryAllocate(exporter->size));
    if (octets == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
    const uint8_t* const label = exporter->label();
    const SECURITY_STATUS status =
        Export(context, {octets, exporter->size}, {label, exporter->label_size},
               {label + exporter->label_size, exporter->context_size}, exporter->has_context);
    if (status != SEC_E_OK) {
      context.arena.Free(octets);
      return status;
    }
    context.exported = octets;
  }
  *answer = {exporter->size, context.exported};
  return SEC_E_OK;
}

SECURITY_STATUS SetExporter(SchannelContext& context, const SecPkgContext_KeyingMaterialInfo& info) {
  size_t label_size = info.pszLabel == nullptr ? 0 : info.cbLabel;
  if (label_size != 0 && info.pszLabel[label_size - 1] == 0) --label_size;  // its terminator
  const size_t context_size = info.pbContextValue == nullptr ? 0 : info.cbContextValue;
  if (label_size == 0 || info.cbKeyingMaterial == 0) return SEC_E_INVALID_TOKEN;
  auto* const exporter =
      static_cast<Exporter*>(context.arena.TryAllocate(sizeof(Exporter) + label_size + context_size));
  if (exporter == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
  *exporter = {info.cbKeyingMaterial, static_cast<uint16_t>(label_size), static_cast<uint16_t>(context_size),
               info.pbContextValue != nullptr};
  Copy(exporter->label(), info.pszLabel, label_size);
  Copy(exporter->label() + label_size, info.pbContextValue, context_size);
  // What was said and given before goes.
  if (context.exported != nullptr) {
    Wipe(context.exported, context.exporter->size);
    context.arena.Free(context.exported);
    context.exported = nullptr;
  }
  if (context.exporter != nullptr) context.arena.Free(context.exporter);
  context.exporter = exporter;
  return SEC_E_OK;
}

struct Binding {
  uint8_t prefix_size;
  uint8_t size;
  const char* prefix;
  uint8_t octets[64];
};

// tls-server-end-point (RFC 5929 4): a hash of the server's certificate.
SECURITY_STATUS EndpointBinding(SchannelContext& context, Binding* binding) {
  static constexpr char kPrefix[] = "tls-server-end-point:";
  binding->prefix = kPrefix;
  binding->prefix_size = sizeof kPrefix - 1;
  if (IsInitiator(context)) {
    binding->size = context.endpoint_hash_size;
    Copy(binding->octets, context.endpoint_hash, sizeof context.endpoint_hash);
  }
#if BARESSPI_SCHANNEL_SERVER
  else {
    const uint8_t index = OwnCertificate(context);
    if (index == UINT8_MAX) return SEC_E_UNSUPPORTED_FUNCTION;
    const mbedtls_x509_buf& own = context.own_chains[index].raw;
    const TlsScope scope(context);
    binding->size = static_cast<uint8_t>(EndpointHash({own.p, own.len}, binding->octets));
  }
#endif
  return binding->size != 0 ? SEC_E_OK : SEC_E_UNSUPPORTED_FUNCTION;
}

// With TLS 1.2, as an option (RFC 5929 3).
SECURITY_STATUS TlsUnique(const SchannelContext& context, Binding* binding) {
#if BARESSPI_SCHANNEL_TLS_UNIQUE
  static constexpr char kPrefix[] = "tls-unique:";
  const uint8_t* const verify_data = context.transcript.verify_data();
  if (verify_data == nullptr) return SEC_E_UNSUPPORTED_FUNCTION;
  binding->prefix = kPrefix;
  binding->prefix_size = sizeof kPrefix - 1;
  binding->size = Transcript::kSize;
  Copy(binding->octets, verify_data, Transcript::kSize);
  return SEC_E_OK;
#else
  (void)context;
  (void)binding;
  return SEC_E_UNSUPPORTED_FUNCTION;
#endif
}

// tls-exporter, with TLS 1.3 alone: in TLS 1.2 it would need an extended master secret (RFC 9266 4.2), which mbed
// TLS does not tell of; tls-unique is for it.
SECURITY_STATUS UniqueBinding(SchannelContext& context, Binding* binding) {
  if (mbedtls_ssl_get_version_number(&context.ssl) != MBEDTLS_SSL_VERSION_TLS1_3) return TlsUnique(context, binding);
  static constexpr char kPrefix[] = "tls-exporter:";
  static constexpr char kLabel[] = "EXPORTER-Channel-Binding";
  binding->prefix = kPrefix;
  binding->prefix_size = sizeof kPrefix - 1;
  binding->size = kExporterBinding;
  return Export(context, {binding->octets, kExporterBinding},
                {reinterpret_cast<const uint8_t*>(kLabel), sizeof kLabel - 1}, {}, true);
}

SECURITY_STATUS Bindings(SchannelContext& context, bool unique, SecPkgContext_Bindings* answer) {
  SEC_CHANNEL_BINDINGS*& kept = context.bindings[unique];
  if (kept == nullptr) {
    Binding binding;
    const SECURITY_STATUS status = unique ? UniqueBinding(context, &binding) : EndpointBinding(context, &binding);
    if (status != SEC_E_OK) return status;
    const size_t size = size_t{binding.prefix_size} + binding.size;
    kept = static_cast<SEC_CHANNEL_BINDINGS*>(context.arena.TryAllocate(sizeof(SEC_CHANNEL_BINDINGS) + size));
    if (kept == nullptr) return SEC_E_INSUFFICIENT_MEMORY;
    *kept = {};
    kept->cbApplicationDataLength = static_cast<ULONG>(size);
    kept->dwApplicationDataOffset = sizeof(SEC_CHANNEL_BINDINGS);
    auto* const octets = reinterpret_cast<uint8_t*>(kept + 1);
    Copy(octets, binding.prefix, binding.prefix_size);
    Copy(octets + binding.prefix_size, binding.octets, binding.size);
  }
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
