// SPDX-License-Identifier: Apache-2.0
// lwIP asks how many segments that came out of order it may keep, each time it has kept one more.
#include "lwip/opt.h"
#include "lwip/priv/tcp_priv.h"

#if TCP_QUEUE_OOSEQ

// They wait in the pool of received frames: little of it for each connection.
static constexpr uint16_t kMost = 4;

// lwIP 2.2.1 cuts the first one that it keeps, and a FIN, not to the window, and counts on it later: an
// assertion, with which any peer could end the run, and without it a window that wraps around. So with one
// that reaches beyond the window none are kept; whoever keeps to it sends no such thing.
uint16_t baresspi_lwip_out_of_order_limit(const tcp_pcb* pcb) {
  for (const tcp_seg* each = pcb->ooseq; each != nullptr; each = each->next) {
    if (each->tcphdr->seqno - pcb->rcv_nxt + TCP_TCPLEN(each) > pcb->rcv_wnd) return 0;
  }
  return kMost;
}

#endif
