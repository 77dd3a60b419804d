// SPDX-License-Identifier: Apache-2.0
// What the parts of a bare-metal board are to one another: a processor's file (cortex_m.cpp, riscv.cpp) calls
// board_start and board_fault in start.cpp; a board's uart.cpp gives the UART.
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {

// From the linker script. Their addresses are what is meant.
extern uint32_t __stack_bottom[];
extern uint32_t __stack_top[];

// The reset code comes here with the stack pointer at __stack_top and nothing else set up. Runs main and ends
// the run.
[[noreturn]] void board_start();

// Every fault ends here, on a fresh stack: says what happened and ends the run.
// cause: Arm: the exception's number; RISC-V: mcause. pc: 0 when it is not known. stack_pointer: at the
// fault.
[[noreturn]] void board_fault(uint32_t cause, uint32_t pc, uintptr_t stack_pointer);

// How main's status leaves: start.cpp ends the run at once, hosted.cpp lets the C library clean up first.
[[noreturn]] void board_exit(int status);
}

namespace board {

// The UART by polling, 8N1 at whatever rate the reset gives or the board likes.
void UartInit();
uint8_t UartGet();
// Whether UartGet would return at once.
bool UartHasInput();
void UartPut(uint8_t octet);

// The deepest that the stack has been since the start, in octets: board_start paints it, this looks how far
// the paint is gone.
size_t DeepestStack();

// Prints DeepestStack to the host's console and ends the run.
[[noreturn]] void EndRun(int status);

// Splits text in place at blanks, as boards/run-image joins it: a backslash takes the next character as it
// is, double quotes are for an empty argument. Returns how many, or -1 when there are more than capacity.
int SplitArguments(char* text, char** arguments, int capacity);

}  // namespace board
