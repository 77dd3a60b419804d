// SPDX-License-Identifier: Apache-2.0
#include "boards/ldap/message.h"

namespace ldap {

Text ResultName(uint32_t code) {
  static constexpr struct {
    uint32_t code;
    Text name;
  } kNames[] = {
      {0, "success"},
      {1, "operationsError"},
      {2, "protocolError"},
      {3, "timeLimitExceeded"},
      {4, "sizeLimitExceeded"},
      {7, "authMethodNotSupported"},
      {8, "strongerAuthRequired"},
      {10, "referral"},
      {11, "adminLimitExceeded"},
      {12, "unavailableCriticalExtension"},
      {13, "confidentialityRequired"},
      {14, "saslBindInProgress"},
      {16, "noSuchAttribute"},
      {18, "inappropriateMatching"},
      {32, "noSuchObject"},
      {34, "invalidDNSyntax"},
      {48, "inappropriateAuthentication"},
      {49, "invalidCredentials"},
      {50, "insufficientAccessRights"},
      {51, "busy"},
      {52, "unavailable"},
      {53, "unwillingToPerform"},
      {80, "other"},
  };
  for (const auto& each : kNames) {
    if (each.code == code) return each.name;
  }
  return {};
}

}  // namespace ldap
