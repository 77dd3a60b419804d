// SPDX-License-Identifier: Apache-2.0
#include "boards/common/console.h"

#include <signal.h>
#include <stdio.h>

#include "port/posix/posix.h"

namespace board {
namespace {

constinit volatile sig_atomic_t stop_asked = 0;

void AskToStop(int) {
  stop_asked = 1;
}

// Without SA_RESTART: a wait for sockets ends, and the program looks.
bool CatchSignals() {
  struct sigaction action = {};
  action.sa_handler = AskToStop;
  return sigaction(SIGTERM, &action, nullptr) == 0 && sigaction(SIGINT, &action, nullptr) == 0;
}

}  // namespace

int ReadOctet() {
  return getchar();
}

void Write(const char* octets, size_t size) {
  (void)fwrite(octets, 1, size, stdout);
}

void Flush() {
  (void)fflush(stdout);
}

void Complain(const char* text) {
  (void)fputs(text, stderr);
}

bool StopAsked() {
  static bool catches = false;
  if (!catches) catches = CatchSignals();
  return stop_asked != 0;
}

size_t ReadFile(const char* path, void* room, size_t capacity) {
  FILE* const file = fopen(path, "rb");
  if (file == nullptr) return 0;
  const size_t size = fread(room, 1, capacity, file);
  const bool good = ferror(file) == 0 && size < capacity;
  (void)fclose(file);
  if (!good) return 0;
  static_cast<char*>(room)[size] = 0;
  return size;
}

void SetDevice(const BARESSPI_DEVICE* device) {
  baresspi_posix_set_device(device);
}

}  // namespace board
