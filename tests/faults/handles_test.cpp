// SPDX-License-Identifier: Apache-2.0
// Handles that stand for nothing, of every package, in every function that takes one: SEC_E_INVALID_HANDLE,
// and not an octet of any pool changes. NTLM's alone, and during a handshake:
// tests/unit/sspi/handle_test.cpp.
#include <string.h>

#include <set>

#include "tests/faults/support/authority.h"
#include "tests/faults/support/pool_memory.h"
#include "tests/faults/support/surroundings.h"
#include "tests/support/scripted_port.h"
#include "tests/unit/sspi/functions.h"

namespace faults {
namespace {

using baresspi::Pool;
using baresspi::Slot;
using two_sides::ContextFunctions;
using two_sides::CredentialFunctions;
using two_sides::Function;

bool IsSame(const SecHandle& one, const SecHandle& other) {
  return one.dwLower == other.dwLower && one.dwUpper == other.dwUpper;
}

constexpr unsigned kBits = sizeof(ULONG_PTR) * 8;

// ---- That the lists of functions have all of the interface's. ----
enum Takes : uint8_t { kNothing, kContext, kCredential, kBoth };
struct Member {
  const char* name;
  Takes takes;
};
// In the order of both tables; A stands for A and W.
constexpr Member kMembers[] = {{"EnumerateSecurityPackagesA", kNothing},
                               {"QueryCredentialsAttributesA", kCredential},
                               {"AcquireCredentialsHandleA", kNothing},
                               {"FreeCredentialsHandle", kCredential},
                               {"", kNothing},
                               {"InitializeSecurityContextA", kBoth},
                               {"AcceptSecurityContext", kBoth},
                               {"CompleteAuthToken", kContext},
                               {"DeleteSecurityContext", kContext},
                               {"ApplyControlToken", kContext},
                               {"QueryContextAttributesA", kContext},
                               {"ImpersonateSecurityContext", kContext},
                               {"RevertSecurityContext", kContext},
                               {"MakeSignature", kContext},
                               {"VerifySignature", kContext},
                               {"FreeContextBuffer", kNothing},
                               {"QuerySecurityPackageInfoA", kNothing},
                               {"", kNothing},
                               {"", kNothing},
                               {"ExportSecurityContext", kContext},
                               {"ImportSecurityContextA", kNothing},
                               {"AddCredentialsA", kCredential},
                               {"", kNothing},
                               {"QuerySecurityContextToken", kContext},
                               {"EncryptMessage", kContext},
                               {"DecryptMessage", kContext},
                               {"SetContextAttributesA", kContext},
                               {"SetCredentialsAttributesA", kCredential},
                               {"ChangeAccountPasswordA", kNothing},
                               {"QueryContextAttributesExA", kContext},
                               {"QueryCredentialsAttributesExA", kCredential}};

bool Has(const std::vector<Function>& functions, const std::string& name) {
  for (const Function& function : functions) {
    if (name == function.name) return true;
  }
  return false;
}

TEST(HandleLists, HaveEveryFunctionOfTheTablesThatTakesAHandle) {
  constexpr size_t kCount = sizeof kMembers / sizeof kMembers[0];
  ASSERT_EQ(sizeof(SecurityFunctionTableA), (kCount + 1) * sizeof(void*)) << "the table has grown";
  void* pointers[kCount + 1];
  memcpy(pointers, InitSecurityInterfaceA(), sizeof pointers);
  size_t found = 0;
  for (size_t i = 0; i < kCount; ++i) {
    std::string name = kMembers[i].name;
    EXPECT_EQ(pointers[i + 1] == nullptr, name.empty()) << i;
    if (name.empty()) continue;
    for (const char form : {'A', 'W'}) {
      if (name.back() == 'A') name.back() = form;
      if (name.back() == 'W' && form == 'A') continue;
      EXPECT_EQ(Has(ContextFunctions(), name), (kMembers[i].takes & kContext) != 0) << name;
      EXPECT_EQ(Has(CredentialFunctions(), name), (kMembers[i].takes & kCredential) != 0) << name;
      if (name.back() != 'A') break;
    }
    ++found;
  }
  EXPECT_EQ(found, kCount - 4);
}

// ---- All packages at work, and what is around their handles. ----
class HandleFaults : public Test {
 protected:
  void SetUp() override {
    Test::SetUp();
    std::vector<Scenario> scenarios = {Logins()[0], Logins()[6]};
    if (!TlsConnections().empty()) scenarios.push_back(TlsConnections()[2]);
    for (const Scenario& scenario : scenarios) {
      auto exchange = std::make_unique<Exchange>(scenario);
      while (!exchange->established()) ASSERT_GE(exchange->Next().status, 0);
      exchanges_.push_back(std::move(exchange));
    }
    for (const auto& exchange : exchanges_) {
      for (Party* party : {&exchange->client(), &exchange->server()}) parties_.push_back(party);
    }
  }
  ~HandleFaults() override {
    for (const auto& exchange : exchanges_) {
      ConverseBetween(exchange->client(), exchange->server());
      exchange->End();
    }
  }

  std::vector<Octets> Snapshot() {
    std::vector<Octets> all;
    for (Party* party : parties_) {
      const Pool& contexts = ContextsOf(party->package());
      const Pool& credentials = CredentialsOf(party->package());
      if (!party->client() || party->package() == Package::kNegotiate) continue;  // each pool once
      all.push_back(MemoryOf(contexts, SlotOf(contexts, *party->context())));
      all.push_back(MemoryOf(credentials, SlotOf(credentials, *party->credential())));
    }
    return all;
  }

  bool IsLive(const SecHandle& handle, bool context) const {
    for (Party* party : parties_) {
      const SecHandle& live = context ? *party->context() : *party->credential();
      if (IsSame(live, handle)) return true;
    }
    return false;
  }

  // In every function: of contexts if it is none of a context, of credentials if it is none of those.
  void ExpectRefused(const SecHandle& handle, Row* row) {
    ++row->tried;
    for (const bool context : {true, false}) {
      if (IsLive(handle, context)) continue;
      for (const Function& function : context ? ContextFunctions() : CredentialFunctions()) {
        SecHandle copy = handle;
        const SECURITY_STATUS status = function.call(&copy);
        if (status != SEC_E_INVALID_HANDLE || !IsSame(copy, handle)) {
          FAIL() << function.name << " of " << std::hex << handle.dwLower << ", " << handle.dwUpper << ": "
                 << two_sides::StatusText(status);
        }
        ++row->calls;
        ++row->statuses[status];
      }
    }
  }

  void ExpectAllRefused(const char* name, const std::vector<SecHandle>& handles) {
    const std::vector<Octets> before = Snapshot();
    Row row;
    for (const SecHandle& handle : handles) {
      ExpectRefused(handle, &row);
      if (HasFatalFailure()) return;
    }
    row.refused = row.calls;
    EXPECT_TRUE(Snapshot() == before) << "something has changed";
    ExpectPortAtRest();
    Print("all packages", name, row);
  }

  std::vector<std::unique_ptr<Exchange>> exchanges_;
  std::vector<Party*> parties_;
};

TEST_F(HandleFaults, EveryBitFlipped) {
  std::vector<SecHandle> handles;
  for (Party* party : parties_) {
    for (const SecHandle& live : {*party->context(), *party->credential()}) {
      for (unsigned bit = 0; bit < kBits; ++bit) {
        handles.push_back({live.dwLower ^ (ULONG_PTR{1} << bit), live.dwUpper});
        handles.push_back({live.dwLower, live.dwUpper ^ (ULONG_PTR{1} << bit)});
      }
    }
  }
  ExpectAllRefused("handles, every bit flipped", handles);
}

TEST_F(HandleFaults, OfOneKindOrPackageForAnother) {
  std::vector<SecHandle> handles;
  for (Party* one : parties_) {
    handles.push_back(*one->context());
    handles.push_back(*one->credential());
    for (Party* other :
         parties_) {  // the slot of one with the generation of another, and the halves the other way
      handles.push_back({one->context()->dwLower, other->credential()->dwUpper});
      handles.push_back({other->credential()->dwLower, one->context()->dwUpper});
      handles.push_back({one->context()->dwUpper, other->context()->dwLower});
    }
  }
  // Those of the first list are a context's or a credential's, and tried as the other; of the crossed ones
  // some are live, since generations begin alike.
  ExpectAllRefused("handles, one kind for the other", handles);
}

TEST_F(HandleFaults, EveryPlaceWithEveryGenerationNearby) {
  std::set<std::pair<ULONG_PTR, ULONG_PTR>> near;
  for (Party* party : parties_) {
    for (const SecHandle& live : {*party->context(), *party->credential()}) {
      const ULONG_PTR base = live.dwLower & ~ULONG_PTR{0xFFFF};
      for (ULONG_PTR index = 0; index < 20; ++index) {
        for (ULONG_PTR apart = 0; apart < 17; ++apart) {
          near.insert({base | index, live.dwUpper + apart - 8});
          near.insert({base | index, apart});
        }
      }
      near.insert({base | 0xFFFF, live.dwUpper});
    }
  }
  std::vector<SecHandle> handles;
  for (const auto& [lower, upper] : near) handles.push_back({lower, upper});
  ExpectAllRefused("handles, every place and generation nearby", handles);
}

TEST_F(HandleFaults, RandomOnes) {
  std::vector<SecHandle> handles;
  uint64_t state = 0x2545F4914F6CDD1Du;
  const auto next = [&state] {  // xorshift, as the scripted port's
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<ULONG_PTR>(state);
  };
  const size_t count = two_sides::kOnBoard ? 100 : 3000;
  for (size_t i = 0; i < count; ++i) {
    handles.push_back({next(), next()});
    const SecHandle& live = *parties_[i % parties_.size()]->context();
    handles.push_back({live.dwLower, next()});
    handles.push_back({next() & 0xFFFFFFFF, live.dwUpper});
  }
  ExpectAllRefused("handles, random", handles);
}

TEST_F(HandleFaults, StaleOnes) {
  std::vector<SecHandle> handles;
  for (const auto& exchange : exchanges_) {
    for (Party* party : {&exchange->client(), &exchange->server()}) {
      // A place is used again and again, and each time its handle is another.
      Party again(party->package(), SECPKG_CRED_OUTBOUND, nullptr);
      again.Borrow(*exchange->client().credential());
      for (int i = 0; i < 8; ++i) {
        ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, again.Step({}).status);
        handles.push_back(*again.context());
        ASSERT_STATUS(SEC_E_OK, again.Delete());
      }
    }
  }
  ExpectAllRefused("handles, deleted", handles);
}

// ---- The generation goes round. ----
constexpr uint32_t kNearTheEnd[] = {0xFFFFFFFC, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF};

TEST_F(HandleFaults, ContextsWhoseGenerationGoesRound) {
  Row row;
  std::vector<SecHandle> dead;
  for (const auto& exchange : exchanges_) {
    Party& client = exchange->client();
    const Pool& pool = ContextsOf(client.package());
    for (const uint32_t start : kNearTheEnd) {
      Party again(client.package(), SECPKG_CRED_OUTBOUND, nullptr);
      again.Borrow(*client.credential());
      ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, again.Step({}).status);
      SlotOf(pool, *again.context())->generation = start;
      again.context()->dwUpper = start;
      for (int i = 0; i < 4; ++i) {  // over the end and beyond
        for (const SecHandle& handle : dead) EXPECT_FALSE(IsSame(handle, *again.context()));
        EXPECT_STATUS(SEC_E_UNSUPPORTED_FUNCTION, CompleteAuthToken(again.context(), nullptr))
            << "it is there";
        dead.push_back(*again.context());
        dead.push_back({again.context()->dwLower, (again.context()->dwUpper + 1) & 0xFFFFFFFF});
        ASSERT_STATUS(SEC_E_OK, again.Delete());
        ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, again.Step({}).status);
        EXPECT_LE(again.context()->dwUpper, 0xFFFFFFFFu);
      }
      ASSERT_STATUS(SEC_E_OK, again.Delete());
      for (const SecHandle& handle : dead) ExpectRefused(handle, &row);
      dead.clear();  // the next round comes by the same numbers
    }
  }
  row.refused = row.calls;
  Print("all packages", "handles, generation gone round", row);
}

TEST_F(HandleFaults, CredentialsWhoseGenerationGoesRound) {
  exchanges_[1]->End();  // for its places
  exchanges_.erase(exchanges_.begin() + 1);
  parties_.erase(parties_.begin() + 2, parties_.begin() + 4);
  const SEC_WINNT_AUTH_IDENTITY_A alice = two_sides::Alice();
  Row row;
  for (const auto& exchange : exchanges_) {
    const Package package = exchange->client().package();
    for (const uint32_t start : kNearTheEnd) {
      std::vector<SecHandle> dead;
      Party again(package, SECPKG_CRED_OUTBOUND, package == Package::kTls ? nullptr : &alice);
      ASSERT_STATUS(SEC_E_OK, again.Acquire());
      SlotOf(CredentialsOf(package), *again.credential())->generation = start;
      again.credential()->dwUpper = start;
      for (int i = 0; i < 4; ++i) {
        for (const SecHandle& handle : dead) EXPECT_FALSE(IsSame(handle, *again.credential()));
        dead.push_back(*again.credential());
        ASSERT_STATUS(SEC_E_OK, again.Free());
        ASSERT_STATUS(SEC_E_OK, again.Acquire());
      }
      for (const SecHandle& handle : dead) ExpectRefused(handle, &row);
    }
  }
  row.refused = row.calls;
  Print("all packages", "credentials, generation gone round", row);
}

TEST_F(HandleFaults, AHandleIsFoundOutHoweverLongItIsStale) {
  std::vector<SecHandle> handles;
  for (Party* party : parties_) {
    const Pool* const pools[] = {&ContextsOf(party->package()), &CredentialsOf(party->package())};
    for (size_t i = 0; i < 2; ++i) {
      SecHandle& live = i == 0 ? *party->context() : *party->credential();
      Slot* const slot = SlotOf(*pools[i], live);
      // As after so many uses of the slot.
      for (const uint32_t uses : {1U, 2U, 0x10000U, 0x40000U, 0x80000000U, 0xFFFFFFFEU, 0xFFFFFFFFU})
        handles.push_back({live.dwLower, static_cast<uint32_t>(slot->generation - uses)});
      // Of a machine with pointers of 64 bits: more than a generation has.
      if (kBits > 32) handles.push_back({live.dwLower, live.dwUpper | ULONG_PTR{1} << (kBits / 2)});
    }
  }
  ExpectAllRefused("handles, up to 2^32 - 1 uses ago", handles);
}

// ---- Tokens, which name a context in 32 bits (core/sspi/token.cpp). ----
TEST_F(HandleFaults, TokensThatAreStaleOrForged) {
  Party& server = exchanges_[0]->server();
  Slot* const slot = SlotOf(ContextsOf(server.package()), *server.context());
  Row row;
  const uint32_t generation = slot->generation;
  void* token = nullptr;
  ASSERT_STATUS(SEC_E_OK, QuerySecurityContextToken(server.context(), &token));
  const auto refused = [&row](uintptr_t value) {
    BARESSPI_TOKEN_INFO info;
    memset(&info, 0xA5, sizeof info);
    ++row.tried;
    const SECURITY_STATUS status = BareSspiQueryTokenInformation(reinterpret_cast<void*>(value), &info);
    ++row.statuses[status];
    EXPECT_STATUS(SEC_E_INVALID_HANDLE, status);
    EXPECT_EQ(info.User.Utf16le, nullptr) << "it says who it is in spite of that";
    row.refused += status == SEC_E_INVALID_HANDLE;
  };
  const auto value = reinterpret_cast<uintptr_t>(token);
  for (unsigned bit = 0; bit < kBits; ++bit) {
    if (bit == 18 || bit == 19 || bit == 20)
      continue;  // the next places' contexts: another server's may be there
    refused(value ^ uintptr_t{1} << bit);
  }
  for (const uint32_t uses : {1U, 2U, 3U, 0xFFFFU, 0x1FFFFU, 0x20000U, 0x3FFFEU, 0x3FFFFU}) {
    slot->generation = generation + uses;
    refused(value);
  }
  // Over the end of its 18 bits it still works.
  for (const uint32_t near : {0x3FFFEU, 0x3FFFFU, 0x40000U, 0xFFFFFFFFU, 0U}) {
    slot->generation = near;
    server.context()->dwUpper = near;
    ASSERT_STATUS(SEC_E_OK, QuerySecurityContextToken(server.context(), &token));
    BARESSPI_TOKEN_INFO info;
    EXPECT_STATUS(SEC_E_OK, BareSspiQueryTokenInformation(token, &info));
    EXPECT_EQ(info.UserId, two_sides::kAliceId);
  }
  slot->generation = generation;
  server.context()->dwUpper = generation;
  row.calls = row.tried;
  Print("NTLM", "tokens, forged or stale", row);
}

// A count of references that is full is no slot's undoing: up to 32,767 by core/base/pool.h.
TEST_F(HandleFaults, ACountOfReferencesThatIsFullFindsNothingMore) {
  Party& client = exchanges_[0]->client();
  const Pool& pool = CredentialsOf(client.package());
  const SecHandle live = *client.credential();
  Slot* const slot = SlotOf(pool, live);
  const int16_t refs = slot->refs;
  slot->refs = INT16_MAX;
  EXPECT_EQ(pool.Find(live.dwLower, live.dwUpper, Pool::Then::kPin), slot);
  EXPECT_LT(slot->refs, 0);
  EXPECT_EQ(pool.Find(live.dwLower, live.dwUpper, Pool::Then::kPin), nullptr);
  CredHandle copy = live;
  EXPECT_STATUS(SEC_E_INVALID_HANDLE, FreeCredentialsHandle(&copy));
  slot->refs = refs;
}

}  // namespace
}  // namespace faults
