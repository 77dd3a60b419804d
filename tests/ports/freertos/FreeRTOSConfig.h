/* SPDX-License-Identifier: Apache-2.0 */
/* The lines that port/freertos asks for. */
#define configUSE_MUTEXES 1
#define configSUPPORT_STATIC_ALLOCATION 1
#define INCLUDE_vTaskSuspend 1
#define configNUM_THREAD_LOCAL_STORAGE_POINTERS 2

#ifdef __cplusplus
extern "C" {
#endif
void tests_assert(int holds, const char* what);
#ifdef __cplusplus
}
#endif
#define configASSERT(x) tests_assert((x) != 0, #x)
