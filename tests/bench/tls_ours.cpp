// SPDX-License-Identifier: Apache-2.0
// TLS with BareSSPI.
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/pair.h"
#include "tests/bench/tls_measured.h"

namespace bench {
namespace {

Pair pair;

void Check(const char* what, bool good) {
  if (good) return;
  fprintf(stderr, "%s: 0x%08x\n", what, static_cast<unsigned>(pair.status()));
  exit(1);
}

}  // namespace

void CallBegins(uintptr_t) {}
void CallEnds(Who, PCtxtHandle, SECURITY_STATUS) {}

void Acquire(int version) {
  Check("credentials", pair.Acquire({"", version == 13 ? SP_PROT_TLS1_3 : SP_PROT_TLS1_2, false, false}));
}

void Connect() {
  Check("handshake", pair.Connect());
}

unsigned Suite() {
  return pair.Suite();
}

size_t Largest() {
  return pair.Largest();
}

void PrintMemory() {
  for (const Who who : kBoth) {
    ULONG peak = 0;
    ULONG size = 0;
    Check("peak", BareSspiTlsArenaPeak(pair.context(who), &peak, &size) == SEC_E_OK);
    printf("arena of the %s: %u of %u\n", who == kClient ? "client" : "server", peak, size);
  }
}

void Transfer(size_t size) {
  Check("record", pair.Transfer(size));
}

void Disconnect() {
  Check("the connection's end", pair.Disconnect());
}

void Release() {
  Check("the credentials' end", pair.Release());
}

void BeginHandshakes() {}

void Handshake() {
  Connect();
  Disconnect();
}

void EndHandshakes() {
  Release();
}

}  // namespace bench
