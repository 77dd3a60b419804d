// SPDX-License-Identifier: Apache-2.0
// An example as a program of its own. BARESSPI_EXAMPLE: which of examples.h.
#include "boards/examples/examples.h"

int main(int count, char** arguments) {
  return examples::BARESSPI_EXAMPLE(count, arguments);
}
