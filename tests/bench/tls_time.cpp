// SPDX-License-Identifier: Apache-2.0
// Time, by Google Benchmark: of one who is measured, since the other has functions of the same names;
// tests/bench/run has them take turns. handshake/VERSION, records/VERSION/SIZE.
#include <benchmark/benchmark.h>

#include "tests/bench/tls_measured.h"

namespace {

void TimeHandshake(benchmark::State& state) {
  bench::Acquire(static_cast<int>(state.range(0)));
  bench::BeginHandshakes();
  for (auto _ : state) bench::Handshake();
  bench::EndHandshakes();
}

void TimeRecords(benchmark::State& state) {
  bench::Acquire(static_cast<int>(state.range(0)));
  bench::Connect();
  const auto wanted = static_cast<size_t>(state.range(1));
  const size_t size = wanted < bench::Largest() ? wanted : bench::Largest();
  for (auto _ : state) bench::Transfer(size);
  bench::Disconnect();
  bench::Release();
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  for (const int version : {12, 13}) {
    benchmark::RegisterBenchmark("handshake", TimeHandshake)->Arg(version);
    for (const int size : {16384, 1024, 64})
      benchmark::RegisterBenchmark("records", TimeRecords)->Args({version, size});
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
