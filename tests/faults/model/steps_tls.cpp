// SPDX-License-Identifier: Apache-2.0
// TLS 1.3 (RFC 8446 2) and TLS 1.2 (RFC 5246 7.3) without resumption: flights that go to and fro.
#include "tests/faults/model/steps.h"

namespace model {
namespace {

constexpr ULONG kTls12 = SP_PROT_TLS1_2;
constexpr ULONG kTls13 = SP_PROT_TLS1_3;

// What a peer's wrong token is answered with (README, "What a refusal says"), an alert among them.
Expect Refusals() {
  return {SEC_E_ILLEGAL_MESSAGE,      SEC_E_MESSAGE_ALTERED,       SEC_E_DECRYPT_FAILURE,
          SEC_E_UNSUPPORTED_FUNCTION, SEC_E_ALGORITHM_MISMATCH,    SEC_E_UNTRUSTED_ROOT,
          SEC_E_CERT_UNKNOWN,         SEC_E_INCOMPLETE_CREDENTIALS};
}

ULONG Chosen(ULONG ours, ULONG theirs) {
  const ULONG both = ours & theirs;
  return (both & kTls13) != 0 ? kTls13 : both & kTls12;
}

bool IsHello(const Token& token) {
  return token.kind == Kind::kRecords && !token.alert && token.number == 0 && token.to == 0;
}

// What does not belong here: half a record, or none.
void JudgeWrong(const Token& token, Step* step) {
  if (token.kind == Kind::kNothing || token.octets.empty()) {
    step->mends.Add(SEC_E_INCOMPLETE_MESSAGE);
    return;
  }
  if (token.kind != Kind::kRecords) step->mends.Add(SEC_E_INCOMPLETE_MESSAGE);
  step->refusals.Add(Refusals());
}

void JudgeServersFlight(const Context& context, const Token& token, Step* step) {
  if (token.versions == kTls13) step->good = SEC_E_OK;
  // What the flight asks for is seen before what it shows is checked.
  const bool asked = token.versions == kTls12 && token.asks && !context.credential.certificate;
  if (asked && !context.wants) {
    step->good = SEC_I_INCOMPLETE_CREDENTIALS;
  } else if (!context.credential.trusts && !context.credential.manual) {
    step->refusals.Add(SEC_E_UNTRUSTED_ROOT);
  }
}

Step NextOfEstablished(const Context& context, const Token& token) {
  Step step;
  step.good = SEC_E_OK;
  step.output = false;
  if (!context.feeds.empty() && token.octets == context.feeds) return step;
  if (context.closed) {
    step.mends.Add(SEC_E_CONTEXT_EXPIRED);
  } else if (context.speaks) {
    step.output = true;
  } else {
    step.mends.Add(SEC_E_INVALID_TOKEN);  // it expects no more
  }
  return step;
}

}  // namespace

bool IsRight(const Context& context, const Token& token) {
  return token.kind == Kind::kRecords && !token.alert && token.to == context.serial &&
         (context.partner == 0 || context.partner == token.from) && token.number == context.taken;
}

Step FirstTlsStep(const Context& context, const Token& token) {
  Step step;
  if (context.initiator) return step;
  if (!IsHello(token)) {
    JudgeWrong(token, &step);
  } else if (Chosen(context.credential.versions, token.versions) == 0) {
    // TLS 1.2 does not look at a list of versions, and misses its cipher suites.
    const bool blind = context.credential.versions == kTls12;
    step.refusals.Add(blind ? SEC_E_ALGORITHM_MISMATCH : SEC_E_UNSUPPORTED_FUNCTION);
  }
  return step;
}

Step NextTlsStep(const Context& context, const Token& token) {
  if (context.life == Life::kEstablished) return NextOfEstablished(context, token);
  Step step;
  if (context.closed) {
    step.refusals.Add(SEC_E_CONTEXT_EXPIRED);
  } else if (context.speaks) {
    step.good = SEC_I_CONTEXT_EXPIRED;
  } else if (!IsRight(context, token)) {
    JudgeWrong(token, &step);
  } else if (!context.initiator) {
    step.good = SEC_E_OK;
    if (context.asks && !context.shows && !context.credential.manual)
      step.refusals.Add(SEC_E_INCOMPLETE_CREDENTIALS);
  } else if (context.taken == 0) {
    JudgeServersFlight(context, token, &step);
  } else {
    step.good = SEC_E_OK;
  }
  return step;
}

void AdvanceTls(World& world, Context& context, const Token& token, SECURITY_STATUS status) {
  Token& out = context.out;
  const Octets octets = out.octets;
  const bool first = context.step++ == 0;
  if (status == SEC_I_INCOMPLETE_CREDENTIALS) {
    context.wants = true;
    return;
  }
  const bool spoke = context.speaks;
  if (spoke) {
    context.speaks = false;
    context.closed = context.closes;
  } else if (!first || !context.initiator) {
    context.partner = token.from;
    ++context.taken;
    if (context.version == 0)
      context.version =
          context.initiator ? token.versions : Chosen(context.credential.versions, token.versions);
    if (!context.initiator && token.number == 0) context.shows = token.shows;
    if (context.initiator && token.number == 0) context.asks = token.asks;
  }
  out = {};
  out.octets = octets;
  out.serial = ++world.serials;
  out.from = context.serial;
  out.kind = octets.empty() ? Kind::kNothing : Kind::kRecords;
  out.alert = spoke;
  out.number = context.made;
  if (!octets.empty()) ++context.made;
  out.to = context.partner;
  out.versions = context.version != 0 ? context.version : context.credential.versions;
  out.shows = context.credential.certificate;
  out.asks = context.asks;
  if (status == SEC_E_OK && context.life != Life::kEstablished) {
    context.life = Life::kEstablished;
    context.session = context.initiator ? context.serial : context.partner;  // the client's number
    context.sign = context.seal = true;
  }
}

}  // namespace model
