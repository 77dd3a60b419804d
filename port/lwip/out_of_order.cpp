// SPDX-License-Identifier: Apache-2.0
// lwIP asks how many pieces of what came out of order it may keep, each time it has kept one more.
#include "lwip/opt.h"
#include "lwip/priv/tcp_priv.h"

#if TCP_QUEUE_OOSEQ

// They wait in the pool of received frames: little of it for each connection.
static constexpr uint16_t kMost = 4;

// lwIP 2.2.1 does not cut to the window what it keeps first, nor a FIN that it finds among it later, and
// counts on both: an assertion, with which any peer could end the run, and without it a window that wraps
// around. So nothing is kept from a segment on that reaches beyond the window or has a FIN. Whoever keeps to
// the window sends none of the former, and the latter again.
uint16_t baresspi_lwip_out_of_order_limit(const tcp_pcb* pcb) {
  uint16_t pieces = 0;
  for (const tcp_seg* each = pcb->ooseq; each != nullptr; each = each->next) {
    const uint32_t end = each->tcphdr->seqno - pcb->rcv_nxt + each->len;
    if (end > pcb->rcv_wnd || (TCPH_FLAGS(each->tcphdr) & TCP_FIN) != 0) break;
    pieces = static_cast<uint16_t>(pieces + pbuf_clen(each->p));
  }
  return LWIP_MIN(pieces, kMost);
}

#endif
