// SPDX-License-Identifier: Apache-2.0
#include "core/sspi/pools.h"

#include "core/sspi/mechanisms.h"
#if BARESSPI_NEGOTIATE
#include "core/negotiate/context.h"
#endif

#if BARESSPI_NTLM

namespace baresspi {
namespace {

#if BARESSPI_NEGOTIATE
using ContextSlot = negotiate::NegotiateContext;
#else
using ContextSlot = MechanismContext;
#endif

constinit MechanismCredential credential_slots[BARESSPI_MAX_CREDENTIALS] = {};
constinit ContextSlot context_slots[BARESSPI_MAX_CONTEXTS] = {};
constinit PoolState credential_state = {};
constinit PoolState context_state = {};

constexpr uint16_t kCredentialTag = 0x4E43;  // "NC"
constexpr uint16_t kContextTag = 0x4E58;     // "NX"

}  // namespace

constexpr Pool kSharedCredentials(kCredentialTag, credential_slots, sizeof(MechanismCredential),
                                  BARESSPI_MAX_CREDENTIALS, &credential_state);
constexpr Pool kSharedContexts(kContextTag, context_slots, sizeof(ContextSlot), BARESSPI_MAX_CONTEXTS,
                               &context_state);

}  // namespace baresspi

#endif
