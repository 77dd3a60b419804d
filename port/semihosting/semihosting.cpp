// SPDX-License-Identifier: Apache-2.0
#include "port/semihosting/semihosting.h"

namespace semihosting {
namespace {

// Numbers of the operations: Arm "Semihosting for AArch32 and AArch64", chapter 5.
enum Operation : uintptr_t {
  kOpen = 0x01,
  kClose = 0x02,
  kWrite0 = 0x04,
  kRead = 0x06,
  kTime = 0x11,
  kGetCmdline = 0x15,
  kExitExtended = 0x20,
};
constexpr uintptr_t kModeReadBinary = 1;
constexpr uintptr_t kApplicationExit = 0x20026;  // ADP_Stopped_ApplicationExit

#if defined(__arm__) && defined(__thumb__)
uintptr_t Call(uintptr_t operation, const void* argument) {
  register uintptr_t r0 asm("r0") = operation;
  register const void* r1 asm("r1") = argument;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
#elif defined(__riscv)
// The three instructions are looked for as 32-bit ones within one page: hence norvc and the alignment.
uintptr_t Call(uintptr_t operation, const void* argument) {
  register uintptr_t a0 asm("a0") = operation;
  register const void* a1 asm("a1") = argument;
  asm volatile(
      ".option push\n"
      ".option norvc\n"
      ".balign 16\n"
      "slli zero, zero, 0x1f\n"
      "ebreak\n"
      "srai zero, zero, 7\n"
      ".option pop\n"
      : "+r"(a0)
      : "r"(a1)
      : "memory");
  return a0;
}
#else
#error "semihosting is known here for Arm M-profile and RISC-V only"
#endif

}  // namespace

int OpenForReading(const char* path, size_t path_length) {
  const uintptr_t block[3] = {reinterpret_cast<uintptr_t>(path), kModeReadBinary, path_length};
  return static_cast<int>(Call(kOpen, block));
}

size_t Read(int file, void* out, size_t size) {
  const uintptr_t block[3] = {static_cast<uintptr_t>(file), reinterpret_cast<uintptr_t>(out), size};
  const uintptr_t missing = Call(kRead, block);  // how many octets were not read; -1 for some hosts' errors
  return missing > size ? 0 : size - missing;
}

void Close(int file) {
  const uintptr_t block[1] = {static_cast<uintptr_t>(file)};
  Call(kClose, block);
}

void WriteText(const char* text) {
  Call(kWrite0, text);
}

void WriteHex(const char* label, uint32_t value) {
  char digits[] = "0x00000000\n";
  for (int i = 9; i >= 2; --i, value >>= 4) digits[i] = "0123456789abcdef"[value & 15];
  WriteText(label);
  WriteText(digits);
}

void WriteDecimal(uint32_t value) {
  char digits[11];
  size_t at = sizeof digits - 1;
  digits[at] = 0;
  do {
    digits[--at] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  WriteText(digits + at);
}

bool CommandLine(char* out, size_t size) {
  uintptr_t block[2] = {reinterpret_cast<uintptr_t>(out), size};
  return Call(kGetCmdline, block) == 0;
}

uint32_t Time() {
  const uintptr_t seconds = Call(kTime, nullptr);
  return seconds == UINTPTR_MAX ? 0 : static_cast<uint32_t>(seconds);
}

void Exit(uint32_t status) {
  const uintptr_t block[2] = {kApplicationExit, status};
  for (;;) Call(kExitExtended, block);
}

}  // namespace semihosting
