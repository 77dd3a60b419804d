/* SPDX-License-Identifier: Apache-2.0 */
/* A clock for devices that have none: baresspi_port_clock (port/port.h), set once by hand or by SNTP (RFC
 * 4330, RFC 5905 14), and moved on by baresspi_milliseconds. Not known until it is set.
 *
 * SNTP is not authenticated: whoever is on the way between the device and the server can tell it any time,
 * and an expired certificate is good again at a time of its life. `earliest` bounds that. Who is not on the
 * way cannot answer, since an answer has to repeat 64 random bits of the question. */
#ifndef BARESSPI_PORT_LWIP_CLOCK_H
#define BARESSPI_PORT_LWIP_CLOCK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The time as it is now: UTC in units of 100 ns since 1601 (a FILETIME), from an RTC, or from the command
 * that started the device. */
void baresspi_lwip_clock_set(uint64_t filetime);

/* Asks an SNTP server (a name, or a numeric address; kept by reference) from now on: after two seconds
 * again, then ever more seldom (twice the time before) until there is an answer, and every hour then. port 0:
 * 123. earliest: an answer before it is not believed (a FILETIME, the firmware's build date for instance; 0:
 * any is). Returns 1, or 0: lwIP has no memory left for it. Does not wait. baresspi_lwip_begin
 * comes first. */
int baresspi_lwip_clock_ask(const char* server, uint16_t port, uint64_t earliest);

/* Asks no more. The clock goes on. */
void baresspi_lwip_clock_stop(void);

/* Waits until the clock is known. Returns 1, or 0: not in time (milliseconds). */
int baresspi_lwip_clock_wait(uint32_t timeout);

/* What became of the questions. */
typedef struct baresspi_lwip_clock_report {
  uint32_t asked;
  uint32_t answered;
  uint32_t ignored; /* packets that were no answer to a question of ours, malformed, or not believed */
  uint32_t refused; /* "kiss o' death" (RFC 4330 8): the server wants to be left alone, and is for an hour */
} baresspi_lwip_clock_report;
void baresspi_lwip_clock_get_report(baresspi_lwip_clock_report* report);

#ifdef __cplusplus
}
#endif
#endif
