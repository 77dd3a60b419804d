// SPDX-License-Identifier: Apache-2.0
// The console's commands.
#pragma once

// The longest command line, with a zero behind it.
#ifndef BARESSPI_DEVICE_LINE
#define BARESSPI_DEVICE_LINE 4096
#endif

namespace device {

// Obeys a line, and returns its exit status; kQuit: it was `quit`.
constexpr int kQuit = -1;
int Obey(const char* line);

}  // namespace device
