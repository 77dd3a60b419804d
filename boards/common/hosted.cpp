// SPDX-License-Identifier: Apache-2.0
// For images with newlib and its semihosting (the tests; --specs=rdimon.specs). What newlib's own start-up
// would have given.
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "boards/common/board.h"

extern "C" {

extern char end[], __heap_end[];

// The C++ runtime's name for this program, for destructors of static objects.
void* __dso_handle = nullptr;

// The heap is what RAM there is above .bss. newlib's own function takes the stack pointer for the heap's end,
// but here the stack is below the heap.
void* _sbrk(ptrdiff_t increment) {
  static char* heap = end;
  if (increment > __heap_end - heap || increment < end - heap) {
    errno = ENOMEM;
    return reinterpret_cast<void*>(-1);
  }
  char* const before = heap;
  heap += increment;
  return before;
}

// GoogleTest makes folders for report files; semihosting cannot.
int mkdir(const char*, mode_t) {
  errno = ENOSYS;
  return -1;
}

void _init() {}
void _fini() {}

void _exit(int status) {
  board::EndRun(status);
}
void board_exit(int status) {
  exit(status);
}

}  // extern "C"
