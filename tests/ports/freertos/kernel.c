/* SPDX-License-Identifier: Apache-2.0 */
/* As much of FreeRTOS as its port asks for: a task is a thread of the host. */
#include <pthread.h>

#include "FreeRTOS.h"
#include "semphr.h"
#include "task.h"
#include "tests/ports/mutex.h"

static _Thread_local void* pointers[configNUM_THREAD_LOCAL_STORAGE_POINTERS];

SemaphoreHandle_t xSemaphoreCreateMutexStatic(StaticSemaphore_t* room) {
  tests_mutex_create(room, sizeof *room);
  return (SemaphoreHandle_t)room;
}

BaseType_t xSemaphoreTake(SemaphoreHandle_t mutex, TickType_t ticks) {
  tests_assert(ticks == portMAX_DELAY, "a lock must not time out");
  tests_mutex_lock(mutex);
  return pdTRUE;
}

BaseType_t xSemaphoreGive(SemaphoreHandle_t mutex) {
  tests_mutex_unlock(mutex);
  return pdTRUE;
}

void vTaskSetThreadLocalStoragePointer(TaskHandle_t task, BaseType_t index, void* value) {
  tests_assert(task == NULL && index >= 0 && index < configNUM_THREAD_LOCAL_STORAGE_POINTERS, "this task's");
  pointers[index] = value;
}

void* pvTaskGetThreadLocalStoragePointer(TaskHandle_t task, BaseType_t index) {
  tests_assert(task == NULL && index >= 0 && index < configNUM_THREAD_LOCAL_STORAGE_POINTERS, "this task's");
  return pointers[index];
}

struct tskTaskControlBlock {
  TaskFunction_t function;
  void* argument;
  pthread_t thread;
};
static struct tskTaskControlBlock tasks[8];
static size_t count;

TaskHandle_t xTaskCreateStatic(TaskFunction_t function, const char* name, uint32_t depth, void* argument,
                               UBaseType_t priority, StackType_t* stack, StaticTask_t* room) {
  tests_assert(name != NULL && depth != 0 && priority != 0 && stack != NULL && room != NULL,
               "a task's parts");
  tests_assert(count < sizeof tasks / sizeof tasks[0], "so many tasks");
  tasks[count].function = function;
  tasks[count].argument = argument;
  return &tasks[count++];
}

static void* run(void* task) {
  struct tskTaskControlBlock* me = task;
  me->function(me->argument);
  tests_assert(0, "a task must not return");
  return NULL;
}

void vTaskStartScheduler(void) {
  for (size_t i = 0; i < count; ++i)
    tests_assert(pthread_create(&tasks[i].thread, NULL, run, &tasks[i]) == 0, "run");
  for (size_t i = 0; i < count; ++i) pthread_join(tasks[i].thread, NULL);
}

void vTaskDelete(TaskHandle_t task) {
  tests_assert(task == NULL, "this task's");
  pthread_exit(NULL);
}
