// SPDX-License-Identifier: Apache-2.0
// The caller's token: QuerySecurityContextToken, ImpersonateSecurityContext, RevertSecurityContext, and what
// a token says.
//
// A token is its context, named in one pointer: 3 bits of the pool's owner, 11 of slot, 18 of generation.
// Stale ones are found out until a slot has been used 131,072 times more (closing it and giving it back
// count).
#include <baresspi/authority.h>

#include "config/baresspi_config.h"
#include "core/sspi/package.h"
#include "core/sspi/packages.h"
#include "port/port.h"

namespace baresspi {
namespace {

constexpr unsigned kGenerationBits = 18;
constexpr unsigned kIndexBits = 11;
constexpr uint32_t kGenerationMask = (1U << kGenerationBits) - 1;
constexpr uint32_t kIndexMask = (1U << kIndexBits) - 1;
static_assert(kGenerationBits + kIndexBits + 3 == 32);
static_assert(BARESSPI_MAX_CONTEXTS <= kIndexMask + 1, "a token has 11 bits for the slot");
static_assert(kPoolOwnerCount < 8, "a token has 3 bits for the pool's owner");

SECURITY_STATUS GetToken(const SecHandle* handle, void** token) {
  Context* context = nullptr;
  const SECURITY_STATUS status = FindEstablished(handle, &context);
  if (status != SEC_E_OK) return status;
  // A client has no token of its server's; a package that cannot say who its caller is has none at all.
  if (IsInitiator(*context) || PackageOf(*context).query_token == nullptr) return SEC_E_UNSUPPORTED_FUNCTION;
  if (token == nullptr) return SEC_E_INVALID_TOKEN;
#if BARESSPI_SCHANNEL
  // A TLS client need not be anybody.
  BARESSPI_TOKEN_INFO info;
  const SECURITY_STATUS known = PackageOf(*context).query_token(*context, &info);
  if (known != SEC_E_OK) return known;
#endif
  *token = TokenOf(*context);
  return SEC_E_OK;
}

}  // namespace

void* TokenOf(const Context& context) {
  uint32_t number = 1;  // 1 and up, so that no token is NULL
  while (number < kPoolOwnerCount && kPoolOwners[number - 1]->contexts != PackageOf(context).contexts)
    ++number;
  const uint32_t value = (number << (kIndexBits + kGenerationBits)) |
                         (static_cast<uint32_t>(context.index) << kGenerationBits) |
                         (context.generation & kGenerationMask);
  return reinterpret_cast<void*>(
      static_cast<uintptr_t>(value));  // NOLINT(performance-no-int-to-ptr): not an address
}

}  // namespace baresspi

using namespace baresspi;  // NOLINT(google-build-using-namespace): the C functions are this file's last part

SECURITY_STATUS SEC_ENTRY QuerySecurityContextToken(PCtxtHandle phContext, void** Token) {
  return GetToken(phContext, Token);
}

SECURITY_STATUS SEC_ENTRY ImpersonateSecurityContext(PCtxtHandle phContext) {
  void* token = nullptr;
  const SECURITY_STATUS status = GetToken(phContext, &token);
  if (status == SEC_E_OK) baresspi_port_set_task_token(token);
  return status;
}

SECURITY_STATUS SEC_ENTRY RevertSecurityContext(PCtxtHandle phContext) {
  // The handle must be one that could have been impersonated, but a task can always go back to being itself.
  baresspi_port_set_task_token(nullptr);
  void* token = nullptr;
  return GetToken(phContext, &token);
}

SECURITY_STATUS BareSspiQueryTokenInformation(void* Token, BARESSPI_TOKEN_INFO* Info) {
  if (Info == nullptr) return SEC_E_INVALID_TOKEN;
  *Info = {};
  const auto token = reinterpret_cast<uintptr_t>(Token);
  const auto value = static_cast<uint32_t>(token);
  const uint32_t number = value >> (kIndexBits + kGenerationBits);
  if (value != token || number == 0 || number > kPoolOwnerCount) return SEC_E_INVALID_HANDLE;
  const Package& package = *kPoolOwners[number - 1];
  if (package.query_token == nullptr) return SEC_E_INVALID_HANDLE;
  const uint32_t index = (value >> kGenerationBits) & kIndexMask;
  const Pool& pool = *package.contexts;
  const uint32_t generation = pool.Generation(index, value & kGenerationMask, kGenerationMask);
  const auto* context =
      static_cast<const Context*>(pool.Find(pool.Lower(index), generation, Pool::Then::kNothing));
  if (context == nullptr || context->phase != Phase::kEstablished || IsInitiator(*context))
    return SEC_E_INVALID_HANDLE;
  return package.query_token(*context, Info);
}
