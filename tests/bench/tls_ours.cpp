// SPDX-License-Identifier: Apache-2.0
// TLS with BareSSPI: what tests/bench/run counts instructions of. See tls_measured.h.
#include "tests/bench/pair.h"
#include "tests/bench/tls_measured.h"

namespace bench {

void CallBegins(uintptr_t) {}
void CallEnds(Who, PCtxtHandle, SECURITY_STATUS) {}

}  // namespace bench

namespace {

bench::Pair pair;

[[noreturn]] void Fail(const char* what) {
  fprintf(stderr, "%s: 0x%08x\n", what, static_cast<unsigned>(pair.status()));
  exit(1);
}

void Handshake() {
  if (!pair.Connect() || !pair.Disconnect()) Fail("handshake");
}

void Records(size_t size) {
  for (int i = 0; i < bench::kRecords; ++i) {
    if (!pair.Transfer(size)) Fail("record");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Task task = bench::TaskOf(argc, argv);
  const bench::Scenario scenario = {"", task.version == 13 ? SP_PROT_TLS1_3 : SP_PROT_TLS1_2, false, false};
  if (!pair.Acquire(scenario)) Fail("credentials");
  if (!pair.Connect()) Fail("handshake");
  printf("suite %04x\n", pair.Suite());
  for (const bench::Who who : bench::kBoth) {
    ULONG peak = 0;
    ULONG size = 0;
    if (BareSspiTlsArenaPeak(pair.context(who), &peak, &size) != SEC_E_OK) Fail("peak");
    printf("arena of the %s: %u of %u\n", who == bench::kClient ? "client" : "server", peak, size);
  }
  if (task.record_size == 0) {
    if (!pair.Disconnect()) Fail("end");
    bench::StartRandomAnew();
    bench::MeasureBoth("handshake", Handshake);
  } else {
    const size_t size = task.record_size < pair.Largest() ? task.record_size : pair.Largest();
    if (!pair.Transfer(size)) Fail("record");
    bench::MeasureBoth("records", [=] { Records(size); });
    if (!pair.Disconnect()) Fail("end");
  }
  return pair.Release() ? 0 : 1;
}
