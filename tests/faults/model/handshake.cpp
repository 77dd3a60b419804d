// SPDX-License-Identifier: Apache-2.0
// InitializeSecurityContext and AcceptSecurityContext: the call itself.
#include "tests/faults/model/exchange.h"
#include "tests/faults/model/steps.h"
#include "tests/support/scripted_port.h"

namespace model {
namespace {

constexpr ULONG kMaxTokens[] = {2888, 3062, 6144};  // SecPkgInfo.cbMaxToken

// What a context that is to be is made of.
void DrawRequest(Random& random, Context* context) {
  const auto sometimes = [&](ULONG bit, uint32_t count) { return random.OneIn(count) ? bit : 0; };
  ULONG requested = 0;
  if (context->package == Package::kTls) {
    requested = sometimes(context->initiator ? ISC_REQ_EXTENDED_ERROR : ASC_REQ_EXTENDED_ERROR, 2);
    if (!context->initiator && context->credential.trusts) requested |= sometimes(ASC_REQ_MUTUAL_AUTH, 3);
    context->asks = (requested & ASC_REQ_MUTUAL_AUTH) != 0 && !context->initiator;
  } else if (context->initiator) {
    requested = sometimes(ISC_REQ_INTEGRITY, 2) | sometimes(ISC_REQ_CONFIDENTIALITY, 2) |
                sometimes(ISC_REQ_SEQUENCE_DETECT, 8) | sometimes(ISC_REQ_NULL_SESSION, 12) |
                sometimes(ISC_REQ_IDENTIFY, 8) | sometimes(ISC_REQ_NO_INTEGRITY, 10);
    context->bindings = random.OneIn(3);
  } else {
    requested = sometimes(ASC_REQ_INTEGRITY, 6) | sometimes(ASC_REQ_CONFIDENTIALITY, 8) |
                sometimes(ASC_REQ_ALLOW_NULL_SESSION, 4) | sometimes(ASC_REQ_ALLOW_MISSING_BINDINGS, 3) |
                sometimes(ASC_REQ_IDENTIFY, 8);
    context->bindings = random.OneIn(6);
  }
  context->requested = requested;
}

// What a client's request is to NTLM. Negotiate asks for integrity of its own accord.
Offer OfferOf(const Context& context) {
  constexpr ULONG kSign = ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT;
  ULONG requested = context.requested;
  if (context.package == Package::kNegotiate) {
    requested |= ISC_REQ_INTEGRITY;
    if ((requested & ISC_REQ_NO_INTEGRITY) != 0) requested &= ~kSign;
  }
  Offer offer;
  offer.seal = (requested & ISC_REQ_CONFIDENTIALITY) != 0;
  offer.sign = offer.seal || (requested & kSign) != 0;
  offer.identify = (requested & ISC_REQ_IDENTIFY) != 0;
  return offer;
}

// The token that the call is given, the fault done to it.
Token DrawToken(const World& world, const Op& op, bool tls, Random& random) {
  Token token;
  if (op.fault == Fault::kGarbage) {
    token.kind = Kind::kGarbage;
    token.octets.assign(1 + random.Below(60), 0xEE);
    return token;
  }
  if (op.peer == kNobody || op.fault == Fault::kNoToken) return token;
  const Context& peer = world.contexts[op.peer % kContextSlots];
  token = peer.out;
  if (token.octets.empty()) token = {};
  if (op.fault != Fault::kCutToken || token.octets.empty()) return token;
  const bool records = token.kind == Kind::kRecords;
  // Less than the 9 octets that are the shortest token of all, the end of a Negotiate that signed nothing.
  token.octets.resize(1 + random.Below(tls ? 4 : 8));
  token.kind = records && tls ? Kind::kNothing : Kind::kGarbage;
  return token;
}

// Why the call is refused before it is looked at what came; nothing has happened then.
Expect EarlyErrors(const Op& op, bool good_handle) {
  Expect errors;
  if (op.fault == Fault::kAllocate) errors.Add(SEC_E_UNSUPPORTED_FUNCTION);
  if (op.fault == Fault::kBadDescription || op.fault == Fault::kBadOutput || op.fault == Fault::kBadBindings)
    errors.Add(SEC_E_INVALID_TOKEN);
  if (op.first && op.fault == Fault::kNoNewContext) errors.Add(SEC_E_INVALID_HANDLE);
  if (!good_handle) errors.Add(SEC_E_INVALID_HANDLE);
  return errors;
}

// What holds of outputs, whatever was returned. speaks: an alert may go out with the failure.
void CheckOutputs(World& world, const Exchange& exchange, const Context& context, bool mended) {
  const bool tls = context.package == Package::kTls;
  const SECURITY_STATUS status = exchange.status;
  if (status >= 0) return;
  const bool untouched = exchange.made.dwLower == 0x1234 && exchange.made.dwUpper == 0x5678;
  Require(world, untouched, "a context though the call has failed");
  const ULONG extended = context.initiator ? ISC_RET_EXTENDED_ERROR : ASC_RET_EXTENDED_ERROR;
  const bool speaks = tls && !mended && exchange.attributes == extended;
  Require(world, exchange.attributes == 0 || speaks, "attributes though the call has failed");
  if (speaks) {
    Require(world, (exchange.requested & extended) != 0, "an alert that nobody asked for");
    Require(world, exchange.size != 0 && exchange.size <= exchange.room, "no alert, though it says so");
  } else if (status == SEC_E_BUFFER_TOO_SMALL) {
    Require(world, exchange.size > exchange.room, "too small, and needs no more");
    Require(world, exchange.size <= kMaxTokens[static_cast<uint8_t>(context.package)],
            "needs more than cbMaxToken");
  } else if (!exchange.kept && exchange.op.fault != Fault::kBadOutput) {
    Require(world, mended || exchange.size == 0, "a token though the call has failed");
  }
}

// *pfContextAttr against what was agreed.
void CheckAttributes(World& world, Context& context, const Exchange& exchange) {
  const bool tls = context.package == Package::kTls;
  if (exchange.status != SEC_E_OK) {
    if (!tls) Require(world, exchange.attributes == 0, "attributes before the end");
    return;
  }
  context.attributes = exchange.attributes;
  const ULONG integrity = context.initiator ? ISC_RET_INTEGRITY : ASC_RET_INTEGRITY;
  const ULONG anonymous = context.initiator ? ISC_RET_NULL_SESSION : ASC_RET_NULL_SESSION;
  Require(world, ((exchange.attributes & integrity) != 0) == context.sign, "integrity as it was agreed");
  Require(world, ((exchange.attributes & ISC_RET_CONFIDENTIALITY) != 0) == context.seal,
          "confidentiality as it was agreed");
  if (!tls) Require(world, ((exchange.attributes & anonymous) != 0) == context.anonymous, "anonymous or not");
}

// The credential of a call: the first one's own; later ones are not looked at, but for TLS's that asked for
// it.
SecHandle* LaterCredential(const World& world, const Context& context, SecHandle* room, Random& random) {
  if (!context.wants) {
    *room = {random.Next(), 7};
    return random.OneIn(2) ? nullptr : room;
  }
  for (const Credential& credential : world.credentials) {
    if (!credential.open || credential.serial != context.credential.serial) continue;
    *room = credential.handle;
    return room;
  }
  return nullptr;
}

// What the outputs and the port's random numbers have to do with it.
Expect Mends(const Op& op, const Step& step) {
  Expect mends = step.mends;
  if (step.output && op.fault == Fault::kSmallOutput) mends.Add(SEC_E_BUFFER_TOO_SMALL);
  // Where a peer's token is refused with this code, who gives no place for an answer could not tell.
  if (step.output && op.fault == Fault::kNoOutput) mends.Add(SEC_E_INVALID_TOKEN);
  if (step.random && op.fault == Fault::kRandomFails) mends.Add(SEC_E_INTERNAL_ERROR);
  if (!IsAccept(op) && op.fault == Fault::kLongTarget) mends.Add(SEC_E_TARGET_UNKNOWN);
  return mends;
}

Expect Together(const Step& step, const Expect& mends) {
  Expect expected = mends;
  expected.Add(step.refusals);
  if (expected.empty()) {
    expected.Add(step.good);
    expected.Add(step.also);
  }
  return expected;
}

void Make(World& world, Exchange& exchange, const Token& token, bool bindings) {
  if (exchange.op.fault == Fault::kRandomFails) scripted_port::FailRandomAfter(0);
  exchange.Call(world, token, bindings);
  if (exchange.op.fault == Fault::kRandomFails) scripted_port::FailRandomAfter(0xFFFFFFFF);
}

ULONG RoomOf(const Op& op, Package package, Random& random) {
  if (op.fault == Fault::kSmallOutput) return random.Below(8);
  return kMaxTokens[static_cast<uint8_t>(package)] + random.Below(3);
}

void RunFirst(World& world, const Op& op) {
  Context& slot = world.contexts[op.slot % kContextSlots];
  if (slot.live()) return;  // a call before this one was left out
  Random random(op.seed);
  Drawn drawn = DrawCredential(world, op);
  const Credential& credential = world.credentials[op.credential % kCredentialSlots];
  Context context;
  context.credential = credential;
  context.package = credential.package;
  context.initiator = !IsAccept(op);
  const bool tls = context.package == Package::kTls;
  DrawRequest(random, &context);
  context.offer = OfferOf(context);
  Token token = DrawToken(world, op, tls, random);
  // A client's first call has no token, but for the hint of a Negotiate server.
  if (context.initiator && context.package != Package::kNegotiate) token = {};
  const Step step = FirstStep(context, token);
  Expect expected = EarlyErrors(op, drawn.good);
  const ULONG direction = context.initiator ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND;
  if (drawn.good) {
    if ((credential.use & direction) == 0) {
      expected.Add(SEC_E_NO_CREDENTIALS);
    } else {
      if (ContextsFull(world, tls)) expected.Add(SEC_E_INSUFFICIENT_MEMORY);
      expected.Add(step.refusals);
      expected.Add(Mends(op, step));
      if (tls && op.fault == Fault::kRandomFails) expected.Add(SEC_E_INTERNAL_ERROR);
    }
  }
  const bool legal = expected.empty();
  if (legal) expected.Add(step.good);
  Exchange exchange(op, Random(random.Next()), drawn.pointer(), nullptr, context.requested,
                    RoomOf(op, context.package, random));
  Make(world, exchange, token, context.bindings);
  Judge(world, legal, expected, exchange.status);
  CheckOutputs(world, exchange, context, false);
  Require(world, drawn.same(), "the credential's handle has changed");
  if (exchange.status < 0) return;
  context.life = Life::kHandshake;
  context.serial = ++world.serials;
  context.handle = exchange.made;
  context.out.octets = exchange.output;
  Advance(world, context, token, exchange.status);
  CheckAttributes(world, context, exchange);
  slot = context;
}

// A call after the end of a handshake: nothing more is expected. True: it was one.
bool RunAfterTheEnd(World& world, Context& context, const Token& token, Exchange& exchange, Expect early) {
  const bool broken = context.life == Life::kBroken;
  if (!broken && (context.life != Life::kEstablished || context.package == Package::kTls)) return false;
  if (early.empty() || broken) early.Add(broken ? context.error : SEC_E_INVALID_TOKEN);
  Make(world, exchange, token, context.bindings);
  Judge(world, false, early, exchange.status);
  return true;
}

void TakeStatus(World& world, Context& context, const Token& token, const Exchange& exchange,
                const Expect& mends) {
  const SECURITY_STATUS status = exchange.status;
  if (status >= 0) {
    const Octets octets = exchange.output;
    const bool established = context.life == Life::kEstablished;
    if (status != SEC_I_INCOMPLETE_CREDENTIALS && !established) context.out.octets = octets;
    if (established && !context.feeds.empty() && token.octets == context.feeds) {
      context.feeds.clear();
    } else if (established) {
      context.speaks = false;
      context.closed = context.closes;
      Message& message = world.messages[world.now.item % kMessageSlots];
      message = {};
      message.from = context.serial;
      message.package = Package::kTls;
      message.by_initiator = context.initiator;
      message.session = context.session;
      message.number = context.sent++;
      message.closes = context.closes;
      message.alert = context.alert;
      message.token = octets;
    } else {
      Advance(world, context, token, status);
      CheckAttributes(world, context, exchange);
    }
  } else if (!mends.Has(status)) {
    context.life = Life::kBroken;
    context.error = status;
    if (context.package == Package::kTls) {  // the alert, if there is one
      context.out = {};
    }
  }
}

void RunNext(World& world, Op op) {
  Random random(op.seed);
  Drawn drawn = DrawContext(world, op);
  Context& context = world.contexts[op.slot % kContextSlots];
  const bool tls = context.package == Package::kTls;
  Token token = DrawToken(world, op, tls, random);
  const bool good_side = drawn.good && context.initiator != IsAccept(op);
  Step step;
  if (good_side && context.life != Life::kBroken) step = NextStep(context, token);
  // What is refused with the same code for what the caller can mend and for what the peer did.
  if (op.fault == Fault::kNoOutput && (step.refusals.Has(SEC_E_INVALID_TOKEN) || tls))
    op.fault = Fault::kNone;
  if (tls && op.fault == Fault::kRandomFails) op.fault = Fault::kNone;
  if (op.fault == Fault::kLongTarget && (tls || context.step > 1)) op.fault = Fault::kNone;
  SecHandle other = {};
  SecHandle* const credential = LaterCredential(world, context, &other, random);
  Exchange exchange(op, Random(random.Next()), credential, drawn.pointer(), context.requested,
                    RoomOf(op, context.package, random));
  if (context.need != 0 && context.need_of == token.serial && op.fault == Fault::kNone && random.OneIn(2))
    exchange.room = context.need;  // what a call before has asked for is enough
  if (op.fault == Fault::kNullHandle)
    exchange.old = &drawn.handle, drawn.handle = {1, 1}, drawn.before = {1, 1};
  if (context.wants) exchange.requested |= ISC_REQ_USE_SUPPLIED_CREDS;
  const Expect early = EarlyErrors(op, good_side);
  if (good_side && RunAfterTheEnd(world, context, token, exchange, early)) {
    CheckOutputs(world, exchange, context, true);
    return;
  }
  Expect mends = early;
  if (good_side) mends.Add(Mends(op, step));
  const bool goes_on = !context.speaks && !context.closed;
  if (good_side && context.wants && goes_on && exchange.credential == nullptr)
    mends.Add(SEC_E_INVALID_HANDLE);
  Expect expected = good_side ? Together(step, mends) : mends;
  if (!early.empty()) expected = early;
  Make(world, exchange, token, context.bindings);
  Judge(world, mends.empty() && step.refusals.empty(), expected, exchange.status);
  CheckOutputs(world, exchange, context, mends.Has(exchange.status));
  Require(world, drawn.same(), "the context's handle has changed");
  if (exchange.status >= 0 && op.fault != Fault::kNoNewContext) {
    Require(
        world,
        exchange.made.dwLower == context.handle.dwLower && exchange.made.dwUpper == context.handle.dwUpper,
        "another context");
  }
  context.need = good_side && exchange.status == SEC_E_BUFFER_TOO_SMALL ? exchange.size : 0;
  context.need_of = token.serial;
  if (good_side) TakeStatus(world, context, token, exchange, mends);
}

}  // namespace

void RunHandshake(World& world, const Op& op) {
  if (op.first) {
    RunFirst(world, op);
  } else {
    RunNext(world, op);
  }
}

}  // namespace model
