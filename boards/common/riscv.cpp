// SPDX-License-Identifier: Apache-2.0
// RISC-V in machine mode, one hart: reset and traps. Interrupts are never enabled here.
#include "boards/common/board.h"

extern "C" {

extern uint8_t __flash_start[], __flash_size[];

[[noreturn, gnu::used]] void riscv_trap(uintptr_t stack_pointer) {
  uint32_t cause, pc;
  asm volatile(".option arch, +zicsr\n csrr %0, mcause\n csrr %1, mepc" : "=r"(cause), "=r"(pc));
  board_fault(cause, pc, stack_pointer);
}

// mtvec wants a multiple of four.
[[gnu::naked, gnu::used, gnu::aligned(4)]] void Trap() {
  asm volatile(
      "mv a0, sp\n"
      "la sp, __stack_top\n"
      "j riscv_trap\n");
}

// The program's own memory is made read-only by PMP entry 0 (locked, so that it binds machine mode too): as
// flash would be. RAM begins right above it with the stack, so that a stack that overflows faults. pmpcfg
// 0x9d: locked, naturally aligned power of two, execute and read.
[[gnu::naked, gnu::section(".vectors"), gnu::used]] void Reset() {
  asm volatile(
      ".option arch, +zicsr\n"
      ".option push\n"
      ".option norelax\n"
      "la gp, __global_pointer$\n"
      ".option pop\n"
      "la sp, __stack_top\n"
      "la t0, Trap\n"
      "csrw mtvec, t0\n"
      "lui t0, %hi(__flash_start)\n"
      "lui t1, %hi(__flash_size)\n"
      "srli t0, t0, 2\n"
      "srli t1, t1, 3\n"
      "addi t1, t1, -1\n"
      "or t0, t0, t1\n"
      "csrw pmpaddr0, t0\n"
      "li t0, 0x9d\n"
      "csrw pmpcfg0, t0\n"
      "j board_start\n");
}

}  // extern "C"
