// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/support/check.h"

#include <baresspi/authority.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/support/port.h"

namespace fuzz {

void Fail(const char* file, int line, const char* what) {
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
  abort();
}

void FailStatus(const char* file, int line, const char* what, SECURITY_STATUS status) {
  fprintf(stderr, "%s:%d: %s must not be 0x%08X\n", file, line, what, static_cast<unsigned>(status));
  abort();
}

Case::Case() {
  port::Reset();
}

Case::~Case() {
  for (const char* package : {"NTLM", "Negotiate", "Schannel"}) {
    BARESSPI_POOL_USE use = {};
    if (BareSspiQueryPoolUse(package, &use) == SEC_E_SECPKG_NOT_FOUND) continue;
    FUZZ_CHECK(use.Contexts == 0);
    FUZZ_CHECK(use.Credentials == 0);
  }
  FUZZ_CHECK(port::IsAtRest());
}

}  // namespace fuzz
