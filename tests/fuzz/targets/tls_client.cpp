// SPDX-License-Identifier: Apache-2.0
// A TLS client whose server, or somebody on the way, says what it likes. The input is a script of edits to
// recorded handshakes: tests/fuzz/support/tls_recording.h.
#include "tests/fuzz/support/tls_recording.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::tls::Play(true, data, size);
  return 0;
}
