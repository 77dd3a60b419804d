/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_PORTS_FREERTOS_TASK_H
#define TESTS_PORTS_FREERTOS_TASK_H

#include "FreeRTOS.h"

typedef struct tskTaskControlBlock* TaskHandle_t;
typedef struct {
  uint64_t room[4];
} StaticTask_t;
typedef void (*TaskFunction_t)(void*);

/* The stand-in gives a task a stack of the host's, and its scheduler returns when the last task has ended. */
TaskHandle_t xTaskCreateStatic(TaskFunction_t function, const char* name, uint32_t depth, void* argument,
                               UBaseType_t priority, StackType_t* stack, StaticTask_t* room);
void vTaskStartScheduler(void);
void vTaskDelete(TaskHandle_t task);

/* A task of NULL is the one that calls. */
void vTaskSetThreadLocalStoragePointer(TaskHandle_t task, BaseType_t index, void* value);
void* pvTaskGetThreadLocalStoragePointer(TaskHandle_t task, BaseType_t index);

#endif
