// SPDX-License-Identifier: Apache-2.0
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/schannel/context.h"
#include "core/schannel/package.h"

namespace baresspi::schannel {
namespace {

constinit SchannelCredential credential_slots[BARESSPI_SCHANNEL_MAX_CREDENTIALS] = {};
constinit SchannelContext context_slots[BARESSPI_SCHANNEL_MAX_CONTEXTS] = {};
constinit PoolState credential_state = {};
constinit PoolState context_state = {};

static_assert(sizeof(SchannelContext) <= UINT16_MAX, "a pool's slots have 64 KiB at most");
static_assert(BARESSPI_SCHANNEL_MAX_CONTEXTS <= 2048, "a token has 11 bits for the slot");

constexpr uint16_t kCredentialTag = 0x5343;  // "SC"
constexpr uint16_t kContextTag = 0x5358;     // "SX"

constexpr Pool kCredentials(kCredentialTag, credential_slots, sizeof(SchannelCredential),
                            BARESSPI_SCHANNEL_MAX_CREDENTIALS, &credential_state);
constexpr Pool kContexts(kContextTag, context_slots, sizeof(SchannelContext), BARESSPI_SCHANNEL_MAX_CONTEXTS,
                         &context_state);

// A credential is what it was acquired as.
SECURITY_STATUS SetCredential(Credential&, const AttributeCall&) {
  return SEC_E_UNSUPPORTED_FUNCTION;
}

constexpr Stream kStream = {
    .control = Control,
    .set_context = SetContext,
    .end_context = EndContext,
    .end_credential = ForgetSessionsOf,
};

}  // namespace

const Package kPackage = {
    .name = kNameA,
    .use = (BARESSPI_SCHANNEL_SERVER ? SECPKG_CRED_INBOUND : 0) |
           (BARESSPI_SCHANNEL_CLIENT ? SECPKG_CRED_OUTBOUND : 0),
    .answers_early = true,
    .credentials = &kCredentials,
    .contexts = &kContexts,
    .acquire = Acquire,
    .query_credential = QueryCredential,
    .set_credential = SetCredential,
    .initialize = Handshake,
    .accept = Handshake,
    .query_context = QueryContext,
    .protect = Protect,
#if BARESSPI_SCHANNEL_SERVER
    .query_token = QueryToken,
#else
    .query_token = nullptr,
#endif
    .stream = &kStream,
};

}  // namespace baresspi::schannel

#endif
