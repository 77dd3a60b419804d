// SPDX-License-Identifier: Apache-2.0
// A port that knows nothing and can do nothing, so that the image links. Its size is not counted, nor is the
// program's.
#include "port/port.h"

int baresspi_port_clock(uint64_t*) {
  return 0;
}
int baresspi_port_random(void*, size_t) {
  return 0;
}
void baresspi_port_lock(void) {}
void baresspi_port_unlock(void) {}
void baresspi_port_set_task_token(void*) {}
void baresspi_port_tls_lock(void) {}
void baresspi_port_tls_unlock(void) {}
void baresspi_port_set_task_arena(void*) {}
void* baresspi_port_task_arena(void) {
  return nullptr;
}
void* baresspi_port_task_token(void) {
  return nullptr;
}
const BARESSPI_DEVICE* baresspi_port_device(void) {
  return nullptr;
}
void baresspi_port_log(baresspi_event, uint32_t) {}
