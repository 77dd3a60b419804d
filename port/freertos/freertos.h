/* SPDX-License-Identifier: Apache-2.0 */
/* The port for FreeRTOS: what has to happen before BareSSPI is called. */
#ifndef BARESSPI_PORT_FREERTOS_H
#define BARESSPI_PORT_FREERTOS_H

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the port's mutexes. Once, before any task calls BareSSPI: best in main, before
 * vTaskStartScheduler. BareSSPI itself is called by tasks alone, since its pointers are a task's. */
void baresspi_freertos_begin(void);

#ifdef __cplusplus
}
#endif
#endif
