// SPDX-License-Identifier: Apache-2.0
// Semihosting: calls that a bare-metal program makes to the debugger or the emulator it runs under. The few
// that the port and the boards need, for Arm M-profile (BKPT 0xAB) and RISC-V (the EBREAK sequence of the
// RISC-V semihosting specification). Without a debugger attached the first call faults: semihosting is for
// emulators and test benches.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace semihosting {

// Opens a file of the host for reading, in binary. Returns a handle, or -1.
int OpenForReading(const char* path, size_t path_length);

// Reads up to size octets. Returns how many were read: fewer than size at the end of the file or on an error.
size_t Read(int file, void* out, size_t size);

// Gives the handle back.
void Close(int file);

// Writes zero-terminated text to the host's console (QEMU: standard error).
void WriteText(const char* text);

// Writes a label, value as 0x and eight digits, and the end of the line.
void WriteHex(const char* label, uint32_t value);

// Writes value in decimal.
void WriteDecimal(uint32_t value);

// The command line, zero-terminated. False when the host has none or it does not fit.
bool CommandLine(char* out, size_t size);

// Seconds since 1970-01-01 UTC by the host's clock, 0 when the host does not know.
uint32_t Time();

// Ends the run; the host's exit status is the low eight bits of status.
[[noreturn]] void Exit(uint32_t status);

}  // namespace semihosting
