// SPDX-License-Identifier: Apache-2.0
// What TLS costs, both sides together (meter.h), when all that is done once has been done:
//
//   PROGRAM 12|13              a handshake of this version
//   PROGRAM 12|13 SIZE         kRecords records of SIZE octets, or of the largest
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/meter.h"
#include "tests/bench/port.h"
#include "tests/bench/tls_measured.h"

namespace {

constexpr int kRecords = 16;

// Under the client's name.
template <typename Call>
void MeasureBoth(const char* what, Call call) {
  (void)bench::Measure(true, what, bench::kClient, [&] {
    call();
    return true;
  });
}

void MeasureHandshake() {
  bench::Disconnect();
  bench::BeginHandshakes();
  bench::StartRandomAnew();
  MeasureBoth("handshake", bench::Handshake);
  bench::EndHandshakes();
}

void MeasureRecords(size_t wanted) {
  const size_t size = wanted < bench::Largest() ? wanted : bench::Largest();
  bench::Transfer(size);
  MeasureBoth("records", [=] {
    for (int i = 0; i < kRecords; ++i) bench::Transfer(size);
  });
  bench::Disconnect();
  bench::Release();
}

}  // namespace

int main(int argc, char** argv) {
  const int version = argc > 1 ? atoi(argv[1]) : 0;
  if (version != 12 && version != 13) {
    fprintf(stderr, "usage: %s 12|13 [SIZE]\n", argv[0]);
    return 2;
  }
  bench::Acquire(version);
  bench::Connect();
  printf("suite %04x\n", bench::Suite());
  bench::PrintMemory();
  if (argc > 2) {
    MeasureRecords(strtoul(argv[2], nullptr, 10));
  } else {
    MeasureHandshake();
  }
  return 0;
}
