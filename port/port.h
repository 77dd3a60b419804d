/* SPDX-License-Identifier: Apache-2.0 */
/* The port: everything that BareSSPI asks of the device. A port is one source file that defines these
 * functions; see port/posix and port/semihosting. None of them may call back into BareSSPI. */
#ifndef BARESSPI_PORT_H
#define BARESSPI_PORT_H

#include <baresspi/authority.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The clock: UTC in units of 100 ns since 1601-01-01 (a FILETIME). Writes it to *filetime and returns 1;
 * returns 0, with *filetime untouched, when the time is not known. Must never return 1 with a time that is a
 * guess (the zero of an unset RTC, the build date): without a clock NTLM uses the server's timestamp and
 * works; with a wrong one it may not. It may go backwards when it is set. */
int baresspi_port_clock(uint64_t* filetime);

/* Cryptographic random: fills out[0..size) and returns 1; returns 0 when the source has failed or is not
 * seeded yet, and then no token goes out (SEC_E_INTERNAL_ERROR; calling again later is allowed). Must never
 * return 1 with octets that an outsider can guess or that were handed out before: challenges and session keys
 * are made of them. At most 64 octets are asked for in one call. */
int baresspi_port_random(void* out, size_t size);

/* The lock over BareSSPI's pools: held for some hundred instructions (a few thousand when a query converts a
 * name), never while waiting, never twice by one task. Must never fail or time out. Does nothing on a device
 * with a single task. Priority inheritance is welcome. */
void baresspi_port_lock(void);
void baresspi_port_unlock(void);

/* The token that the current task acts with (ImpersonateSecurityContext): one pointer-sized value per task,
 * NULL at the task's start. It is a handle, not an address: BareSspiQueryTokenInformation says whose it is.
 * Must never return another task's value. A device with a single task keeps it in one variable. */
void baresspi_port_set_task_token(void* token);
void* baresspi_port_task_token(void);

/* ---- For TLS (BARESSPI_SCHANNEL_CLIENT, BARESSPI_SCHANNEL_SERVER) alone; a port without it may leave the
 * four out. ---- */
/* The lock around mbed TLS: held for as long as a step of a handshake or a record takes (config/README.md has
 * figures), never twice by one task. Another lock than baresspi_port_lock's, which is taken inside of it.
 * Does nothing on a device with a single task. Priority inheritance is welcome. */
void baresspi_port_tls_lock(void);
void baresspi_port_tls_unlock(void);

/* Where mbed TLS allocates on behalf of the current task: one pointer-sized value per task, NULL at the
 * task's start. Must never return another task's value. A device with a single task keeps it in one variable.
 */
void baresspi_port_set_task_arena(void* arena);
void* baresspi_port_task_arena(void);

/* The device's names, own account, authority and policy (<baresspi/authority.h>), or NULL when there is
 * nothing to tell. The same pointer every time, or NULL every time. */
const BARESSPI_DEVICE* baresspi_port_device(void);

/* A hook for the device's log. What happened, and a detail of it. Never gets a secret, a name or a peer's
 * octet. May do nothing. Called without the lock, at most once per API call. */
typedef enum baresspi_event {
  BARESSPI_EVENT_CLOCK_SKEW =
      1, /* the server's time and ours differ by about detail minutes, more than 36 hours */
  BARESSPI_EVENT_LOGON = 2,        /* an acceptor let a caller in; detail: its UserId */
  BARESSPI_EVENT_LOGON_DENIED = 3, /* an acceptor's handshake broke; detail: the SECURITY_STATUS */
  BARESSPI_EVENT_PEER_REFUSED = 4  /* an initiator's handshake broke; detail: the SECURITY_STATUS */
} baresspi_event;
void baresspi_port_log(baresspi_event event, uint32_t detail);

#ifdef __cplusplus
}
#endif
#endif
