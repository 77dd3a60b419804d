// SPDX-License-Identifier: Apache-2.0
// What must hold whatever the input is. A check that does not hold ends the program, and libFuzzer keeps the
// input.
#pragma once

#include <baresspi/sspi.h>

#include <initializer_list>

namespace fuzz {

// Says where and what, and aborts.
[[noreturn]] void Fail(const char* file, int line, const char* what);
[[noreturn]] void FailStatus(const char* file, int line, const char* what, SECURITY_STATUS status);

inline bool IsOneOf(SECURITY_STATUS status, std::initializer_list<SECURITY_STATUS> allowed) {
  for (const SECURITY_STATUS one : allowed) {
    if (status == one) return true;
  }
  return false;
}

// All about one input: the port is as after switching on when it begins; when it ends, no context and no
// credential of any package is left, no lock is held, and the task has no arena.
class Case {
 public:
  Case();
  ~Case();
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;
};

}  // namespace fuzz

#define FUZZ_CHECK(condition) ((condition) ? void() : fuzz::Fail(__FILE__, __LINE__, #condition))

// FUZZ_STATUS(status, SEC_E_OK, SEC_E_...): the status is one of those that the call's specification names.
#define FUZZ_STATUS(status, ...) \
  (fuzz::IsOneOf((status), {__VA_ARGS__}) ? void() : fuzz::FailStatus(__FILE__, __LINE__, #status, (status)))
