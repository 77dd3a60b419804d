// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace secrets {

// To standard output, or the board's UART.
void Print(const char* text);
void Print(unsigned number);

}  // namespace secrets
