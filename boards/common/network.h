// SPDX-License-Identifier: Apache-2.0
// What a board with Ethernet gives to lwIP (port/lwip), and what a program asks of it. Bare metal, one task:
// nothing runs but what is called, so whoever waits calls Poll (the sockets of port/lwip do).
#pragma once

#include <stdint.h>

struct netif;

namespace board {

// ---- A board's ethernet.cpp ----
// lwIP's netif_init_fn for the board's controller: sets hwaddr, mtu, flags, linkoutput.
signed char EthernetInit(struct netif* interface);
// Hands the frames that came to interface->input, and follows the cable (netif_set_link_up, _down).
void EthernetPoll(struct netif* interface);

// Frames, since the start.
struct EthernetCounts {
  uint32_t received;
  uint32_t sent;
  uint32_t bad;        // dropped: damaged on the way
  uint32_t no_memory;  // dropped: lwIP's pool was empty
  uint32_t overrun;    // dropped by the controller: its memory was full
  uint32_t not_sent;   // its memory was full
};
const EthernetCounts& EthernetCounted();

// ---- A board's timer.cpp ----
// Milliseconds since the start; wraps around.
uint32_t Milliseconds();
// Instructions executed since the start, where the board can tell (QEMU with -icount), or ticks of a clock.
uint64_t Ticks();
// Sleeps until something happens (a frame, an octet on the UART) or about a millisecond has gone by.
void Idle();

}  // namespace board
