/* SPDX-License-Identifier: Apache-2.0 */
/* The port for ThreadX: what has to happen before BareSSPI is called. */
#ifndef BARESSPI_PORT_THREADX_H
#define BARESSPI_PORT_THREADX_H

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the port's mutexes: in tx_application_define. Returns 1; 0 when ThreadX refused (called twice, or
 * from an interrupt handler). BareSSPI itself is called by threads alone, since its pointers are a thread's.
 */
int baresspi_threadx_begin(void);

#ifdef __cplusplus
}
#endif
#endif
