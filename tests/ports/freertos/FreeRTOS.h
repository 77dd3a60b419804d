/* SPDX-License-Identifier: Apache-2.0 */
/* What port/freertos uses of FreeRTOS, declared as its documentation has it (V10, V11). The tests' kernel is
 * kernel.c, made of pthreads: a port that runs on it keeps the contract, and FreeRTOS itself was not there.
 */
#ifndef TESTS_PORTS_FREERTOS_H
#define TESTS_PORTS_FREERTOS_H

#include <stddef.h>
#include <stdint.h>

#include "FreeRTOSConfig.h"

typedef int32_t BaseType_t;
typedef uint32_t UBaseType_t;
typedef uint32_t StackType_t;
typedef uint32_t TickType_t;
#define pdTRUE ((BaseType_t)1)
#define portMAX_DELAY ((TickType_t)0xffffffffu)

typedef struct {
  uint64_t room[10];
} StaticSemaphore_t;

#endif
