// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/schannel/replay.h"

namespace tls_sides {
namespace {

void BurnTo(size_t handed_out) {
  uint8_t octet;
  while (scripted_port::RandomHandedOut() < handed_out) (void)baresspi_port_random(&octet, 1);
}

}  // namespace

Recording::Recording(Pair& pair) : pair_(pair) {
  scripted_port::Reset();
  Octets inbox;
  bool done[2] = {};
  for (bool client = true; !done[0] || !done[1]; client = !client) {
    if (turns_.size() > 10) {
      ADD_FAILURE() << "no end";
      break;
    }
    const size_t random = scripted_port::RandomHandedOut();
    const Result result = SideOf(client).Step(inbox, CallOf(client));
    EXPECT_TRUE(result.status == SEC_E_OK || result.status == SEC_I_CONTINUE_NEEDED)
        << two_sides::StatusText(result.status);
    if (result.status < 0) break;
    turns_.push_back({client, inbox, random, result});
    done[client ? 0 : 1] = result.status == SEC_E_OK;
    inbox = result.token;
  }
  pair_.DeleteContexts();
}

void Recording::ReplayTo(size_t turn) const {
  scripted_port::Reset();
  const bool client = turns_[turn].client;
  SideOf(client).DeleteContext();
  for (size_t i = 0; i < turn; ++i) {
    if (turns_[i].client != client) continue;
    BurnTo(turns_[i].random);
    const Result result = SideOf(client).Step(turns_[i].input, CallOf(client));
    EXPECT_STATUS(turns_[i].result.status, result.status);
  }
  BurnTo(turns_[turn].random);
}

Result Recording::Give(size_t turn, const Octets& input) const {
  const bool client = turns_[turn].client;
  return SideOf(client).Step(input, CallOf(client));
}

Outcome Recording::Live(size_t turn, const Octets& input) const {
  scripted_port::Reset();
  pair_.DeleteContexts();
  Outcome outcome;
  Octets inbox[2];
  for (size_t i = 0; i < turns_.size(); ++i) {
    const size_t me = i % 2;
    const bool client = me == 0;
    Result& mine = client ? outcome.client : outcome.server;
    if (i > 1 && mine.status != SEC_I_CONTINUE_NEEDED && mine.status != SEC_E_INCOMPLETE_MESSAGE) break;
    if (i == turn) inbox[me] = input;
    if (i > 0 && inbox[me].empty()) break;
    mine = SideOf(client).Step(inbox[me], CallOf(client));
    if (mine.status != SEC_E_INCOMPLETE_MESSAGE) inbox[me].clear();
    inbox[1 - me].insert(inbox[1 - me].end(), mine.token.begin(), mine.token.end());
  }
  return outcome;
}

}  // namespace tls_sides
