// SPDX-License-Identifier: Apache-2.0
#include "port/lwip/stack.h"

#include "lwip/dhcp.h"
#include "lwip/dns.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/priv/memp_priv.h"
#include "lwip/stats.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"
#include "port/lwip/random.h"
#include "port/lwip/slots.h"
#include "port/lwip/uptime.h"
#include "port/sockets.h"

namespace {

constinit bool initialised = false;
constinit const baresspi_lwip_settings* the_settings = nullptr;
constinit netif the_interface = {};
constinit bool has_interface = false;
constinit ip_addr_t own_name_server = {};

// Text to an address; none is 0.0.0.0.
bool Parse(const char* text, ip4_addr_t* address) {
  ip4_addr_set_any(address);
  return text == nullptr || ip4addr_aton(text, address) != 0;
}

bool AddInterface() {
  ip4_addr_t address, netmask, gateway, name_server;
  if (!Parse(the_settings->address, &address) || !Parse(the_settings->netmask, &netmask) ||
      !Parse(the_settings->gateway, &gateway) || !Parse(the_settings->name_server, &name_server)) {
    return false;
  }
  ip_addr_copy_from_ip4(own_name_server, name_server);
  if (the_settings->init == nullptr) return true;
  if (netif_add(&the_interface, &address, &netmask, &gateway, nullptr, the_settings->init, ethernet_input) ==
      nullptr) {
    return false;
  }
  has_interface = true;
  netif_set_hostname(&the_interface, the_settings->host_name);
  netif_set_default(&the_interface);
  netif_set_up(&the_interface);
  return the_settings->address != nullptr || dhcp_start(&the_interface) == ERR_OK;
}

void RemoveInterface() {
  if (!has_interface) return;
  dhcp_stop(&the_interface);
  dhcp_cleanup(&the_interface);
  netif_remove(&the_interface);
  has_interface = false;
}

void HardwareText(const netif& interface, char* text) {
  for (int i = 0; i < 6; ++i) {
    *text++ = "0123456789abcdef"[interface.hwaddr[i] >> 4];
    *text++ = "0123456789abcdef"[interface.hwaddr[i] & 15];
    *text++ = i < 5 ? ':' : '\0';
  }
}

}  // namespace

int baresspi_lwip_begin(const baresspi_lwip_settings* settings) {
  if (!initialised) {
    if (!lwip_port::SeedRandom()) return 0;
    lwip_init();
    initialised = true;
  }
  RemoveInterface();
  the_settings = settings;
  if (AddInterface()) return 1;
  RemoveInterface();
  the_settings = nullptr;
  return 0;
}

void baresspi_lwip_poll(void) {
  if (!initialised) return;
  (void)lwip_port::Uptime();
  if (has_interface && the_settings->poll != nullptr) the_settings->poll(&the_interface);
  netif_poll_all();
  sys_check_timeouts();
  // DHCP brings name servers of its own with every lease.
  if (!ip_addr_isany(&own_name_server) && !ip_addr_eq(dns_getserver(0), &own_name_server)) {
    dns_setserver(0, &own_name_server);
  }
}

void baresspi_lwip_wait(void) {
  baresspi_lwip_poll();
  if (the_settings != nullptr && the_settings->idle != nullptr) the_settings->idle();
}

int baresspi_lwip_wait_until_up(uint32_t timeout) {
  const uint32_t begin = baresspi_milliseconds();
  for (;;) {
    baresspi_lwip_poll();
    if (baresspi_lwip_is_up() != 0) return 1;
    if (baresspi_milliseconds() - begin >= timeout) return 0;
    baresspi_lwip_wait();
  }
}

int baresspi_lwip_link_is_up(void) {
  return has_interface && netif_is_link_up(&the_interface);
}

int baresspi_lwip_is_up(void) {
  return baresspi_lwip_link_is_up() != 0 && !ip4_addr_isany_val(*netif_ip4_addr(&the_interface));
}

void baresspi_lwip_get_addresses(baresspi_lwip_addresses* addresses) {
  __builtin_memset(addresses, 0, sizeof *addresses);
  if (!has_interface) return;
  HardwareText(the_interface, addresses->hardware);
  if (baresspi_lwip_is_up() == 0) return;
  (void)ip4addr_ntoa_r(netif_ip4_addr(&the_interface), addresses->address, sizeof addresses->address);
  (void)ip4addr_ntoa_r(netif_ip4_netmask(&the_interface), addresses->netmask, sizeof addresses->netmask);
  if (!ip4_addr_isany_val(*netif_ip4_gw(&the_interface))) {
    (void)ip4addr_ntoa_r(netif_ip4_gw(&the_interface), addresses->gateway, sizeof addresses->gateway);
  }
  if (!ip_addr_isany(dns_getserver(0))) {
    (void)ipaddr_ntoa_r(dns_getserver(0), addresses->name_server, sizeof addresses->name_server);
  }
}

void baresspi_lwip_get_memory(baresspi_lwip_memory* memory) {
  const lwip_port::SlotUse slots = lwip_port::SlotsInUse();
  *memory = {};
  memory->heap_size = lwip_stats.mem.avail;
  memory->heap_now = lwip_stats.mem.used;
  memory->heap_most = lwip_stats.mem.max;
  memory->refused = lwip_stats.mem.err;
  for (const memp_desc* const pool : memp_pools) {
    memory->pools_size += uint32_t{pool->size} * pool->num;
    memory->pools_now += uint32_t{pool->size} * pool->stats->used;
    memory->pools_most += uint32_t{pool->size} * pool->stats->max;
    memory->refused += pool->stats->err;
  }
  memory->sockets_now = slots.now;
  memory->sockets_most = slots.most;
  memory->sockets_size = BARESSPI_LWIP_SOCKETS + BARESSPI_LWIP_LISTENERS;
}
