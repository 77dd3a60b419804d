// SPDX-License-Identifier: Apache-2.0
// Exchanges that go on at the same time, a call of one and then of another, in every order: each makes the
// tokens that it makes alone, since each has random octets of its own ("same input, same port: same output").
// And one that breaks in the middle disturbs nobody.
#include <algorithm>

#include "tests/faults/support/authority.h"
#include "tests/faults/support/surroundings.h"
#include "tests/support/scripted_port.h"

namespace faults {
namespace {

// An exchange with a random sequence of its own.
class Player {
 public:
  // lender: whose credentials it uses, too; nullptr: it has its own.
  Player(const Scenario& scenario, uint64_t seed, Exchange* lender)
      : sequence_(seed),
        exchange_(lender == nullptr ? std::make_unique<Exchange>(scenario)
                                    : std::make_unique<Exchange>(scenario, *lender->client().credential(),
                                                                 *lender->server().credential())) {
    while (!exchange_->over() && exchange_->next() == What::kAcquire) Call();
  }

  // A call of the handshake; afterwards, in one, all messages; at last the end. False: there is nothing more.
  bool Move(bool end_apart) {
    if (exchange_->over()) return false;
    if (exchange_->next() == What::kHandshake) return Succeeds();
    const bool ending = exchange_->next() == What::kDelete;
    while (!exchange_->over() && (!end_apart || ending || exchange_->next() != What::kDelete)) {
      if (!Succeeds()) return false;
    }
    return true;
  }

  Made Call() {
    sequence_ = scripted_port::SwapSequence(sequence_);
    const Made made = exchange_->Next();
    sequence_ = scripted_port::SwapSequence(sequence_);
    ExpectPortAtRest();
    return made;
  }
  Exchange& exchange() { return *exchange_; }

 private:
  bool Succeeds() {
    const Made made = Call();
    EXPECT_GE(made.status, 0) << NameOf(made.what) << ": " << two_sides::StatusText(made.status);
    return made.status >= 0;
  }

  uint64_t sequence_;
  std::unique_ptr<Exchange> exchange_;
};

constexpr uint64_t kSeeds[] = {0x9E3779B97F4A7C15u, 0xD1B54A32D192ED03u, 0x2545F4914F6CDD1Du};

// Some exchanges, what each does alone, and whose credentials they use.
class Meeting {
 public:
  Meeting(std::vector<Scenario> scenarios, bool shared)
      : scenarios_(std::move(scenarios)),
        shared_(shared),
        alone_(scenarios_.size()),
        moves_(scenarios_.size()) {
    for (const Scenario& scenario : scenarios_) with_tls_ = with_tls_ || scenario.client == Package::kTls;
    for (size_t i = 0; i < scenarios_.size(); ++i) {
      Begin();
      while (players_[i]->Move(!with_tls_)) ++moves_[i];
      alone_[i] = players_[i]->exchange().tokens();
      EXPECT_GE(alone_[i].size(), 3u);
      End();
    }
  }

  // The order says whose move it is.
  void Play(const std::vector<size_t>& order) {
    Begin();
    for (const size_t i : order) EXPECT_TRUE(players_[i]->Move(!with_tls_));
    for (size_t i = 0; i < players_.size(); ++i) {
      EXPECT_TRUE(players_[i]->exchange().over());
      EXPECT_TRUE(players_[i]->exchange().tokens() == alone_[i]) << "other tokens than alone: " << i;
    }
    End();
  }

  // The first makes so many moves and the second so many, by turns; then the second is broken or deleted.
  void Break(size_t first, size_t second, bool deletes) {
    Begin();
    Player& one = *players_[0];
    Player& other = *players_[1];
    for (size_t i = 0; i < std::max(first, second); ++i) {
      if (i < first) {
        EXPECT_TRUE(one.Move(!with_tls_));
      }
      if (i < second) {
        EXPECT_TRUE(other.Move(!with_tls_));
      }
    }
    if (!deletes) {
      other.exchange().Spoil({99, 3, 3, 0, 4, 9, 9, 9, 9});  // nothing that any package knows
      EXPECT_LT(other.Call().status, 0);
    }
    other.exchange().End();
    while (one.Move(!with_tls_)) {
    }
    EXPECT_TRUE(one.exchange().over());
    EXPECT_TRUE(one.exchange().tokens() == alone_[0]) << "other tokens than alone";
    End();
  }

  const std::vector<size_t>& moves() const { return moves_; }
  size_t legs(size_t i) const { return alone_[i].size(); }
  bool with_tls() const { return with_tls_; }

 private:
  void Begin() {
    Restart();
    for (size_t i = 0; i < scenarios_.size(); ++i) {
      Exchange* lender = nullptr;
      if (shared_) {
        auto owner = std::make_unique<Exchange>(scenarios_[i]);
        const bool again = i != 0 && scenarios_[i].client == scenarios_[0].client;
        for (int calls = 0; !again && calls < 2; ++calls) EXPECT_STATUS(SEC_E_OK, owner->Next().status);
        if (!again) lenders_.push_back(std::move(owner));
        lender = again ? lenders_.front().get() : lenders_.back().get();
      }
      players_.push_back(std::make_unique<Player>(scenarios_[i], kSeeds[i], lender));
    }
  }
  void End() {
    for (auto& player : players_) player->exchange().End();
    players_.clear();
    for (auto& lender : lenders_) lender->End();
    lenders_.clear();
  }

  std::vector<Scenario> scenarios_;
  bool shared_;
  bool with_tls_ = false;
  std::vector<std::vector<Octets>> alone_;
  std::vector<size_t> moves_;
  std::vector<std::unique_ptr<Exchange>> lenders_;
  std::vector<std::unique_ptr<Player>> players_;
};

// Every order of so many moves each; the first is sorted.
std::vector<size_t> FirstOrder(const Meeting& meeting) {
  std::vector<size_t> order;
  for (size_t i = 0; i < meeting.moves().size(); ++i) order.insert(order.end(), meeting.moves()[i], i);
  return order;
}

const Scenario kNtlm = Logins()[0];
const Scenario kDatagram = Logins()[3];
const Scenario kNegotiate = Logins()[6];
const Scenario kHinted = Logins()[8];

// A session that one makes would be resumed by the other, with other tokens than alone.
Scenario Tls(size_t i) {
  Scenario scenario = TlsConnections()[i];
  scenario.flags = SCH_CRED_DISABLE_RECONNECTS;
  return scenario;
}

struct Interleaving : Test {
  void PlayAll(const Scenario& one, const Scenario& other, bool shared) {
    Meeting meeting({one, other}, shared);
    Row row;
    std::vector<size_t> order = FirstOrder(meeting);
    constexpr unsigned kStep = two_sides::kOnBoard ? 97 : 1;
    do {
      if (row.calls++ % kStep != 0) continue;
      meeting.Play(order);
      ++row.tried;
      if (HasFailure()) break;
    } while (std::next_permutation(order.begin(), order.end()));
    row.unharmed = row.tried;
    Report(one, other, shared ? "interleaved, one credential" : "interleaved", row);
  }

  void BreakAll(const Scenario& one, const Scenario& other) {
    Meeting meeting({one, other}, false);
    Row row;
    for (const bool deletes : {false, true}) {
      for (size_t first = 0; first < meeting.moves()[0]; ++first) {
        // A client's first call does not read what it is given.
        for (size_t second = 1; second < meeting.legs(1) + (deletes ? 1 : 0); ++second) {
          meeting.Break(first, second, deletes);
          ++row.tried;
          ++row.unharmed;
          if (HasFailure()) return;
        }
      }
    }
    row.calls = row.tried;
    Report(one, other, "the second breaks or is deleted", row);
  }

  void Report(const Scenario& one, const Scenario& other, const char* what, const Row& row) {
    Print((std::string(one.name) + " x " + other.name).c_str(), what, row);
  }
};

TEST_F(Interleaving, OfLoginsInEveryOrder) {
  for (const bool shared : {false, true}) {
    PlayAll(kNtlm, kNtlm, shared);
    PlayAll(kNtlm, kDatagram, shared);
    PlayAll(kNtlm, kNegotiate, shared);
  }
  PlayAll(kNegotiate, kNegotiate, true);
}

TEST_F(Interleaving, OfLoginsAndTlsInEveryOrder) {
  if (TlsConnections().empty()) GTEST_SKIP();
  PlayAll(kNtlm, Tls(0), false);
  PlayAll(kNegotiate, Tls(1), true);
}

TEST_F(Interleaving, OfTlsConnectionsInEveryOrder) {
  if (TlsConnections().empty()) GTEST_SKIP();
  PlayAll(Tls(0), Tls(1), false);
  PlayAll(Tls(1), Tls(1), true);
}

TEST_F(Interleaving, OneThatBreaksDisturbsNobody) {
  BreakAll(kNtlm, kNtlm);
  BreakAll(kNtlm, kNegotiate);
  BreakAll(kNegotiate, kNtlm);
  BreakAll(kNegotiate, kHinted);
}

TEST_F(Interleaving, OneTlsThatBreaksDisturbsNobody) {
  if (TlsConnections().empty()) GTEST_SKIP();
  BreakAll(Tls(0), Tls(0));
  BreakAll(Tls(1), Tls(0));
  BreakAll(kNegotiate, Tls(1));
  BreakAll(Tls(1), kNtlm);
}

// Sampled: there are millions of orders.
TEST_F(Interleaving, OfThreeInRandomOrders) {
  const auto sample = [this](const std::vector<Scenario>& scenarios, unsigned count) {
    if (two_sides::kOnBoard) count = 10;
    Meeting meeting(scenarios, true);
    Row row;
    std::vector<size_t> order = FirstOrder(meeting);
    uint64_t state = kSeeds[0];
    for (; row.tried < count; ++row.tried) {
      for (size_t i = order.size() - 1; i > 0; --i) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        std::swap(order[i], order[static_cast<size_t>(state % (i + 1))]);
      }
      meeting.Play(order);
      ASSERT_FALSE(HasFailure());
    }
    row.calls = row.unharmed = row.tried;
    std::string names;
    for (const Scenario& scenario : scenarios)
      names += (names.empty() ? "" : " x ") + std::string(scenario.name);
    Print(names.c_str(), "interleaved, random orders", row);
  };
  sample({kNtlm, kNtlm, kNtlm}, 1000);
  sample({kNtlm, kNtlm, kDatagram}, 1000);
  if (TlsConnections().empty()) return;
  sample({kNtlm, kNtlm, Tls(1)}, 150);
  sample({kNegotiate, Tls(0), kNegotiate}, 150);
}

}  // namespace
}  // namespace faults
