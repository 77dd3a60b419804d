/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_PORTS_FREERTOS_SEMPHR_H
#define TESTS_PORTS_FREERTOS_SEMPHR_H

#include "FreeRTOS.h"

typedef struct QueueDefinition* SemaphoreHandle_t;

/* Macros there, over functions of queues. */
SemaphoreHandle_t xSemaphoreCreateMutexStatic(StaticSemaphore_t* room);
BaseType_t xSemaphoreTake(SemaphoreHandle_t mutex, TickType_t ticks);
BaseType_t xSemaphoreGive(SemaphoreHandle_t mutex);

#endif
