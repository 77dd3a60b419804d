// SPDX-License-Identifier: Apache-2.0
#include "boards/common/console.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "port/posix/posix.h"

namespace board {
namespace {

constinit volatile sig_atomic_t stop_asked = 0;
constinit bool stops_at_input = false;

// Input is buffered here, and not by stdio, which does not tell what it has.
constinit char input[4096];
constinit size_t input_size = 0;
constinit size_t input_read = 0;

// An end of the input is none.
bool HasInput() {
  int waiting = 0;
  return input_read < input_size || (ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting > 0);
}

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
  while (input_read == input_size) {
    const ssize_t count = read(STDIN_FILENO, input, sizeof input);
    if (count < 0 && errno == EINTR && stop_asked == 0) continue;
    if (count <= 0) return -1;
    input_read = 0;
    input_size = static_cast<size_t>(count);
  }
  return static_cast<unsigned char>(input[input_read++]);
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
  return stop_asked != 0 || (stops_at_input && HasInput());
}

void StopAtInput() {
  stops_at_input = true;
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
