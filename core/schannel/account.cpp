// SPDX-License-Identifier: Apache-2.0
// Whose account a client's certificate stands for: the device's authority knows.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL_SERVER

#include "core/schannel/context.h"
#include "port/port.h"

namespace baresspi::schannel {

// Only a certificate that was verified stands for anybody.
void MapPeer(SchannelContext& context) {
  const CERT_CONTEXT& certificate = context.remote;
  constexpr ULONG kUnmapped = SCH_CRED_NO_SYSTEM_MAPPER | SCH_CRED_MANUAL_CRED_VALIDATION;
  if (certificate.pbCertEncoded == nullptr || (CredentialOf(context).flags & kUnmapped) != 0 ||
      context.verify_flags != 0 || mbedtls_ssl_get_verify_result(&context.ssl) != 0) {
    return;
  }
  const BARESSPI_DEVICE* device = baresspi_port_device();
  const BARESSPI_AUTHORITY* authority = device == nullptr ? nullptr : device->Authority;
  if (authority == nullptr || authority->MapCertificate == nullptr) return;
  BARESSPI_ACCOUNT account = {};
  context.token = {};
  context.mapped =
      authority->MapCertificate(authority->Context, certificate.pbCertEncoded, certificate.cbCertEncoded,
                                &context.token.Domain, &context.token.User, &account) == SEC_E_OK;
  context.token.UserId = context.user_id = account.UserId;
  if (context.mapped) baresspi_port_log(BARESSPI_EVENT_LOGON, account.UserId);
}

SECURITY_STATUS QueryToken(const Context& base, BARESSPI_TOKEN_INFO* info) {
  const auto& context = static_cast<const SchannelContext&>(base);
  if (!context.mapped) return SEC_E_NO_IMPERSONATION;
  *info = context.token;
  return SEC_E_OK;
}

}  // namespace baresspi::schannel

#endif
