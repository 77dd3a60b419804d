// SPDX-License-Identifier: Apache-2.0
// NTLM and Negotiate on the board, and the bare cryptography of both: a line for each kind of call and side.
//
//   ours|bare WHAT client|server instructions I stack S
//
// I: of all the calls of that kind. S: the deepest of them, octets below its caller.
#include "config/baresspi_config.h"
#include "tests/bench/board_meter.h"
#include "tests/bench/login.h"

namespace {

using bench::kBoth;
using bench::Say;
using bench::Subject;
using bench::Who;

constinit bench::Token tokens[2] = {};
constinit uint8_t text[bench::kLargestMessage] = {};

struct Sum {
  uint64_t instructions;
  uintptr_t stack;
};

template <typename Call>
bool Add(Sum* sum, Call call) {
  bench::CallStarts(reinterpret_cast<uintptr_t>(__builtin_frame_address(0)));
  const bool good = call();
  const bench::CallCost cost = bench::CallStops();
  sum->instructions += cost.instructions;
  if (cost.stack > sum->stack) sum->stack = cost.stack;
  return good;
}

void Print(const Subject& subject, const char* what, Who who, const Sum& sum) {
  Say(&subject == &bench::kOurs ? "ours " : "bare ");
  Say(what);
  Say(who == bench::kClient ? " client" : " server");
  Say(" instructions ", sum.instructions);
  Say(" stack ", sum.stack);
  Say("\n");
}

bool Acquire(const Subject& subject, bench::Package package, const char* what) {
  for (const Who who : kBoth) {
    Sum sum = {};
    if (!Add(&sum, [&] { return subject.acquire(who, package); })) return false;
    if (what != nullptr) Print(subject, what, who, sum);
  }
  return true;
}

bool LogIn(const Subject& subject, const char* what) {
  Sum sums[2] = {};
  const auto add = [&](const char*, Who who, auto call) { return Add(&sums[who], call); };
  if (!bench::LogIn(subject, tokens, add)) return false;
  for (const Who who : kBoth) {
    if (what != nullptr) Print(subject, what, who, sums[who]);
  }
  return true;
}

bool LogOut(const Subject& subject) {
  for (const Who who : kBoth) {
    if (!subject.end(who) || !subject.release(who)) return false;
  }
  return true;
}

struct MessageKind {
  bench::Protection protection;
  size_t size;
  const char* names[2];
};
constexpr MessageKind kMessages[] = {
    {bench::Protection::kSealed, 64, {"seal-64", "unseal-64"}},
    {bench::Protection::kSealed, 1024, {"seal-1024", "unseal-1024"}},
    {bench::Protection::kSealed, 16384, {"seal-16384", "unseal-16384"}},
    {bench::Protection::kSigned, 64, {"sign-64", "verify-64"}},
    {bench::Protection::kSigned, 1024, {"sign-1024", "verify-1024"}},
    {bench::Protection::kSigned, 16384, {"sign-16384", "verify-16384"}},
};

bool Transfer(const Subject& subject, const MessageKind& kind) {
  for (size_t i = 0; i < kind.size; ++i) text[i] = 'x';
  bench::Message message = {text, kind.size, {}};
  Sum sums[2] = {};
  if (!Add(&sums[bench::kClient], [&] { return subject.protect(kind.protection, &message); }) ||
      !Add(&sums[bench::kServer], [&] { return subject.unprotect(kind.protection, &message); })) {
    return false;
  }
  for (size_t i = 0; i < kind.size; ++i) {
    if (text[i] != 'x') return false;
  }
  for (const Who who : kBoth) Print(subject, kind.names[who], who, sums[who]);
  return true;
}

bool Run(const Subject& subject) {
  if (!subject.start() || !Acquire(subject, bench::Package::kNegotiate, nullptr) ||
      !LogIn(subject, "negotiate-handshake") || !LogOut(subject) ||
      !Acquire(subject, bench::Package::kNtlm, "ntlm-acquire") || !LogIn(subject, "ntlm-handshake")) {
    return false;
  }
  for (const MessageKind& kind : kMessages) {
    if (!Transfer(subject, kind)) return false;
  }
  return LogOut(subject);
}

}  // namespace

int main() {
  bench::StartTimer();
  static constexpr const Subject* kSubjects[] = {&bench::kOurs, &bench::kBare};
  for (const Subject* subject : kSubjects) {
    if (Run(*subject)) continue;
    Say(subject->name);
    Say(" failed\n");
    return 1;
  }
  return 0;
}
