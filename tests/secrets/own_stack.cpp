// SPDX-License-Identifier: Apache-2.0
#include "tests/secrets/own_stack.h"

#include "tests/secrets/output.h"

#if defined(__arm__)
#include "boards/common/console.h"
extern "C" {
// Of the linker script: behind .bss there is free memory.
extern uint8_t __data_start[], __bss_end[], end[];
}
#else
#include <stdio.h>
#include <sys/mman.h>
#include <ucontext.h>
extern "C" {
extern uint8_t __data_start[], _end[];
}
#endif

namespace secrets {
namespace {

#if defined(__arm__)
constexpr size_t kStack = 32768;
#else
constexpr size_t kStack = 262144;
#endif
constexpr uint8_t kPaint = 0x3D;

constinit size_t deepest = 0;

size_t Length(const char* text) {
  size_t length = 0;
  while (text[length] != 0) ++length;
  return length;
}

#if defined(__arm__)

uint8_t* Stack() {
  return end;
}

void Switch(void (*call)(void*), void* argument) {
  // The stack pointer is kept where the call must keep it.
  asm volatile(
      "mov r4, sp\n"
      "mov sp, %0\n"
      "mov r0, %2\n"
      "blx %1\n"
      "mov sp, r4\n"
      :
      : "r"(Stack() + kStack), "r"(call), "r"(argument)
      : "r0", "r1", "r2", "r3", "r4", "ip", "lr", "memory", "cc");
}

#else

uint8_t* Stack() {
  static uint8_t* const stack = static_cast<uint8_t*>(
      mmap(nullptr, kStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  return stack;
}

// A context's function takes integers alone. What runs when it has returned, to switch back, has the stack's
// top again: the call begins some way below that.
void (*the_call)(void*);
void* the_argument;
void Enter() {
  uint8_t above[512];
  asm volatile("" : : "r"(above) : "memory");
  the_call(the_argument);
  asm volatile("" : : "r"(above) : "memory");
}

void Switch(void (*call)(void*), void* argument) {
  // Kept by the C library while the call runs; not on the stack that is searched.
  ucontext_t before;
  ucontext_t context;
  getcontext(&context);
  context.uc_stack.ss_sp = Stack();
  context.uc_stack.ss_size = kStack;
  context.uc_link = &before;
  the_call = call;
  the_argument = argument;
  makecontext(&context, Enter, 0);
  swapcontext(&before, &context);
}

#endif

}  // namespace

void RunOnOwnStack(void (*call)(void*), void* argument) {
  // Volatile: the compiler must not think that nobody reads it.
  volatile uint8_t* const stack = Stack();
  for (size_t i = 0; i < kStack; ++i) stack[i] = kPaint;
  Switch(call, argument);
  const Memory touched = TouchedStack();
  const auto depth = static_cast<size_t>(touched.end - touched.begin);
  if (depth > deepest) deepest = depth;
}

Memory TouchedStack() {
  const uint8_t* const top = Stack() + kStack;
  const uint8_t* at = Stack();
  while (at != top && *at == kPaint) ++at;
  return {at, top};
}

size_t DeepestCall() {
  return deepest;
}

Memory ProgramMemory() {
#if defined(__arm__)
  return {__data_start, __bss_end};
#else
  return {__data_start, _end};
#endif
}

void Print(const char* text) {
#if defined(__arm__)
  board::Write(text, Length(text));
#else
  fwrite(text, 1, Length(text), stdout);
#endif
}

void Print(unsigned number) {
  char digits[12];
  size_t at = sizeof digits;
  digits[--at] = 0;
  do {
    digits[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  Print(digits + at);
}

}  // namespace secrets
