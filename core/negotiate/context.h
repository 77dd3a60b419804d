// SPDX-License-Identifier: Apache-2.0
// Negotiate's context: the mechanism's own, which is what the mechanism's functions are called with, and
// behind it the MechTypeList. A credential is the mechanism's.
#pragma once

#include "config/baresspi_config.h"
#include "core/base/memory.h"
#include "core/negotiate/writer.h"
#include "core/sspi/mechanisms.h"

#if BARESSPI_NEGOTIATE

namespace baresspi::negotiate {

struct NegotiateContext : MechanismContext {
  // The initiator's MechTypeList, as it went over: what the mechListMICs are about.
  uint8_t list[BARESSPI_NEGOTIATE_MECH_LIST_MAX];
};
static_assert(BARESSPI_NEGOTIATE_MECH_LIST_MAX >= 40 && BARESSPI_NEGOTIATE_MECH_LIST_MAX <= 200);

// Whether a credential is good for a mechanism, of which it has at least one: Credential::use tells, beside
// its other bits. With one mechanism the compiler knows the answer.
constexpr ULONG UseOf(size_t mechanism) {
  return 0x100U << mechanism;
}
inline bool Has(const Credential& credential, size_t mechanism) {
  return kMechanismCount == 1 || (credential.use & UseOf(mechanism)) != 0;
}
// The mechanism that our NegTokenInit names first.
inline size_t FirstMechanism(const Credential& credential) {
  size_t i = 0;
  while (i + 1 < kMechanismCount && !Has(credential, i)) ++i;
  return i;
}
inline size_t IndexOf(const NegotiateContext& context) {
  return kMechanismCount == 1 ? 0 : context.mechanism;
}
inline const Mechanism& MechanismOf(const NegotiateContext& context) {
  return *kMechanisms[IndexOf(context)];
}

// A call of InitializeSecurityContext or AcceptSecurityContext (handshake.cpp).
SECURITY_STATUS Handshake(Context& base, HandshakeCall& call);

// The index of the mechanism with this OID, without its head, for which the credential is good;
// kMechanismCount: none.
size_t FindMechanism(const NegotiateContext& context, const Bytes& oid);
// Makes the context's list that of its credential.
void MakeList(NegotiateContext& context);
// Begins with a mechanism: with another one than so far, anew.
inline void BeginInner(NegotiateContext& context, size_t mechanism) {
  if (mechanism == IndexOf(context) || kMechanismCount == 1) return;
  NegotiationState& before = context;
  Wipe(&before + 1, sizeof(MechanismContext) - sizeof(NegotiationState));
  context.mechanism = static_cast<uint8_t>(mechanism);
  context.inner_began = false;
  context.inner_done = false;
}
// Runs the mechanism on call.token. Its answer of answer_size stands in the output with room for what goes
// around it; in Step::kRaw it is the output. The status is the mechanism's own; a call that the caller can
// mend is marked so, with cbBuffer the size of the whole.
[[nodiscard]] SECURITY_STATUS RunInner(NegotiateContext& context, HandshakeCall& call);
// The end: what was signed for the negotiation does not count for the application. SEC_E_OK.
[[nodiscard]] inline SECURITY_STATUS Established(NegotiateContext& context) {
  MechanismOf(context).restart_ciphers(context);
  return SEC_E_OK;
}
// Puts a token of ours, of this form (writer.h), around the mechanism's answer and sets cbBuffer. Returns
// what the call does: SEC_I_CONTINUE_NEEDED, or, after NegState::kAcceptCompleted, what Established says.
[[nodiscard]] SECURITY_STATUS Send(NegotiateContext& context, HandshakeCall& call, unsigned form);
// The peer's mechListMIC: SEC_E_OK, or SEC_E_MESSAGE_ALTERED, also where one is due and absent.
[[nodiscard]] SECURITY_STATUS CheckMic(NegotiateContext& context, const Bytes& mic);

}  // namespace baresspi::negotiate

#endif
