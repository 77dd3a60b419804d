// SPDX-License-Identifier: Apache-2.0
// Time, by Google Benchmark: BareSSPI and everybody else in one process, so that the machine is the same for
// all of them. What counts is the ratio of two medians of one run, with repetitions that take turns:
//
//   PROGRAM --benchmark_repetitions=9 --benchmark_enable_random_interleaving=true
//
// SUBJECT/seal+unseal/SIZE, SUBJECT/login (both sides, contexts deleted), SUBJECT/login by Negotiate.
#include <benchmark/benchmark.h>
#include <string.h>

#include <string>

#include "tests/bench/login.h"

namespace {

using bench::kBoth;
using bench::Subject;

bench::Token tokens[2];
uint8_t text[bench::kLargestMessage];

bool End(const Subject& subject) {
  return subject.end(bench::kClient) && subject.end(bench::kServer);
}

bool LogIn(const Subject& subject) {
  return bench::LogIn(subject, tokens, [](const char*, bench::Who, auto call) { return call(); });
}

// Each benchmark begins with credentials and ends without.
class Credentials {
 public:
  Credentials(const Subject& subject, bench::Package package) : subject_(subject) {
    for (const bench::Who who : kBoth) good_ = subject.acquire(who, package) && good_;
  }
  ~Credentials() {
    for (const bench::Who who : kBoth) (void)subject_.release(who);
  }
  bool good() const { return good_; }

 private:
  const Subject& subject_;
  bool good_ = true;
};

void TimeLogin(benchmark::State& state, const Subject* subject, bench::Package package) {
  const Credentials credentials(*subject, package);
  bool good = credentials.good();
  for (auto _ : state) good = good && LogIn(*subject) && End(*subject);
  if (!good) state.SkipWithError("the login");
}

void TimeSealing(benchmark::State& state, const Subject* subject) {
  const Credentials credentials(*subject, bench::Package::kNtlm);
  bool good = credentials.good() && LogIn(*subject);
  const auto size = static_cast<size_t>(state.range(0));
  for (auto _ : state) {
    bench::Message message = {text, size, {}};
    good = good && subject->protect(bench::Protection::kSealed, &message) &&
           subject->unprotect(bench::Protection::kSealed, &message);
    benchmark::ClobberMemory();
  }
  if (!good || !End(*subject)) state.SkipWithError("a message");
}

}  // namespace

int main(int argc, char** argv) {
  static constexpr const Subject* kSubjects[] = {&bench::kOurs, &bench::kBare, &bench::kWinpr, &bench::kGss};
  benchmark::Initialize(&argc, argv);
  for (const Subject* subject : kSubjects) {
    if (!subject->start()) return 1;
    const std::string name = subject->name;
    benchmark::RegisterBenchmark((name + "/seal+unseal").c_str(), TimeSealing, subject)
        ->Arg(64)
        ->Arg(1024)
        ->Arg(16384);
    benchmark::RegisterBenchmark((name + "/login").c_str(), TimeLogin, subject, bench::Package::kNtlm);
    if (!subject->negotiates) continue;
    benchmark::RegisterBenchmark((name + "/login by Negotiate").c_str(), TimeLogin, subject,
                                 bench::Package::kNegotiate);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
