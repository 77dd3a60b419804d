/* SPDX-License-Identifier: Apache-2.0 */
/* lwIP without an operating system (NO_SYS=1), for one task: begins an interface, keeps it going, and tells
 * what became of it. With it come the sockets of port/sockets.h (sockets.cpp of this folder) and a clock
 * (clock.h).
 *
 * Nothing runs by itself. Frames and timers are looked after in baresspi_lwip_poll, which every function of
 * port/sockets.h that waits calls; a program that computes for long calls it itself. Not from an interrupt
 * handler.
 *
 * What the firmware gives: lwIP's sys_now (milliseconds), baresspi_port_random, and a driver. */
#ifndef BARESSPI_PORT_LWIP_STACK_H
#define BARESSPI_PORT_LWIP_STACK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct netif;

/* An interface, and where its addresses come from. Kept by reference, the texts too. */
typedef struct baresspi_lwip_settings {
  /* The driver: lwIP's netif_init_fn. NULL: the firmware adds its interfaces to lwIP itself (netif_add), or
   * has none but the loopback; addresses are then its own affair as well. */
  signed char (*init)(struct netif* interface);
  /* Hands the frames that came to interface->input, and follows the cable (netif_set_link_up, _down). NULL:
   * the firmware does it elsewhere, in the same task. */
  void (*poll)(struct netif* interface);
  /* Called while there is nothing to do but to wait: may sleep until an interrupt, but for no longer than
   * about a millisecond where nothing ends the sleep. NULL: waiting is polling. */
  void (*idle)(void);
  /* The device's name, told to the DHCP server (option 12). NULL: none. */
  const char* host_name;
  /* "192.0.2.7", "255.255.255.0", and the router's. address NULL: all from DHCP. gateway NULL: there is none.
   */
  const char* address;
  const char* netmask;
  const char* gateway;
  /* The DNS server's address. NULL: DHCP's. */
  const char* name_server;
} baresspi_lwip_settings;

/* Initialises lwIP (once) and begins the interface; does not wait for its addresses. Returns 1, or 0: an
 * address is none, or the driver refused. */
int baresspi_lwip_begin(const baresspi_lwip_settings* settings);

/* Frames, timers, the loopback. Returns at once. */
void baresspi_lwip_poll(void);

/* Polls, and lets the board idle for a moment. For loops that wait for something else than a socket. */
void baresspi_lwip_wait(void);

/* Waits until the link is up and the interface has an address. Returns 1, or 0: not in time (milliseconds).
 */
int baresspi_lwip_wait_until_up(uint32_t timeout);

/* Whether the cable is in, and whether there is an address besides. */
int baresspi_lwip_link_is_up(void);
int baresspi_lwip_is_up(void);

/* The addresses as text; empty where there is none. */
typedef struct baresspi_lwip_addresses {
  char address[16];
  char netmask[16];
  char gateway[16];
  char name_server[16];
  char hardware[18]; /* "52:54:00:12:34:56" */
} baresspi_lwip_addresses;
void baresspi_lwip_get_addresses(baresspi_lwip_addresses* addresses);

/* The memory that lwIP has, in octets. */
typedef struct baresspi_lwip_memory {
  uint32_t heap_size; /* its heap (MEM_SIZE): what is sent is copied there */
  uint32_t heap_now;
  uint32_t heap_most;  /* at most since the start */
  uint32_t pools_size; /* its pools: frames received, connections, timers */
  uint32_t pools_now;
  uint32_t pools_most;  /* the sum of what each was at most */
  uint32_t refused;     /* how often there was none left */
  uint32_t sockets_now; /* sockets open, and at most, and how many there are */
  uint32_t sockets_most;
  uint32_t sockets_size;
} baresspi_lwip_memory;
void baresspi_lwip_get_memory(baresspi_lwip_memory* memory);

#ifdef __cplusplus
}
#endif
#endif
