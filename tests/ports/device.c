/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/ports/device.h"

#include <time.h>
#include <unistd.h>

#include "port/port.h"
#if defined(TESTS_PORT_FREERTOS)
#include "port/freertos/freertos.h"
#elif defined(TESTS_PORT_THREADX)
#include "port/threadx/threadx.h"
#endif

int tests_port_begin(void) {
#if defined(TESTS_PORT_FREERTOS)
  baresspi_freertos_begin();
#elif defined(TESTS_PORT_THREADX)
  return baresspi_threadx_begin();
#endif
  return 1;
}

int baresspi_port_clock(uint64_t* filetime) {
  *filetime = (11644473600u + (uint64_t)time(NULL)) * 10000000u;
  return 1;
}

#if !defined(TESTS_PORT_ZEPHYR) /* whose port has it */
int baresspi_port_random(void* out, size_t size) {
  return getentropy(out, size) == 0;
}
#endif

const BARESSPI_DEVICE* baresspi_port_device(void) {
  return NULL;
}

void baresspi_port_log(baresspi_event event, uint32_t detail) {
  (void)event;
  (void)detail;
}
