// SPDX-License-Identifier: Apache-2.0
// Handshakes in which every bit may be another and every record be cut: an error of SSPI or a handshake that
// is correct still, never a crash, all slots back, and nobody else harmed. The suites are named TlsLong: they
// take their time.
#include "tests/unit/schannel/replay.h"

namespace tls_sides {
namespace {

// Two who talk all the while.
struct Bystanders : Pair {
  Bystanders() : Pair({"", SP_PROT_TLS1_3, false, false}, SCH_CRED_DISABLE_RECONNECTS) { Establish(); }
  void Converse() { tls_sides::Converse(client, server); }
};

class TlsLongHostile : public Test, public testing::WithParamInterface<size_t> {
 protected:
  const Kind& kind() const { return kKinds[GetParam()]; }

  // One altered input. True when somebody took it for good.
  void Try(const Recording& recording, Pair& pair, size_t turn, const Octets& altered) {
    recording.ReplayTo(turn);
    const Result result = recording.Give(turn, altered);
    Side& side = recording.turns()[turn].client ? static_cast<Side&>(pair.client) : pair.server;
    ++tries_;
    if (result.status < 0 && result.status != SEC_E_INCOMPLETE_MESSAGE) {
      ASSERT_EQ(0x8009u, static_cast<uint32_t>(result.status) >> 16) << two_sides::StatusText(result.status);
      if (side.has_context()) {
        const Result again = side.Step(altered);
        ASSERT_STATUS(result.status, again.status);
        ASSERT_EQ(0u, again.size);
      }
    } else {
      const Outcome outcome = recording.Live(turn, altered);
      if (outcome.client.status == SEC_E_OK && outcome.server.status == SEC_E_OK) {
        ++harmless_;
        Octets record;
        ASSERT_STATUS(SEC_E_OK, pair.client.Seal({'o', 'k'}, &record));
        ASSERT_EQ(Octets({'o', 'k'}), pair.server.Open(record).text);
      }
    }
    pair.DeleteContexts();
    bystanders_.Converse();
  }

  Bystanders bystanders_;
  size_t tries_ = 0;
  size_t harmless_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Kind, TlsLongHostile, testing::Range(size_t{0}, sizeof kKinds / sizeof kKinds[0]));

TEST_P(TlsLongHostile, AnyFlippedBitIsAnErrorOrHarmless) {
  Pair pair(kind(), SCH_CRED_DISABLE_RECONNECTS);
  const Recording recording(pair);
  // All bits where that is affordable; elsewhere every n-th, which is prime to 8, so that all places of an
  // octet are.
  size_t step = GetParam() < 2 ? 1 : GetParam() < 4 ? 7 : 29;
  if (two_sides::kOnBoard) step = 1009;
  for (size_t turn = 1; turn < recording.turns().size(); ++turn) {
    const Octets& input = recording.turns()[turn].input;
    for (size_t bit = turn; bit < input.size() * 8; bit += step) {
      Octets altered = input;
      altered[bit / 8] = static_cast<uint8_t>(altered[bit / 8] ^ (1U << bit % 8));
      Try(recording, pair, turn, altered);
      if (HasFatalFailure()) FAIL() << "turn " << turn << ", bit " << bit << " of " << input.size() * 8;
    }
  }
  EXPECT_GT(tries_, harmless_);
  printf("%s: %zu altered, %zu of them harmless\n", kind().name, tries_, harmless_);
}

TEST_P(TlsLongHostile, CutOffAnywhereItWaitsForMore) {
  Pair pair(kind(), SCH_CRED_DISABLE_RECONNECTS);
  const Recording recording(pair);
  const size_t step = two_sides::kOnBoard ? 211 : kind().rsa ? 37 : 5;
  for (size_t turn = 1; turn < recording.turns().size(); ++turn) {
    const Octets& input = recording.turns()[turn].input;
    for (size_t size = 0; size < input.size(); size += step) {
      recording.ReplayTo(turn);
      const Octets part(input.begin(), input.begin() + static_cast<ptrdiff_t>(size));
      const Result result = recording.Give(turn, part);
      if (size < Records(input)[0].size()) {
        ASSERT_STATUS(SEC_E_INCOMPLETE_MESSAGE, result.status) << size;
      } else if (result.status != SEC_E_OK) {
        ASSERT_STATUS(SEC_I_CONTINUE_NEEDED, result.status) << "turn " << turn << ", " << size;
      }
      // The rest comes, and all is well.
      if (result.status != SEC_E_OK) {
        const bool nothing = result.status == SEC_E_INCOMPLETE_MESSAGE;
        const size_t used = nothing ? 0 : size - result.extra;
        const Result whole = recording.Give(turn, Tail(input, input.size() - used));
        ASSERT_STATUS(recording.turns()[turn].result.status, whole.status) << "turn " << turn << ", " << size;
        ASSERT_EQ(recording.turns()[turn].result.token,
                  Joined(nothing ? Octets() : result.token, whole.token));
      }
      pair.DeleteContexts();
      bystanders_.Converse();
    }
  }
}

TEST_P(TlsLongHostile, AShortenedRecordIsAnError) {
  Pair pair(kind(), SCH_CRED_DISABLE_RECONNECTS);
  const Recording recording(pair);
  const size_t step = two_sides::kOnBoard ? 211 : kind().rsa ? 37 : 3;
  for (size_t turn = 1; turn < recording.turns().size(); ++turn) {
    const std::vector<Octets> records = Records(recording.turns()[turn].input);
    for (size_t at = 0; at < records.size(); ++at) {
      for (size_t size = 0; size + 5 < records[at].size(); size += step) {
        Octets altered;
        for (size_t i = 0; i < records.size(); ++i) {
          Octets record = records[i];
          if (i == at) {
            record.resize(5 + size);
            record[3] = static_cast<uint8_t>(size >> 8);
            record[4] = static_cast<uint8_t>(size);
          }
          altered = Joined(altered, record);
        }
        Try(recording, pair, turn, altered);
        if (HasFatalFailure()) FAIL() << "turn " << turn << ", record " << at << " of " << size;
      }
    }
  }
  EXPECT_EQ(0u, harmless_);
}

// Records dropped, doubled, swapped, or of another kind of handshake.
TEST_P(TlsLongHostile, RecordsInAnotherOrderAreAnErrorOrHarmless) {
  Pair pair(kind(), SCH_CRED_DISABLE_RECONNECTS);
  const Recording recording(pair);
  for (size_t turn = 1; turn < recording.turns().size(); ++turn) {
    const std::vector<Octets> records = Records(recording.turns()[turn].input);
    for (size_t at = 0; at < records.size(); ++at) {
      for (int what = 0; what < 3; ++what) {
        std::vector<Octets> altered = records;
        const auto place = altered.begin() + static_cast<ptrdiff_t>(at);
        if (what == 0) altered.erase(place);
        if (what == 1) altered.insert(place, records[at]);
        if (what == 2) std::swap(altered[at], altered[(at + 1) % altered.size()]);
        Octets input;
        for (const Octets& record : altered) input = Joined(input, record);
        if (input.empty()) continue;
        Try(recording, pair, turn, input);
        if (HasFatalFailure()) FAIL() << "turn " << turn << ", record " << at << ", way " << what;
      }
    }
  }
}

}  // namespace
}  // namespace tls_sides
