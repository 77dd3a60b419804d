// SPDX-License-Identifier: Apache-2.0
// Negotiate's credential and context. The mechanisms' own lie in the pools of their packages: a context here
// has one of theirs.
#pragma once

#include "config/baresspi_config.h"
#include "core/negotiate/tokens.h"
#include "core/sspi/mechanisms.h"

namespace baresspi::negotiate {

struct NegotiateCredential : Credential {
  Credential* inner[kMechanismCount];  // with a reference; nullptr: not to be used
};

enum class Step : uint8_t {
  kStart,       // nothing sent
  kFirstReply,  // initiator: NegTokenInit is out. acceptor: waits for the NegTokenInit (its hint is out)
  kGoesOn,      // NegTokenResp both ways
  kRaw,         // the mechanism's tokens without SPNEGO around them
};

struct NegotiateContext : Context {
  Context* inner;        // nullptr: none yet
  ULONG requested;       // initiator: ISC_REQ_* of the first call
  ULONG attributes;      // ISC_RET_* or ASC_RET_* of the mechanism when it was done
  uint16_t answer_size;  // what the mechanism has answered in this call
  uint8_t mechanism;     // index; meaningful with inner
  Step step;
  bool mic_required;  // another mechanism than the first was taken: the list must be protected
  bool inner_began;   // it has answered
  bool inner_done;
  uint8_t list_size;
  // The initiator's MechTypeList, as it went over: what the mechListMICs are about.
  uint8_t list[BARESSPI_NEGOTIATE_MECH_LIST_MAX];
};
static_assert(BARESSPI_NEGOTIATE_MECH_LIST_MAX >= 40 && BARESSPI_NEGOTIATE_MECH_LIST_MAX <= 200);

inline NegotiateCredential& CredentialOf(const Context& context) {
  return *static_cast<NegotiateCredential*>(context.credential);
}

// The mechanism that our NegTokenInit names first; a credential has at least one.
inline size_t FirstMechanism(const NegotiateCredential& credential) {
  size_t i = 0;
  while (i + 1 < kMechanismCount && credential.inner[i] == nullptr) ++i;
  return i;
}
// Meaningful with inner. With one mechanism the compiler knows the answer.
inline size_t IndexOf(const NegotiateContext& context) {
  return kMechanismCount == 1 ? 0 : context.mechanism;
}
inline const Mechanism& MechanismOf(const NegotiateContext& context) {
  return *kMechanisms[IndexOf(context)];
}

SECURITY_STATUS Initialize(Context& base, HandshakeCall& call);
SECURITY_STATUS Accept(Context& base, HandshakeCall& call);

// The index of the mechanism with this OID for which the credential is good; kMechanismCount: none.
size_t FindMechanism(const NegotiateContext& context, const Bytes& oid);
// Makes the context's list that of its credential.
void MakeList(NegotiateContext& context);
// Lets the inner context go, if there is one. The caller forgets it.
void EndInner(NegotiateContext& context);
// Begins with a mechanism: an inner context out of its package's pool. SEC_E_INSUFFICIENT_MEMORY, mendable.
[[nodiscard]] SECURITY_STATUS BeginInner(NegotiateContext& context, HandshakeCall& call, size_t mechanism);
// Runs the inner mechanism on a token. Its answer of answer_size stands in the output with room for what goes
// around it; in Step::kRaw it is the output. The status is the mechanism's own; a call that the caller can
// mend is marked so, with cbBuffer the size of the whole.
[[nodiscard]] SECURITY_STATUS RunInner(NegotiateContext& context, HandshakeCall& call, const Bytes& token);
// The end: what was signed for the negotiation does not count for the application, which learns what the
// mechanism's attributes are. SEC_E_OK.
[[nodiscard]] SECURITY_STATUS Established(const NegotiateContext& context, HandshakeCall& call);
// What Send sends: a NegTokenResp with a NegState, and maybe the mechanism and our mechListMIC; or one of
// these two, whose lowest bits say that more is to come.
constexpr unsigned kStateMask = 3;
constexpr unsigned kWithMech = 0x10;
constexpr unsigned kWithMic = 0x80;
constexpr unsigned kInit = 0x21;
constexpr unsigned kHint = kInit | 0x40;
// Puts a token of ours around the mechanism's answer and sets cbBuffer. Returns what the call does:
// SEC_I_CONTINUE_NEEDED, or, after NegState::kAcceptCompleted, what Established says.
[[nodiscard]] SECURITY_STATUS Send(NegotiateContext& context, HandshakeCall& call, unsigned form);
// The peer's mechListMIC: SEC_E_OK, or SEC_E_MESSAGE_ALTERED, also where one is due and absent.
[[nodiscard]] SECURITY_STATUS CheckMic(NegotiateContext& context, const Bytes& mic, bool due);
// True when both sides must protect the list ([MS-SPNG] 3.1.5.1).
bool IsMicDue(const NegotiateContext& context);

}  // namespace baresspi::negotiate
