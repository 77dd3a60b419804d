/* SPDX-License-Identifier: Apache-2.0 */
/* The port for FreeRTOS: locks and a task's pointers. Clock, random, device and log are the device's, in a
 * file of yours (port/GUIDE.md). In FreeRTOSConfig.h: configUSE_MUTEXES, configSUPPORT_STATIC_ALLOCATION and
 * INCLUDE_vTaskSuspend 1 (so that portMAX_DELAY waits for ever), and room for the two pointers below. */
#include "port/port.h"
#include "FreeRTOS.h"
#include "port/freertos/freertos.h"
#include "semphr.h"
#include "task.h"

/* Places in a task's thread-local storage that nobody else uses. (ESP-IDF's pthreads have the first.) */
#ifndef BARESSPI_FREERTOS_TOKEN_INDEX
#define BARESSPI_FREERTOS_TOKEN_INDEX 0
#endif
#ifndef BARESSPI_FREERTOS_ARENA_INDEX
#define BARESSPI_FREERTOS_ARENA_INDEX 1
#endif

#if configUSE_MUTEXES != 1 || configSUPPORT_STATIC_ALLOCATION != 1 || INCLUDE_vTaskSuspend != 1
#error \
    "FreeRTOSConfig.h: configUSE_MUTEXES, configSUPPORT_STATIC_ALLOCATION and INCLUDE_vTaskSuspend have to be 1"
#endif
#if configNUM_THREAD_LOCAL_STORAGE_POINTERS <= BARESSPI_FREERTOS_TOKEN_INDEX || \
    configNUM_THREAD_LOCAL_STORAGE_POINTERS <= BARESSPI_FREERTOS_ARENA_INDEX
#error "FreeRTOSConfig.h: configNUM_THREAD_LOCAL_STORAGE_POINTERS has to be larger than each index"
#endif
#if BARESSPI_FREERTOS_TOKEN_INDEX == BARESSPI_FREERTOS_ARENA_INDEX
#error "The token and the arena need a place each"
#endif

/* Mutexes, not binary semaphores: FreeRTOS's mutexes inherit priority. */
static StaticSemaphore_t pools_room;
static StaticSemaphore_t tls_room;
static SemaphoreHandle_t pools;
static SemaphoreHandle_t tls;

void baresspi_freertos_begin(void) {
  pools = xSemaphoreCreateMutexStatic(&pools_room);
  tls = xSemaphoreCreateMutexStatic(&tls_room);
}

/* A lock that is not there would let two tasks in: configASSERT stops a firmware that forgot to begin. */
static void take(SemaphoreHandle_t mutex) {
  configASSERT(mutex != NULL);
  (void)xSemaphoreTake(mutex, portMAX_DELAY);
}

void baresspi_port_lock(void) {
  take(pools);
}
void baresspi_port_unlock(void) {
  (void)xSemaphoreGive(pools);
}

void baresspi_port_set_task_token(void* token) {
  vTaskSetThreadLocalStoragePointer(NULL, BARESSPI_FREERTOS_TOKEN_INDEX, token);
}
void* baresspi_port_task_token(void) {
  return pvTaskGetThreadLocalStoragePointer(NULL, BARESSPI_FREERTOS_TOKEN_INDEX);
}

/* ---- For TLS alone. ---- */
void baresspi_port_tls_lock(void) {
  take(tls);
}
void baresspi_port_tls_unlock(void) {
  (void)xSemaphoreGive(tls);
}

void baresspi_port_set_task_arena(void* arena) {
  vTaskSetThreadLocalStoragePointer(NULL, BARESSPI_FREERTOS_ARENA_INDEX, arena);
}
void* baresspi_port_task_arena(void) {
  return pvTaskGetThreadLocalStoragePointer(NULL, BARESSPI_FREERTOS_ARENA_INDEX);
}
