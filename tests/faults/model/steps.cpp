// SPDX-License-Identifier: Apache-2.0
// NTLM ([MS-NLMP] 3.1.5, 3.2.5) and Negotiate (RFC 4178, [MS-SPNG]) as the two sides see them.
#include "tests/faults/model/steps.h"

namespace model {
namespace {

bool IsAnonymous(const Context& context) {
  return (context.requested & ISC_REQ_NULL_SESSION) != 0 || context.credential.who == Who::kNoName;
}

// What an acceptor insists on.
Offer Demands(const Context& context) {
  constexpr ULONG kSign = ASC_REQ_INTEGRITY | ASC_REQ_REPLAY_DETECT | ASC_REQ_SEQUENCE_DETECT;
  Offer demands;
  demands.sign = (context.requested & kSign) != 0;
  demands.seal = (context.requested & ASC_REQ_CONFIDENTIALITY) != 0;
  return demands;
}

bool Lacks(const Context& context, bool sign, bool seal) {
  const Offer demands = Demands(context);
  return (demands.sign && !sign) || (demands.seal && !seal);
}

void JudgeOffer(const Context& context, const Token& token, Step* step) {
  if (Lacks(context, token.offer.sign, token.offer.seal)) step->refusals.Add(SEC_E_UNSUPPORTED_FUNCTION);
  step->random = true;
}

// An AUTHENTICATE, by an acceptor that has sent a CHALLENGE.
void JudgeProof(const Context& context, const Token& token, Step* step) {
  const bool signs = !token.anonymous && token.offer.sign && context.offer.sign;
  const bool seals = !token.anonymous && token.offer.seal && context.offer.seal;
  const bool other = token.challenge != context.challenge;
  const Offer demands = Demands(context);
  if (Lacks(context, signs, seals)) step->refusals.Add(SEC_E_UNSUPPORTED_FUNCTION);
  if (context.bindings && !token.has_bindings && (context.requested & ASC_REQ_ALLOW_MISSING_BINDINGS) == 0)
    step->refusals.Add(SEC_E_BAD_BINDINGS);
  if (token.anonymous) {
    const bool allowed = (context.credential.policy & BARESSPI_POLICY_ALLOW_ANONYMOUS) != 0 ||
                         (context.requested & ASC_REQ_ALLOW_NULL_SESSION) != 0;
    if (!allowed) step->refusals.Add(SEC_E_LOGON_DENIED);
    return;
  }
  if (other && (demands.sign || demands.seal)) step->also.Add(SEC_E_UNSUPPORTED_FUNCTION);
  if (other || token.who != Who::kAlice) step->refusals.Add(SEC_E_LOGON_DENIED);
  if (!context.credential.authority) step->refusals.Add(SEC_E_NO_AUTHENTICATING_AUTHORITY);
  if (!(token.offer == context.offer)) step->refusals.Add(SEC_E_MESSAGE_ALTERED);
}

bool SpeaksSpnego(const Context& context) {
  return context.package == Package::kNegotiate && !context.raw;
}

// The initiator of Negotiate, behind its first token.
Step NextOfInitiator(const Context& context, const Token& token) {
  Step step;
  step.good = SEC_E_OK;
  const bool challenge = token.kind == Kind::kChallenge;
  if (context.step == 1) {
    // A server that answers without SPNEGO is followed.
    if (!challenge) step.refusals.Add(SEC_E_INVALID_TOKEN);
    if (token.wrapped) step.good = SEC_I_CONTINUE_NEEDED;
    step.random = true;
    return step;
  }
  step.output = false;
  if (token.kind != Kind::kDone) step.refusals.Add(SEC_E_INVALID_TOKEN);
  // The end of another login: its signature is wrong, if there is one and one is due.
  if (token.kind == Kind::kDone && token.session != context.session) step.also.Add(SEC_E_MESSAGE_ALTERED);
  return step;
}

Step NextOfAcceptor(const Context& context, const Token& token) {
  Step step;
  if (context.challenge == 0) {  // it has but hinted
    if (token.kind == Kind::kHint && !context.lost) return step;
    if (token.kind == Kind::kOffer && !context.lost) {
      JudgeOffer(context, token, &step);
    } else {
      step.refusals.Add(SEC_E_INVALID_TOKEN);
    }
    return step;
  }
  step.good = SEC_E_OK;
  step.output = SpeaksSpnego(context);
  if (token.kind == Kind::kProof && token.wrapped == SpeaksSpnego(context)) {
    JudgeProof(context, token, &step);
  } else {
    step.refusals.Add(SEC_E_INVALID_TOKEN);
  }
  return step;
}

// ---- What follows ----
Token NewToken(World& world, const Context& context, Kind kind) {
  Token token;
  token.octets = context.out.octets;
  token.kind = kind;
  token.wrapped = SpeaksSpnego(context);
  token.serial = ++world.serials;
  token.from = context.serial;
  token.offer = context.offer;
  token.who = context.credential.who;
  token.anonymous = context.anonymous;
  token.has_bindings = context.bindings && !context.anonymous;
  return token;
}

void Grant(Context& context, const Token& challenge, uint32_t session) {
  context.anonymous = IsAnonymous(context);
  context.session = session;
  context.sign = context.offer.sign && challenge.offer.sign && !context.anonymous;
  context.seal = context.offer.seal && challenge.offer.seal && !context.anonymous;
}

void AdvanceInitiator(World& world, Context& context, const Token& token) {
  if (context.step == 0) {
    context.out = NewToken(world, context, Kind::kOffer);
  } else if (token.kind == Kind::kChallenge) {
    context.raw = context.package == Package::kNegotiate && !token.wrapped;
    Grant(context, token, world.serials + 1);
    context.out = NewToken(world, context, Kind::kProof);
    context.out.to = token.from;
    context.out.challenge = token.serial;
    if (SpeaksSpnego(context) && context.sign) context.sent = context.received = 1;  // the list's signatures
  } else {
    context.odd = token.session != context.session;
    context.out = NewToken(world, context, Kind::kNothing);
  }
  ++context.step;
}

void AdvanceAcceptor(World& world, Context& context, const Token& token) {
  if (token.kind == Kind::kOffer) {
    context.raw = context.package == Package::kNegotiate && !token.wrapped;
    context.offer = token.offer;
    context.out = NewToken(world, context, Kind::kChallenge);
    context.out.to = token.from;
    context.challenge = context.out.serial;
  } else if (token.kind == Kind::kProof) {
    context.anonymous = token.anonymous;
    context.identify = token.offer.identify || (context.requested & ASC_REQ_IDENTIFY) != 0;
    context.session = token.serial;
    context.sign = context.offer.sign && token.offer.sign && !token.anonymous;
    context.seal = context.offer.seal && token.offer.seal && !token.anonymous;
    context.out = NewToken(world, context, SpeaksSpnego(context) ? Kind::kDone : Kind::kNothing);
    context.out.to = token.from;
    context.out.session = context.session;
    if (SpeaksSpnego(context) && context.sign) context.sent = context.received = 1;
  } else if (token.kind == Kind::kHint) {
    // Another acceptor's list, without a token of the mechanism: that is now awaited.
    context.lost = true;
    context.out = NewToken(world, context, Kind::kGarbage);
  } else {
    context.out = NewToken(world, context, Kind::kHint);
  }
  ++context.step;
}

}  // namespace

Step FirstStep(const Context& context, const Token& token) {
  if (context.package == Package::kTls) return FirstTlsStep(context, token);
  Step step;
  if (context.initiator) {
    if (context.credential.who == Who::kNoIdentity && (context.requested & ISC_REQ_NULL_SESSION) == 0)
      step.refusals.Add(SEC_E_NO_CREDENTIALS);
    // A list of mechanisms is a hint, whoever made it.
    const bool hints = token.kind == Kind::kHint || (token.kind == Kind::kOffer && token.wrapped);
    if (token.kind != Kind::kNothing && !hints) step.refusals.Add(SEC_E_INVALID_TOKEN);
  } else if (token.kind == Kind::kOffer && (context.package == Package::kNegotiate || !token.wrapped)) {
    JudgeOffer(context, token, &step);
  } else if ((token.kind != Kind::kNothing && token.kind != Kind::kHint) ||
             context.package == Package::kNtlm) {
    step.refusals.Add(SEC_E_INVALID_TOKEN);
  }
  return step;
}

Step NextStep(const Context& context, const Token& token) {
  if (context.package == Package::kTls) return NextTlsStep(context, token);
  if (!context.initiator) return NextOfAcceptor(context, token);
  if (SpeaksSpnego(context)) return NextOfInitiator(context, token);
  Step step;
  step.good = SEC_E_OK;
  step.random = true;
  if (token.kind != Kind::kChallenge || token.wrapped) step.refusals.Add(SEC_E_INVALID_TOKEN);
  return step;
}

void Advance(World& world, Context& context, const Token& token, SECURITY_STATUS status) {
  if (context.package == Package::kTls) return AdvanceTls(world, context, token, status);
  if (context.initiator) {
    AdvanceInitiator(world, context, token);
  } else {
    AdvanceAcceptor(world, context, token);
  }
  if (status == SEC_E_OK) context.life = Life::kEstablished;
}

}  // namespace model
