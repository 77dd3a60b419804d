// SPDX-License-Identifier: Apache-2.0
// GoogleTest on a board. Its command line comes by semihosting, so --gtest_filter works as on the host.
#include <gtest/gtest.h>

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::UnitTest::GetInstance()->total_test_count() == 0)
    return 1;  // an image with no test has lost them in linking
  return RUN_ALL_TESTS();
}
