// SPDX-License-Identifier: Apache-2.0
// What tls_ours.cpp and tls_plain.cpp have in common: their arguments, and what is measured (meter.h). All
// before it has been done once already.
//
//   PROGRAM 12|13              a handshake of this version, both sides, from nothing to nothing
//   PROGRAM 12|13 SIZE         kRecords records of SIZE octets (or the largest), each encrypted and decrypted
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/meter.h"
#include "tests/bench/port.h"

namespace bench {

constexpr int kRecords = 16;

struct Task {
  int version;         // 12, 13
  size_t record_size;  // 0: a handshake
};

// The two sides together, under the client's name.
template <typename Call>
void MeasureBoth(const char* what, Call call) {
  (void)Measure(true, what, kClient, [&] {
    call();
    return true;
  });
}

inline Task TaskOf(int argc, char** argv) {
  const Task task = {argc > 1 ? atoi(argv[1]) : 0,
                     argc > 2 ? static_cast<size_t>(strtoul(argv[2], nullptr, 10)) : 0};
  if (task.version != 12 && task.version != 13) {
    fprintf(stderr, "usage: %s 12|13 [SIZE]\n", argv[0]);
    exit(2);
  }
  return task;
}

}  // namespace bench
