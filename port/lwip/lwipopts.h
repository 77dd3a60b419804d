/* SPDX-License-Identifier: Apache-2.0 */
/* lwIP's configuration for a device that serves a few clients and is a client itself, of which port/lwip
 * needs what is under "needed". Sizes are for a device with some 500 KiB of RAM to spare; each says what it
 * is for. A firmware with an lwIP of its own keeps its own lwipopts.h, and gives BARESSPI_LWIP_OPTIONS the
 * folder. */
#ifndef BARESSPI_PORT_LWIP_LWIPOPTS_H
#define BARESSPI_PORT_LWIP_LWIPOPTS_H

/* ---- Needed. ---- */
#define NO_SYS 1 /* one task, no operating system */
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define SYS_LIGHTWEIGHT_PROT 0 /* nothing is called from an interrupt handler */
#define LWIP_CALLBACK_API 1
#define LWIP_DNS 1
#define LWIP_NETIF_HOSTNAME 1
#define TCP_LISTEN_BACKLOG 1
#define SO_REUSE 1  /* listening again while connections of before are in TIME_WAIT */
#define MEM_STATS 1 /* baresspi_lwip_get_memory */
#define MEMP_STATS 1
/* So that no peer can overrun its window out of order, which is an assertion of lwIP's (out_of_order.cpp). */
#define TCP_OOSEQ_PBUFS_LIMIT(pcb) baresspi_lwip_out_of_order_limit(pcb)

/* ---- Connections. ---- */
/* Sockets that are connections, each with room for a window of octets received, and sockets that listen. */
#ifndef BARESSPI_LWIP_SOCKETS
#define BARESSPI_LWIP_SOCKETS 20
#endif
#ifndef BARESSPI_LWIP_LISTENERS
#define BARESSPI_LWIP_LISTENERS 4
#endif
/* Connections that the program has not accepted yet, for each listener. */
#ifndef BARESSPI_LWIP_BACKLOG
#define BARESSPI_LWIP_BACKLOG 8
#endif
/* Connections in lwIP: those of the sockets, and closed ones that the peer has not acknowledged yet, or that
 * wait out TIME_WAIT. When all are used, lwIP drops the oldest of the latter. */
#define MEMP_NUM_TCP_PCB (BARESSPI_LWIP_SOCKETS + 8)
#define MEMP_NUM_TCP_PCB_LISTEN BARESSPI_LWIP_LISTENERS
#define TCP_MSS 1460
#define TCP_WND (4 * TCP_MSS)
#define TCP_SND_BUF (4 * TCP_MSS)
#define TCP_SND_QUEUELEN 16
#define MEMP_NUM_TCP_SEG (MEMP_NUM_TCP_PCB * TCP_SND_QUEUELEN)
#define LWIP_TCP_RTO_TIME 1000 /* RFC 6298 2.1 */

/* ---- Memory, all of it static. ---- */
#define MEM_ALIGNMENT 8 /* of 64-bit hosts, too */
#define MEM_LIBC_MALLOC 0
#define MEMP_MEM_MALLOC 0
/* The heap holds what is sent until the peer has acknowledged it: enough for every connection at once, so
 * that a peer that acknowledges nothing takes nothing from the others. The quarter is for headers. */
#define MEM_SIZE (MEMP_NUM_TCP_PCB * (TCP_SND_BUF + TCP_SND_BUF / 4))
/* Frames received, until they are looked at; octets go on into their sockets' room. */
#define PBUF_POOL_SIZE 24
#define MEMP_NUM_PBUF 8
#define MEMP_NUM_UDP_PCB 8                                       /* DHCP 1, DNS 4, the clock 1 */
#define MEMP_NUM_SYS_TIMEOUT (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 1) /* the clock's */

/* ---- Protocols. ---- */
#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_TCP 1
#define LWIP_UDP 1
#define LWIP_RAW 0
#define LWIP_ICMP 1
#define LWIP_DHCP 1
/* Asking whether somebody has the address already takes seconds; the server has done so (RFC 2131 3.1). */
#define LWIP_DHCP_DOES_ACD_CHECK 0
#define IP_REASSEMBLY 0 /* nothing here gets fragments */
#define IP_FRAG 0
#define DNS_TABLE_SIZE 4
#define DNS_MAX_NAME_LENGTH 256
#define LWIP_HAVE_LOOPIF 1 /* 127.0.0.1 */
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_LOOPBACK_MAX_PBUFS 64

/* ---- Statistics: memory only. ---- */
#define LWIP_STATS 1
#define LWIP_STATS_DISPLAY 0
#define LINK_STATS 0
#define ETHARP_STATS 0
#define IP_STATS 0
#define ICMP_STATS 0
#define UDP_STATS 0
#define TCP_STATS 0
#define SYS_STATS 0

/* ---- Random (random.cpp). ---- */
#define LWIP_RAND() baresspi_lwip_random()
#define LWIP_HOOK_TCP_ISN(local_address, local_port, remote_address, remote_port) \
  baresspi_lwip_initial_sequence((local_address)->addr, local_port, (remote_address)->addr, remote_port)

#endif
