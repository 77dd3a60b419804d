// SPDX-License-Identifier: Apache-2.0
// GoogleTest on a board. Its command line comes by semihosting, so --gtest_filter works as on the host.
#include <gtest/gtest.h>

#include "port/posix/posix.h"
#include "port/semihosting/port.h"
#include "tests/support/scripted_port.h"

// The board's console calls one of these, though no test does. They belong to the ports in whose place the
// scripted one is linked.
void baresspi_semihosting_set_device(const BARESSPI_DEVICE* device) {
  scripted_port::SetDevice(device);
}
void baresspi_posix_set_device(const BARESSPI_DEVICE* device) {
  scripted_port::SetDevice(device);
}

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::UnitTest::GetInstance()->total_test_count() == 0) return 1;  // linking has lost them
  return RUN_ALL_TESTS();
}
