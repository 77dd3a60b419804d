// SPDX-License-Identifier: Apache-2.0
// From reset to main and to the end of the run: memory, static constructors (only test images have some),
// arguments.
#include "boards/common/board.h"
#include "port/semihosting/semihosting.h"

// Room for the command line and its arguments.
#ifndef BOARD_COMMAND_LINE
#define BOARD_COMMAND_LINE 1024
#endif

extern "C" {
extern uint32_t __data_start[], __data_end[], __data_load[], __bss_start[], __bss_end[];
using Constructor = void (*)();
extern Constructor __preinit_array_start[], __preinit_array_end[], __init_array_start[], __init_array_end[];

// The C library's, in images that have one: opens the standard streams by semihosting.
[[gnu::weak]] void initialise_monitor_handles();

int board_main(int, char**) asm("main");
}

namespace {

constexpr uint32_t kPaint = 0x5a5aa5a5;
constexpr int kFaultStatus = 70;
constexpr int kNoArgumentsStatus = 71;
constexpr int kMaxArguments = 48;

constinit char command_line[BOARD_COMMAND_LINE];
constinit char* arguments[kMaxArguments + 1];

// Volatile: a call of memset would paint over its own frame.
void PaintStack() {
  const uintptr_t limit = reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) - 128;
  for (volatile uint32_t* at = __stack_bottom; reinterpret_cast<uintptr_t>(at) < limit; ++at) *at = kPaint;
}

void InitMemory() {
  const uint32_t* from = __data_load;
  for (uint32_t* to = __data_start; to < __data_end; ++to) *to = *from++;
  for (uint32_t* to = __bss_start; to < __bss_end; ++to) *to = 0;
}

void Construct(Constructor* from, Constructor* to) {
  for (; from < to; ++from) (*from)();
}

}  // namespace

namespace board {

size_t DeepestStack() {
  const volatile uint32_t* at = __stack_bottom;
  while (at < __stack_top && *at == kPaint) ++at;
  return static_cast<size_t>(reinterpret_cast<uintptr_t>(__stack_top) - reinterpret_cast<uintptr_t>(at));
}

void EndRun(int status) {
  semihosting::WriteText("stack: deepest ");
  semihosting::WriteDecimal(static_cast<uint32_t>(DeepestStack()));
  semihosting::WriteText(" of ");
  semihosting::WriteDecimal(static_cast<uint32_t>(reinterpret_cast<uintptr_t>(__stack_top) -
                                                  reinterpret_cast<uintptr_t>(__stack_bottom)));
  semihosting::WriteText(" octets\n");
  semihosting::Exit(static_cast<uint32_t>(status) & 0xff);
}

}  // namespace board

[[gnu::weak]] void board_exit(int status) {
  board::EndRun(status);
}

void board_start() {
  PaintStack();
  InitMemory();
  board::UartInit();
  if (initialise_monitor_handles != nullptr) initialise_monitor_handles();
  Construct(__preinit_array_start, __preinit_array_end);
  Construct(__init_array_start, __init_array_end);
  int count = -1;
  if (semihosting::CommandLine(command_line, sizeof command_line)) {
    count = board::SplitArguments(command_line, arguments, kMaxArguments);
  }
  if (count < 0) {
    semihosting::WriteText("board: no command line, or too long a one\n");
    semihosting::Exit(kNoArgumentsStatus);
  }
  board_exit(board_main(count, arguments));
}

void board_fault(uint32_t cause, uint32_t pc, uintptr_t stack_pointer) {
  semihosting::WriteHex("board: fault ", cause);
  semihosting::WriteHex("board: at pc ", pc);
  if (stack_pointer < reinterpret_cast<uintptr_t>(__stack_bottom)) {
    semihosting::WriteText("board: the stack has overflowed\n");
  }
  semihosting::Exit(kFaultStatus);
}
