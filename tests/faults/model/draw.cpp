// SPDX-License-Identifier: Apache-2.0
// Draws the next call: mostly one that leads somewhere, since logins are long, and then some that do not.
#include "tests/faults/model/steps.h"

namespace model {
namespace {

struct Hand {
  const World& world;
  Random& random;

  Op Make(Entry entry) const {
    return {entry,
            Fault::kNone,
            static_cast<uint8_t>(random.Below(kContextSlots)),
            static_cast<uint8_t>(random.Below(kCredentialSlots)),
            kNobody,
            static_cast<uint8_t>(random.Below(kMessageSlots)),
            false,
            random.Next()};
  }
  Entry OneOf(Entry first, Entry last) const {
    const auto count = static_cast<uint32_t>(last) - static_cast<uint32_t>(first) + 1;
    return static_cast<Entry>(static_cast<uint32_t>(first) + random.Below(count));
  }

  // A slot for which this holds, from a random one on; kNobody: there is none.
  template <typename Holds>
  uint8_t FindContext(Holds holds) const {
    const uint32_t from = random.Below(kContextSlots);
    for (uint32_t i = 0; i < kContextSlots; ++i) {
      const uint32_t slot = (from + i) % kContextSlots;
      if (holds(world.contexts[slot])) return static_cast<uint8_t>(slot);
    }
    return kNobody;
  }
  template <typename Holds>
  uint8_t FindCredential(Holds holds) const {
    const uint32_t from = random.Below(kCredentialSlots);
    for (uint32_t i = 0; i < kCredentialSlots; ++i) {
      const uint32_t slot = (from + i) % kCredentialSlots;
      if (holds(world.credentials[slot])) return static_cast<uint8_t>(slot);
    }
    return kNobody;
  }
  template <typename Holds>
  uint8_t FindMessage(Holds holds) const {
    const uint32_t from = random.Below(kMessageSlots);
    for (uint32_t i = 0; i < kMessageSlots; ++i) {
      const uint32_t slot = (from + i) % kMessageSlots;
      if (holds(world.messages[slot])) return static_cast<uint8_t>(slot);
    }
    return kNobody;
  }

  Op Acquire() const;
  Op Free() const;
  Op FirstOfClient() const;
  Op FirstOfServer(uint8_t client) const;
  Op GoOn() const;
  Op Established() const;
  Op Delete() const;
  Op Other() const;
  Op Aside() const;
  Op Good() const;
  Op Wild() const;
};

Op Hand::Acquire() const {
  // Who wants another one has to give one back at times.
  if ((CredentialsFull(world, false) || CredentialsFull(world, true)) && !random.OneIn(4)) return Free();
  Op op = Make(OneOf(Entry::AcquireCredentialsHandleA, Entry::AcquireCredentialsHandleW));
  const uint8_t slot = FindCredential([](const Credential& credential) { return !credential.open; });
  if (slot != kNobody) op.credential = slot;
  return op;
}

Op Hand::Free() const {
  Op op = Make(Entry::FreeCredentialsHandle);
  const uint8_t slot = FindCredential([](const Credential& credential) { return credential.open; });
  if (slot != kNobody) op.credential = slot;
  return op;
}

Op Hand::FirstOfClient() const {
  const bool tls = random.OneIn(6);  // its handshakes take a thousand times as long as the others' calls
  const uint8_t credential = FindCredential([&](const Credential& each) {
    return each.open && (each.use & SECPKG_CRED_OUTBOUND) != 0 && (each.package == Package::kTls) == tls;
  });
  if (credential == kNobody) return Acquire();
  Op op = Make(OneOf(Entry::InitializeSecurityContextA, Entry::InitializeSecurityContextW));
  op.first = true;
  op.credential = credential;
  const uint8_t slot = FindContext([](const Context& context) { return !context.live(); });
  if (slot != kNobody) op.slot = slot;
  return op;
}

Op Hand::FirstOfServer(uint8_t client) const {
  const Context& first = world.contexts[client];
  const uint8_t credential = FindCredential([&](const Credential& each) {
    const bool fits = each.package == first.package ||
                      (first.package == Package::kNtlm && each.package == Package::kNegotiate);
    return each.open && (each.use & SECPKG_CRED_INBOUND) != 0 && fits;
  });
  if (credential == kNobody) return Acquire();
  Op op = Make(Entry::AcceptSecurityContext);
  op.first = true;
  op.credential = credential;
  op.peer = random.OneIn(30) ? kNobody : client;
  const uint8_t slot = FindContext([](const Context& context) { return !context.live(); });
  if (slot != kNobody) op.slot = slot;
  return op;
}

// A token to whom it is for; where nobody waits for one, a server for a client's first.
Op Hand::GoOn() const {
  const uint8_t slot = FindContext([&](const Context& context) {
    if (context.life != Life::kHandshake) return false;
    for (const Context& peer : world.contexts) {
      const bool meant = peer.out.to == context.serial && !peer.out.octets.empty();
      if (meant && NextStep(context, peer.out).mends.empty()) return true;
    }
    return false;
  });
  if (slot == kNobody) {
    const uint8_t client = FindContext([](const Context& context) {
      return context.life == Life::kHandshake && context.initiator && context.step == 1 &&
             !context.out.octets.empty();
    });
    return client == kNobody ? FirstOfClient() : FirstOfServer(client);
  }
  const Context& context = world.contexts[slot];
  const uint8_t peer = FindContext([&](const Context& each) {
    return each.out.to == context.serial && !each.out.octets.empty() && each.serial != context.serial &&
           NextStep(context, each.out).mends.empty();
  });
  Op op = Make(context.initiator ? OneOf(Entry::InitializeSecurityContextA, Entry::InitializeSecurityContextW)
                                 : Entry::AcceptSecurityContext);
  op.slot = slot;
  op.peer = peer;
  return op;
}

Op Hand::Established() const {
  const auto is_due = [](const Context& context, const Message& message) {
    return message.from != 0 && message.session == context.session && message.package == context.package &&
           message.by_initiator != context.initiator && message.number == context.received;
  };
  const auto is_established = [](const Context& context) { return context.life == Life::kEstablished; };
  uint8_t slot = kNobody;
  if (random.OneIn(2)) {
    slot = FindContext([&](const Context& context) {
      return is_established(context) &&
             FindMessage([&](const Message& each) { return is_due(context, each); }) != kNobody;
    });
  }
  if (slot == kNobody) slot = FindContext(is_established);
  if (slot == kNobody) return GoOn();
  const Context& context = world.contexts[slot];
  const uint8_t due = FindMessage([&](const Message& each) { return is_due(context, each); });
  const uint32_t what = random.Below(20);
  Op op = Make(OneOf(Entry::QueryContextAttributesA, Entry::QueryContextAttributesExW));
  if (due != kNobody && what < 9) {
    const bool tls = context.package == Package::kTls;
    const bool sealed = world.messages[due].sealed;
    op.entry = tls || sealed || random.OneIn(4) ? Entry::DecryptMessage : Entry::VerifySignature;
    op.item = due;
  } else if (what < 9) {
    op.entry = random.OneIn(3) ? Entry::MakeSignature : Entry::EncryptMessage;
  } else if (what < 12) {
    op.entry = OneOf(Entry::QuerySecurityContextToken, Entry::RevertSecurityContext);
  } else if (what == 12) {
    op.entry = OneOf(Entry::SetContextAttributesA, Entry::SetContextAttributesW);
  } else if (what == 13 && context.speaks) {
    op.entry = context.initiator ? Entry::InitializeSecurityContextW : Entry::AcceptSecurityContext;
  } else if (what == 13 && random.OneIn(3)) {
    op.entry = Entry::ApplyControlToken;
  }
  op.slot = slot;
  return op;
}

Op Hand::Delete() const {
  Op op = Make(Entry::DeleteSecurityContext);
  const bool any = random.OneIn(ContextsFull(world, false) ? 2 : 6);
  const uint8_t slot = FindContext(
      [&](const Context& context) { return any ? context.live() : context.life == Life::kBroken; });
  if (slot != kNobody) op.slot = slot;
  return op;
}

// What has nothing to do with where a login is.
Op Hand::Other() const {
  Op op = Aside();
  if (random.OneIn(4)) op.fault = random.OneIn(2) ? Fault::kNullArgument : Fault::kWrongName;
  return op;
}

Op Hand::Aside() const {
  switch (random.Below(6)) {
    case 0:
      return Make(OneOf(Entry::FreeContextBuffer, Entry::InitSecurityInterfaceW));
    case 1:
      return Make(OneOf(Entry::BareSspiQueryTokenInformation, Entry::BareSspiTlsArenaPeak));
    case 2:
      return Make(OneOf(Entry::ExportSecurityContext, Entry::ImportSecurityContextW));
    case 3:
      return Make(OneOf(Entry::ChangeAccountPasswordA, Entry::ChangeAccountPasswordW));
    case 4:
      return Make(random.OneIn(2) ? Entry::CompleteAuthToken : Entry::ApplyControlToken);
    default: {
      Op op = Make(OneOf(Entry::AddCredentialsA, Entry::SetCredentialsAttributesW));
      if (op.entry == Entry::FreeCredentialsHandle) op.entry = Entry::AddCredentialsA;
      const uint8_t slot = FindCredential([](const Credential& credential) { return credential.open; });
      if (slot != kNobody) op.credential = slot;
      return op;
    }
  }
}

Op Hand::Good() const {
  const uint32_t goal = random.Below(100);
  if (goal < 3) return Acquire();
  if (goal < 4) return Free();
  if (goal < 11) return FirstOfClient();
  if (goal < 40) return GoOn();
  if (goal < 83) return Established();
  if (goal < 92) return Delete();
  return Other();
}

// Any function, with whatever lies about.
Op Hand::Wild() const {
  Op op = Make(static_cast<Entry>(random.Below(kEntries)));
  const bool handshake =
      op.entry >= Entry::InitializeSecurityContextA && op.entry <= Entry::AcceptSecurityContext;
  op.peer = random.OneIn(3) ? kNobody : static_cast<uint8_t>(random.Below(kContextSlots));
  op.first = handshake && random.OneIn(3);
  return op;
}

}  // namespace

Op Draw(const World& world, Random& random) {
  const Hand hand = {world, random};
  Op op = random.OneIn(8) ? hand.Wild() : hand.Good();
  if (random.OneIn(6)) op.fault = static_cast<Fault>(random.Below(static_cast<uint32_t>(Fault::kCount)));
  return op;
}

}  // namespace model
