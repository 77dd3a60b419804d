// SPDX-License-Identifier: Apache-2.0
// A whole exchange of a Subject's, step by step; what it is measured with is the caller's.
#pragma once

#include "tests/bench/subject.h"

namespace bench {

constexpr int kMostTurns = 10;

// Around is called with (what, who, call): what it measures is call(), which returns whether it went well.
template <typename Around>
bool LogIn(const Subject& subject, Token tokens[2], Around around) {
  bool done[2] = {};
  const Token* in = nullptr;
  for (int turn = 0; turn < kMostTurns; ++turn) {
    const Who who = turn % 2 == 0 ? kClient : kServer;
    Token* const out = &tokens[who];
    Progress progress = Progress::kFailed;
    const bool went = around("handshake", who, [&] {
      progress = subject.step(who, in, out);
      return progress != Progress::kFailed;
    });
    if (!went) return false;
    done[who] = progress == Progress::kDone;
    if (done[kClient] && done[kServer]) return true;
    if (out->size == 0) return false;
    in = out;
  }
  return false;
}

}  // namespace bench
