// SPDX-License-Identifier: Apache-2.0
// The second login of each kind, and the second message of each, by what meter.h has. (What a library does
// once for all is in the first.) Linked with one Subject.
#include <stdio.h>
#include <string.h>

#include <initializer_list>

#include "tests/bench/login.h"
#include "tests/bench/meter.h"

#if !defined(BENCH_SUBJECT)
#error "who is measured?"
#endif

namespace {

using bench::kBoth;
using bench::Measure;
using bench::Who;

constexpr const bench::Subject& kSubject = bench::BENCH_SUBJECT;

bench::Token tokens[2];

bool Fail(const char* what) {
  fprintf(stderr, "%s: %s failed\n", kSubject.name, what);
  return false;
}

struct Names {
  const char* acquire;
  const char* handshake;
  const char* end;
  const char* release;
};

bool LogIn(bench::Package package, bool measured, const Names& names) {
  for (const Who who : kBoth) {
    if (!Measure(measured, names.acquire, who, [=] { return kSubject.acquire(who, package); }))
      return Fail(names.acquire);
  }
  const auto step = [&](const char*, Who who, auto call) {
    const bool good = Measure(measured, names.handshake, who, call);
    if (good && measured && RUNNING_ON_VALGRIND == 0) printf("token %zu\n", tokens[who].size);
    return good;
  };
  return bench::LogIn(kSubject, tokens, step) || Fail(names.handshake);
}

bool LogOut(bool measured, const Names& names) {
  for (const Who who : kBoth) {
    if (!Measure(measured, names.end, who, [=] { return kSubject.end(who); })) return Fail(names.end);
  }
  for (const Who who : kBoth) {
    if (!Measure(measured, names.release, who, [=] { return kSubject.release(who); }))
      return Fail(names.release);
  }
  return true;
}

bool LogInTwice(bench::Package package, const Names& names) {
  for (const bool second : {false, true}) {
    if (!LogIn(package, second, names) || !LogOut(second, names)) return false;
  }
  return true;
}

bool Transfer(bench::Protection protection, size_t size, bool measured) {
  static uint8_t text[bench::kLargestMessage];
  const bool sealed = protection == bench::Protection::kSealed;
  char names[2][32];
  snprintf(names[0], sizeof names[0], "%s %zu", sealed ? "seal" : "sign", size);
  snprintf(names[1], sizeof names[1], "%s %zu", sealed ? "unseal" : "verify", size);
  memset(text, 'x', size);
  bench::Message message = {text, size, {}};
  if (!Measure(measured, names[0], bench::kClient, [&] { return kSubject.protect(protection, &message); }))
    return Fail(names[0]);
  if (!Measure(measured, names[1], bench::kServer, [&] { return kSubject.unprotect(protection, &message); }))
    return Fail(names[1]);
  for (size_t i = 0; i < size; ++i) {
    if (message.text[i] != 'x') return Fail("the text");
  }
  return true;
}

bool Messages() {
  if (!LogIn(bench::Package::kNtlm, false, {"a credential", "a handshake", "", ""})) return false;
  for (const bench::Protection protection : {bench::Protection::kSealed, bench::Protection::kSigned}) {
    if (protection == bench::Protection::kSigned && !kSubject.signs) continue;
    for (const size_t size : {size_t{64}, size_t{1024}, bench::kLargestMessage}) {
      for (const bool second : {false, true}) {
        if (!Transfer(protection, size, second)) return false;
      }
    }
  }
  return LogOut(false, {"", "", "the context's end", "the credential's end"});
}

}  // namespace

int main() {
  if (!kSubject.start()) return 1;
  if (!LogInTwice(bench::Package::kNtlm, {"ntlm acquire", "ntlm handshake", "ntlm end", "ntlm release"}))
    return 1;
  if (kSubject.negotiates &&
      !LogInTwice(bench::Package::kNegotiate,
                  {"negotiate acquire", "negotiate handshake", "negotiate end", "negotiate release"})) {
    return 1;
  }
  return Messages() ? 0 : 1;
}
