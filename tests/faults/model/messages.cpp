// SPDX-License-Identifier: Apache-2.0
// MakeSignature, VerifySignature, EncryptMessage, DecryptMessage, and ApplyControlToken.
#include <string.h>

#include "tests/faults/model/memory.h"

namespace model {
namespace {

constexpr ULONG kSignature = 16;  // NTLM's
constexpr ULONG kNoSuchQop = 5;

ULONG DrawQop(const Op& op, bool tls, Random& random) {
  static constexpr ULONG kQops[] = {0, 0, 0, SECQOP_WRAP_NO_ENCRYPT, BARESSPI_SECQOP_WRAP_ENCRYPT};
  if (op.fault == Fault::kUnknown) return kNoSuchQop;
  return tls || op.entry == Entry::MakeSignature ? 0 : kQops[random.Below(5)];
}

// What is wrong with a list, but for what stands in its buffers.
void SpoilList(const Op& op, Random& random, SecBufferDesc* list, SecBuffer* one) {
  if (op.fault == Fault::kMissingBuffer) one->BufferType = SECBUFFER_PKG_PARAMS;
  if (op.fault != Fault::kBadDescription) return;
  switch (random.Below(3)) {
    case 0:
      list->ulVersion = 7;
      break;
    case 1:
      list->pBuffers = nullptr;
      break;
    default:
      one->pvBuffer = nullptr;
      one->cbBuffer = 16;
  }
}

bool SpoilsList(const Op& op) {
  return op.fault == Fault::kNullArgument || op.fault == Fault::kBadDescription ||
         op.fault == Fault::kMissingBuffer;
}

Octets DrawText(Random& random) {
  Octets text(1 + random.Below(random.OneIn(20) ? 1000 : 40));
  for (uint8_t& octet : text) octet = static_cast<uint8_t>(random.Next());
  return text;
}

// ---- MakeSignature, EncryptMessage ----
Expect ProtectErrors(const Context& context, const Op& op, ULONG qop) {
  const bool encrypts = op.entry == Entry::EncryptMessage;
  Expect errors = StateErrors(context);
  if (SpoilsList(op)) errors.Add(SEC_E_INVALID_TOKEN);
  if (context.life != Life::kEstablished) return errors;
  const bool tls = context.package == Package::kTls;
  if (tls && !encrypts) {
    errors.Add(SEC_E_UNSUPPORTED_FUNCTION);
    return errors;
  }
  if (qop == kNoSuchQop) errors.Add(SEC_E_QOP_NOT_SUPPORTED);
  if (tls && context.closed) errors.Add(SEC_E_CONTEXT_EXPIRED);
  if (!tls && encrypts && !(qop == 0 ? context.seal : context.sign)) errors.Add(SEC_E_UNSUPPORTED_FUNCTION);
  if (op.fault == Fault::kSmallOutput) errors.Add(SEC_E_BUFFER_TOO_SMALL);
  return errors;
}

SECURITY_STATUS CallProtect(const Op& op, SecHandle* handle, ULONG qop, SecBufferDesc* list) {
  return op.entry == Entry::MakeSignature ? TableA(op).MakeSignature(handle, qop, list, 0)
                                          : TableA(op).EncryptMessage(handle, qop, list, 0);
}

void ProtectWithNtlm(World& world, const Op& op, Drawn& drawn, Context& context, const Expect& errors,
                     ULONG qop, Random& random) {
  Message message;
  message.text = DrawText(random);
  Memory data(message.text);
  Memory token(op.fault == Fault::kSmallOutput ? random.Below(kSignature) : kSignature);
  const auto cut = random.Below(static_cast<uint32_t>(data.size()) + 1);
  SecBuffer buffers[3] = {{cut, SECBUFFER_DATA, data.data()},
                          {static_cast<ULONG>(token.size()), SECBUFFER_TOKEN, token.data()},
                          {static_cast<ULONG>(data.size()) - cut, SECBUFFER_DATA, data.data() + cut}};
  SecBufferDesc list = {SECBUFFER_VERSION, 3, buffers};
  SpoilList(op, random, &list, &buffers[1]);
  const SECURITY_STATUS status =
      CallProtect(op, drawn.pointer(), qop, op.fault == Fault::kNullArgument ? nullptr : &list);
  Judge(world, errors.empty(), errors.empty() ? Expect{SEC_E_OK} : errors, status);
  token.Check(world);
  if (status != SEC_E_OK) {
    if (!data.Is(message.text)) Fail(world, "the text has changed though the call has failed");
    if (status == SEC_E_BUFFER_TOO_SMALL)
      Require(world, buffers[1].cbBuffer == kSignature, "another size of a signature");
    return;
  }
  Require(world, buffers[1].cbBuffer == kSignature, "another size of a signature");
  message.encrypting = op.entry == Entry::EncryptMessage;
  message.sealed = message.encrypting && qop != SECQOP_WRAP_NO_ENCRYPT;
  message.protects = context.sign;
  message.data = data.First(data.size());
  message.token = token.First(kSignature);
  Require(world, message.sealed || message.data == message.text, "encrypted though nobody asked for it");
  message.from = context.serial;
  message.package = context.package;
  message.by_initiator = context.initiator;
  message.session = context.session;
  message.number = context.sent++;
  world.messages[op.item % kMessageSlots] = message;
}

void ProtectWithTls(World& world, const Op& op, Drawn& drawn, Context& context, Expect errors, ULONG qop,
                    Random& random) {
  SecPkgContext_StreamSizes sizes = {5, 64, 4096, 4, 0};
  if (context.life == Life::kEstablished && drawn.good &&
      QueryContextAttributesA(&drawn.handle, SECPKG_ATTR_STREAM_SIZES, &sizes) != SEC_E_OK) {
    Fail(world, "no STREAM_SIZES");
  }
  Message message;
  message.text = DrawText(random);
  if (op.fault == Fault::kGarbage) {  // more than a record takes
    message.text.resize(sizes.cbMaximumMessage + 1);
    errors.Add(SEC_E_INVALID_TOKEN);
  }
  const bool small = op.fault == Fault::kSmallOutput;
  Memory header(small ? sizes.cbHeader - 1 : sizes.cbHeader);
  Memory trailer(sizes.cbTrailer);
  Memory data(message.text);
  SecBuffer buffers[3] = {{static_cast<ULONG>(header.size()), SECBUFFER_STREAM_HEADER, header.data()},
                          {static_cast<ULONG>(data.size()), SECBUFFER_DATA, data.data()},
                          {static_cast<ULONG>(trailer.size()), SECBUFFER_STREAM_TRAILER, trailer.data()}};
  SecBufferDesc list = {SECBUFFER_VERSION, 3, buffers};
  SpoilList(op, random, &list, &buffers[2]);
  const SECURITY_STATUS status =
      CallProtect(op, drawn.pointer(), qop, op.fault == Fault::kNullArgument ? nullptr : &list);
  Judge(world, errors.empty(), errors.empty() ? Expect{SEC_E_OK} : errors, status);
  header.Check(world);
  data.Check(world);
  trailer.Check(world);
  if (status != SEC_E_OK) {
    if (!data.Is(message.text)) Fail(world, "the text has changed though the call has failed");
    return;
  }
  message.token = header.First(buffers[0].cbBuffer);
  const Octets sealed = data.First(data.size());
  const Octets end = trailer.First(buffers[2].cbBuffer);
  message.token.insert(message.token.end(), sealed.begin(), sealed.end());
  message.token.insert(message.token.end(), end.begin(), end.end());
  message.from = context.serial;
  message.package = Package::kTls;
  message.by_initiator = context.initiator;
  message.session = context.session;
  message.number = context.sent++;
  message.sealed = message.encrypting = message.protects = true;
  world.messages[op.item % kMessageSlots] = message;
}

// ---- VerifySignature, DecryptMessage ----
// Whether a message is the one that the context waits for.
bool IsDue(const Context& context, const Message& message) {
  return message.from != 0 && message.session == context.session &&
         message.by_initiator != context.initiator && message.number == context.received;
}

struct Received {
  bool decrypts;
  bool altered;
  bool asks;  // for the QOP
  bool cut;   // a signature of another size
};

Expect NtlmAnswers(const Context& context, const Message& message, const Received& how) {
  if (how.decrypts && !context.sign) return {SEC_E_UNSUPPORTED_FUNCTION};
  if (message.package == Package::kTls || how.cut || context.odd) {
    Expect any = {SEC_E_MESSAGE_ALTERED};
    if (context.sign) any.Add(SEC_E_OUT_OF_SEQUENCE);
    if (context.odd && message.session == context.session) any.Add(SEC_E_OK);
    return any;
  }
  const bool made = message.from != 0;
  if (!context.sign) {  // 01 00 .. 00, which protects nothing
    return made && !message.protects && !how.altered ? Expect{SEC_E_OK} : Expect{SEC_E_MESSAGE_ALTERED};
  }
  const uint32_t number = made && message.protects ? message.number : 0;
  if (number != context.received) return {SEC_E_OUT_OF_SEQUENCE};
  if (!IsDue(context, message) || !message.protects || how.altered) return {SEC_E_MESSAGE_ALTERED};
  if (!how.decrypts) return message.sealed ? Expect{SEC_E_MESSAGE_ALTERED} : Expect{SEC_E_OK};
  if (!message.sealed && context.seal && !how.asks) return {SEC_E_MESSAGE_ALTERED};
  return {SEC_E_OK};
}

void UnprotectWithNtlm(World& world, const Op& op, Drawn& drawn, Context& context, Random& random) {
  Message message = world.messages[op.item % kMessageSlots];
  if (message.from == 0) {
    message.token.assign(kSignature, 0);
    message.data.assign(4, 'x');
  }
  Received how = {op.entry == Entry::DecryptMessage, op.fault == Fault::kAltered, random.OneIn(2),
                  op.fault == Fault::kSmallSize};
  const bool stream = how.decrypts && random.OneIn(4) && message.package != Package::kTls;
  if (how.altered && context.sign && !message.data.empty() && random.OneIn(2)) {
    message.data[random.Below(static_cast<uint32_t>(message.data.size()))] ^= 0x40;
  } else if (how.altered) {
    message.token[5] ^= 0x40;
  }
  Octets token_octets = message.token;
  if (how.cut) token_octets.resize(random.Below(kSignature));
  if (stream) token_octets.insert(token_octets.end(), message.data.begin(), message.data.end());
  Memory token(token_octets);
  Memory data(message.data);
  SecBuffer buffers[2] = {
      {static_cast<ULONG>(token.size()), stream ? SECBUFFER_STREAM : SECBUFFER_TOKEN, token.data()},
      {stream ? 0 : static_cast<ULONG>(data.size()), SECBUFFER_DATA, stream ? nullptr : data.data()}};
  SecBufferDesc list = {SECBUFFER_VERSION, 2, buffers};
  Expect expected = drawn.good ? StateErrors(context) : Expect{SEC_E_INVALID_HANDLE};
  if (SpoilsList(op)) expected.Add(SEC_E_INVALID_TOKEN);
  const bool legal = expected.empty();
  // A context without integrity cannot decrypt, whatever the list is like.
  if (drawn.good && context.life == Life::kEstablished && how.decrypts && !context.sign)
    expected.Add(SEC_E_UNSUPPORTED_FUNCTION);
  if (legal) expected.Add(NtlmAnswers(context, message, how));
  SpoilList(op, random, &list, &buffers[0]);
  ULONG qop = 0x5A5A;
  ULONG* const ask = how.asks ? &qop : nullptr;
  SecBufferDesc* const given = op.fault == Fault::kNullArgument ? nullptr : &list;
  const SECURITY_STATUS status = how.decrypts ? TableA(op).DecryptMessage(drawn.pointer(), given, 0, ask)
                                              : TableA(op).VerifySignature(drawn.pointer(), given, 0, ask);
  Judge(world, legal && status == SEC_E_OK, expected, status);
  token.Check(world);
  data.Check(world);
  if (status != SEC_E_OK) {
    if (!token.Is(token_octets) || !data.Is(message.data)) Fail(world, "what was refused has changed");
    return;
  }
  if (context.sign) ++context.received;
  if (context.odd) return;
  const bool only_signed = how.decrypts && !message.sealed;
  if (how.asks) Require(world, qop == (only_signed ? SECQOP_WRAP_NO_ENCRYPT : 0), "another QOP");
  const auto* at = static_cast<const uint8_t*>(buffers[1].pvBuffer);
  if (context.sign && Octets(at, at + buffers[1].cbBuffer) != message.text) Fail(world, "another text");
}

Expect TlsAnswers(const Context& context, const Message& message, const Op& op, const Octets& record) {
  if (op.entry == Entry::VerifySignature) return {SEC_E_UNSUPPORTED_FUNCTION};
  if (op.fault == Fault::kCutToken) return {SEC_E_INCOMPLETE_MESSAGE};
  const bool records = message.package == Package::kTls && message.from != 0;
  if (!records) {
    Expect any = {SEC_E_ILLEGAL_MESSAGE};
    if (record.size() < 5) any.Add(SEC_E_INCOMPLETE_MESSAGE);
    return any;
  }
  if (context.peer_closed) return {SEC_I_CONTEXT_EXPIRED};
  if (!IsDue(context, message) || op.fault == Fault::kAltered)
    return {SEC_E_MESSAGE_ALTERED, SEC_E_ILLEGAL_MESSAGE};
  if (message.closes && !message.alert) return {SEC_I_CONTEXT_EXPIRED};
  if (message.alert) return {SEC_E_ILLEGAL_MESSAGE};  // what it says came encrypted
  return {SEC_E_OK};
}

void TakeTlsStatus(Context& context, const Message& message, SECURITY_STATUS status) {
  if (status == SEC_E_OK) {
    ++context.received;
  } else if (status == SEC_I_CONTEXT_EXPIRED) {
    context.peer_closed = true;
  } else if (status == SEC_E_ILLEGAL_MESSAGE || status == SEC_E_MESSAGE_ALTERED) {
    context.life = Life::kBroken;
    context.error = status;
  }
  (void)message;
}

void UnprotectWithTls(World& world, const Op& op, Drawn& drawn, Context& context, Random& random) {
  const Message& message = world.messages[op.item % kMessageSlots];
  Octets record = message.token;
  if (message.from == 0) record.assign(8, 0xEE);
  if (op.fault == Fault::kCutToken)
    record = Octets(message.token.begin(),
                    message.token.begin() + (message.package == Package::kTls && message.from != 0 ? 4 : 0));
  if (op.fault == Fault::kAltered) record.back() ^= 1;
  Memory in(record);
  const uint32_t empties = op.fault == Fault::kMissingBuffer ? random.Below(3) : 3;
  SecBuffer buffers[4] = {{static_cast<ULONG>(in.size()), SECBUFFER_DATA, in.data()}};
  SecBufferDesc list = {SECBUFFER_VERSION, 1 + empties, buffers};
  Expect expected = drawn.good ? StateErrors(context) : Expect{SEC_E_INVALID_HANDLE};
  if (SpoilsList(op)) expected.Add(SEC_E_INVALID_TOKEN);
  if (drawn.good && context.life == Life::kEstablished && op.entry == Entry::VerifySignature)
    expected.Add(SEC_E_UNSUPPORTED_FUNCTION);
  const bool legal = expected.empty();
  if (legal) expected = TlsAnswers(context, message, op, record);
  if (op.fault == Fault::kBadDescription) SpoilList(op, random, &list, &buffers[0]);
  SecBufferDesc* const given = op.fault == Fault::kNullArgument ? nullptr : &list;
  const SECURITY_STATUS status = op.entry == Entry::DecryptMessage
                                     ? TableA(op).DecryptMessage(drawn.pointer(), given, 0, nullptr)
                                     : TableA(op).VerifySignature(drawn.pointer(), given, 0, nullptr);
  Judge(world, legal && status >= 0, expected, status);
  in.Check(world);
  if (!legal) return;
  if (status == SEC_E_OK) {
    const auto* at = static_cast<const uint8_t*>(buffers[1].pvBuffer);
    if (Octets(at, at + buffers[1].cbBuffer) != message.text) Fail(world, "another text");
  }
  if (status == SEC_E_INCOMPLETE_MESSAGE && !in.Is(record)) Fail(world, "half a record was changed");
  TakeTlsStatus(context, message, status);
}

}  // namespace

void RunProtect(World& world, const Op& op) {
  Random random(op.seed);
  Drawn drawn = DrawContext(world, op);
  Context& context = world.contexts[op.slot % kContextSlots];
  const bool tls = context.package == Package::kTls;
  const ULONG qop = DrawQop(op, tls, random);
  Expect errors = {SEC_E_INVALID_HANDLE};
  if (drawn.good) errors = ProtectErrors(context, op, qop);
  if (!drawn.good && SpoilsList(op)) errors.Add(SEC_E_INVALID_TOKEN);
  if (tls) {
    ProtectWithTls(world, op, drawn, context, errors, qop, random);
  } else {
    ProtectWithNtlm(world, op, drawn, context, errors, qop, random);
  }
  Require(world, drawn.same(), "the handle has changed");
}

void RunUnprotect(World& world, const Op& op) {
  Random random(op.seed);
  Drawn drawn = DrawContext(world, op);
  Context& context = world.contexts[op.slot % kContextSlots];
  if (context.package == Package::kTls) {
    UnprotectWithTls(world, op, drawn, context, random);
  } else {
    UnprotectWithNtlm(world, op, drawn, context, random);
  }
  Require(world, drawn.same(), "the handle has changed");
}

namespace {

struct ControlToken {
  ULONG words[3];
  ULONG size;
  Expect errors;
  bool speaks;
};

ControlToken DrawControl(const Op& op, const Context& context, Random& random) {
  if (op.fault == Fault::kUnknown) {
    const ULONG kind = random.OneIn(2) ? SCHANNEL_RENEGOTIATE : 77;
    return {{kind, 0, 0}, 4, {SEC_E_UNSUPPORTED_FUNCTION}, false};
  }
  if (op.fault == Fault::kSmallSize)
    return {{SCHANNEL_ALERT, 2, 40}, 1 + random.Below(3), {SEC_E_INVALID_TOKEN}, false};
  if (op.fault == Fault::kGarbage) return {{SCHANNEL_ALERT, 9, 40}, 12, {SEC_E_INVALID_TOKEN}, false};
  const bool established = context.life == Life::kEstablished;
  switch (random.Below(established ? 3 : 2)) {
    case 0:
      return {{SCHANNEL_SHUTDOWN, 0, 0}, 4, {}, true};
    case 1:
      return {{SCHANNEL_SESSION, SSL_SESSION_DISABLE_RECONNECTS, 0}, 8, {}, false};
    default:
      return {{SCHANNEL_ALERT, TLS1_ALERT_FATAL, TLS1_ALERT_HANDSHAKE_FAILURE}, 12, {}, true};
  }
}

}  // namespace

void RunControl(World& world, const Op& op) {
  Random random(op.seed);
  Drawn drawn = DrawContext(world, op);
  Context& context = world.contexts[op.slot % kContextSlots];
  ControlToken control = DrawControl(op, context, random);
  Expect errors;
  const bool tls = context.package == Package::kTls;
  if (!drawn.good) errors.Add(SEC_E_INVALID_HANDLE);
  if (drawn.good && context.life == Life::kBroken) errors.Add(context.error);
  if (drawn.good && !tls) errors.Add(SEC_E_UNSUPPORTED_FUNCTION);
  if (drawn.good && tls && context.life != Life::kBroken) errors.Add(control.errors);
  if (SpoilsList(op)) errors.Add(SEC_E_INVALID_TOKEN);
  Memory token(Octets(reinterpret_cast<uint8_t*>(control.words),
                      reinterpret_cast<uint8_t*>(control.words) + control.size));
  SecBuffer buffer = {control.size, SECBUFFER_TOKEN, token.data()};
  SecBufferDesc list = {SECBUFFER_VERSION, 1, &buffer};
  SpoilList(op, random, &list, &buffer);
  const SECURITY_STATUS status =
      TableA(op).ApplyControlToken(drawn.pointer(), op.fault == Fault::kNullArgument ? nullptr : &list);
  Judge(world, errors.empty(), errors.empty() ? Expect{SEC_E_OK} : errors, status);
  Require(world, drawn.same(), "the handle has changed");
  if (status != SEC_E_OK || !control.speaks) return;
  context.speaks = true;
  context.closes = true;
  context.alert = control.words[0] == SCHANNEL_ALERT;
}

}  // namespace model
