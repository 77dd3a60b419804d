/* SPDX-License-Identifier: Apache-2.0 */
/* What lwIP wants to know of the compiler and the firmware: GCC or clang, any processor, no C library but its
 * string functions. */
#ifndef BARESSPI_PORT_LWIP_ARCH_CC_H
#define BARESSPI_PORT_LWIP_ARCH_CC_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* port/lwip/random.cpp. */
uint32_t baresspi_lwip_random(void);
uint32_t baresspi_lwip_initial_sequence(uint32_t local_address, uint16_t local_port, uint32_t remote_address,
                                        uint16_t remote_port);
/* port/lwip/out_of_order.cpp. */
struct tcp_pcb;
uint16_t baresspi_lwip_out_of_order_limit(const struct tcp_pcb* pcb);

#ifdef __cplusplus
}
#endif

#ifndef BYTE_ORDER
#define BYTE_ORDER __BYTE_ORDER__ /* 1234 or 4321, as lwIP has them */
#endif

#define LWIP_NO_CTYPE_H 1
#define LWIP_NO_INTTYPES_H 1
#define LWIP_TIMEVAL_PRIVATE 0

/* A broken invariant of lwIP's ends the run: a fault, with the place. The text would be flash. */
#define LWIP_PLATFORM_ASSERT(text) __builtin_trap()
#define LWIP_PLATFORM_DIAG(arguments) ((void)0)

#endif
