// SPDX-License-Identifier: Apache-2.0
// The MPS2's Ethernet controller, an SMSC LAN9118 (names of registers as in its data sheet), by polling, for
// lwIP.
#include <stdint.h>

#include "boards/common/network.h"
#include "boards/mps2-an385/wake.h"
#include "lwip/etharp.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"

namespace board {
namespace {

enum Register : uintptr_t {
  RX_DATA_FIFO = 0x00,
  TX_DATA_FIFO = 0x20,
  RX_STATUS_FIFO = 0x40,
  TX_STATUS_FIFO = 0x48,
  IRQ_CFG = 0x54,
  INT_STS = 0x58,
  INT_EN = 0x5c,
  BYTE_TEST = 0x64,
  FIFO_INT = 0x68,
  TX_CFG = 0x70,
  HW_CFG = 0x74,
  RX_DP_CTRL = 0x78,
  RX_FIFO_INF = 0x7c,
  TX_FIFO_INF = 0x80,
  PMT_CTRL = 0x84,
  RX_DROP = 0xa0,
  MAC_CSR_CMD = 0xa4,
  MAC_CSR_DATA = 0xa8,
  E2P_CMD = 0xb0,
};
// Registers of the MAC, reached through MAC_CSR_CMD, and of the PHY, through MII_ACC.
enum MacRegister : uint32_t { MAC_CR = 1, ADDRH = 2, ADDRL = 3, MII_ACC = 6, MII_DATA = 7 };
enum PhyRegister : uint32_t { BASIC_CONTROL = 0, BASIC_STATUS = 1 };

constexpr uint32_t kByteTest = 0x87654321;
constexpr uint32_t kBusy = 1u << 31, kRead = 1u << 30;    // MAC_CSR_CMD, E2P_CMD
constexpr uint32_t kSoftReset = 1, kMustBeOne = 1 << 20;  // HW_CFG
constexpr uint32_t kTxFifoSize = 5 << 16;                 // HW_CFG: 5 KiB, the value after reset
constexpr uint32_t kTxOn = 2, kTxStatusOverrun = 4;       // TX_CFG
constexpr uint32_t kFullDuplex = 1 << 20, kTransmit = 8, kReceive = 4;  // MAC_CR
constexpr uint32_t kIrqPushPullHigh = 1 << 4 | 1, kIrqEnable = 1 << 8;  // IRQ_CFG
constexpr uint32_t kReceived = 1 << 3;                                  // INT_STS, INT_EN: RSFL
constexpr uint32_t kFirstAndLast = 1 << 13 | 1 << 12;                   // TX command A
constexpr uint32_t kErrorStatus = 1 << 15;                              // RX status
constexpr uint32_t kFastForward = 1u << 31;                             // RX_DP_CTRL
constexpr uint32_t kAutoNegotiate = 1 << 12 | 1 << 9;                   // BASIC_CONTROL: on, and now
constexpr uint32_t kLinkIsUp = 1 << 2;                                  // BASIC_STATUS
constexpr uint32_t kMiiBusy = 1, kMiiWrite = 2, kInternalPhy = 1 << 11;
constexpr uint32_t kCrcSize = 4;
constexpr uint32_t kLongestFrame = 1518;
constexpr uint32_t kFramesAtOnce = 32;  // a flood must not keep the program
constexpr uint32_t kLinkInterval = 50;  // milliseconds
constexpr uint32_t kPatience = 100000;  // times that a register is looked at

struct State {
  uint32_t link_seen_at;
  EthernetCounts counts;
};
constinit State state = {};
// The chip takes and gives words; lwIP's buffers are in pieces, and begin anywhere.
constinit uint32_t octets_of_a_frame[(kLongestFrame + 3) / 4] = {};

volatile uint32_t& At(Register offset) {
  return *reinterpret_cast<volatile uint32_t*>(0x40200000 + offset);
}

// Waits, not for ever, until bits of a register are all clear.
bool WaitClear(Register offset, uint32_t bits) {
  for (uint32_t i = 0; i < kPatience; ++i) {
    if ((At(offset) & bits) == 0) return true;
  }
  return false;
}

uint32_t ReadMac(MacRegister which) {
  At(MAC_CSR_CMD) = kBusy | kRead | which;
  return WaitClear(MAC_CSR_CMD, kBusy) ? At(MAC_CSR_DATA) : 0;
}

void WriteMac(MacRegister which, uint32_t value) {
  At(MAC_CSR_DATA) = value;
  At(MAC_CSR_CMD) = kBusy | which;
  (void)WaitClear(MAC_CSR_CMD, kBusy);
}

void WaitMii() {
  for (uint32_t i = 0; i < kPatience && (ReadMac(MII_ACC) & kMiiBusy) != 0; ++i) {
  }
}

uint32_t ReadPhy(PhyRegister which) {
  WriteMac(MII_ACC, kInternalPhy | which << 6 | kMiiBusy);
  WaitMii();
  return ReadMac(MII_DATA);
}

void WritePhy(PhyRegister which, uint32_t value) {
  WriteMac(MII_DATA, value);
  WriteMac(MII_ACC, kInternalPhy | which << 6 | kMiiWrite | kMiiBusy);
  WaitMii();
}

bool Reset() {
  if (At(BYTE_TEST) != kByteTest) return false;
  At(HW_CFG) = kSoftReset;
  if (!WaitClear(HW_CFG, kSoftReset)) return false;
  for (uint32_t i = 0; (At(PMT_CTRL) & 1) == 0; ++i) {  // READY
    if (i == kPatience) return false;
  }
  return WaitClear(E2P_CMD, kBusy);  // the address comes out of the EEPROM
}

// A chip without an EEPROM has no address: it gets one of the locally administered ones (IEEE 802 8.2.2).
void TakeAddress(uint8_t* hardware) {
  uint32_t low = ReadMac(ADDRL);
  uint32_t high = ReadMac(ADDRH) & 0xffff;
  if (low == 0xffffffff && high == 0xffff) {
    low = 0x00005302;  // 02:53:00:00:00:01
    high = 0x0100;
    WriteMac(ADDRL, low);
    WriteMac(ADDRH, high);
  }
  for (int i = 0; i < 4; ++i) hardware[i] = static_cast<uint8_t>(low >> 8 * i);
  for (int i = 0; i < 2; ++i) hardware[4 + i] = static_cast<uint8_t>(high >> 8 * i);
}

void SwitchOn() {
  At(HW_CFG) = kMustBeOne | kTxFifoSize;
  At(INT_STS) = UINT32_MAX;
  At(FIFO_INT) = 0;  // a request as soon as one frame is there
  At(INT_EN) = kReceived;
  At(IRQ_CFG) = kIrqPushPullHigh | kIrqEnable;
  WritePhy(BASIC_CONTROL, kAutoNegotiate);
  WriteMac(MAC_CR, kFullDuplex | kTransmit | kReceive);
  At(TX_CFG) = kTxOn | kTxStatusOverrun;  // nobody reads what became of each frame
}

uint32_t FramesWaiting() {
  return At(RX_FIFO_INF) >> 16 & 0xff;
}

err_t Transmit(netif*, pbuf* frame) {
  const uint32_t size = frame->tot_len;
  if (size > kLongestFrame - kCrcSize) return ERR_BUF;
  const uint32_t words = (size + 3) / 4;
  if ((At(TX_FIFO_INF) & 0xffff) < words * 4 + 8) {  // with its two commands
    ++state.counts.not_sent;
    return ERR_IF;  // TCP sends it again
  }
  (void)pbuf_copy_partial(frame, octets_of_a_frame, frame->tot_len, 0);
  At(TX_DATA_FIFO) = kFirstAndLast | size;
  At(TX_DATA_FIFO) = size << 16 | size;
  for (uint32_t i = 0; i < words; ++i) At(TX_DATA_FIFO) = octets_of_a_frame[i];
  ++state.counts.sent;
  return ERR_OK;
}

// By the chip where it can: it must have four words of the frame or more.
void Discard(uint32_t words) {
  if (words >= 4) {
    At(RX_DP_CTRL) = kFastForward;
    (void)WaitClear(RX_DP_CTRL, kFastForward);
    return;
  }
  for (; words != 0; --words) {
    [[maybe_unused]] const uint32_t word = At(RX_DATA_FIFO);
  }
}

// The oldest frame; nullptr: it was a bad one, or there is no memory for it, and it is gone.
pbuf* Receive() {
  const uint32_t status = At(RX_STATUS_FIFO);
  const uint32_t whole = status >> 16 & 0x3fff;
  const uint32_t words = (whole + 3) / 4;
  pbuf* frame = nullptr;
  if ((status & kErrorStatus) != 0 || whole <= kCrcSize || whole > kLongestFrame) {
    ++state.counts.bad;
  } else {
    frame = pbuf_alloc(PBUF_RAW, static_cast<u16_t>(whole - kCrcSize), PBUF_POOL);
    if (frame == nullptr) ++state.counts.no_memory;
  }
  if (frame == nullptr) {
    Discard(words);
    return nullptr;
  }
  for (uint32_t i = 0; i < words; ++i) octets_of_a_frame[i] = At(RX_DATA_FIFO);
  (void)pbuf_take(frame, octets_of_a_frame, frame->tot_len);
  ++state.counts.received;
  return frame;
}

void FollowLink(netif* interface) {
  const uint32_t now = Milliseconds();
  if (state.link_seen_at != 0 && now - state.link_seen_at < kLinkInterval) return;
  state.link_seen_at = now | 1;  // 0: never
  (void)ReadPhy(BASIC_STATUS);   // "down" is kept until it is read
  const bool up = (ReadPhy(BASIC_STATUS) & kLinkIsUp) != 0;
  if (up == (netif_is_link_up(interface) != 0)) return;
  if (up) {
    netif_set_link_up(interface);
  } else {
    netif_set_link_down(interface);
  }
}

}  // namespace

bool EthernetClearWake() {
  At(INT_STS) = kReceived;
  return FramesWaiting() != 0;
}

const EthernetCounts& EthernetCounted() {
  return state.counts;
}

signed char EthernetInit(netif* interface) {
  if (!Reset()) return ERR_IF;
  TakeAddress(interface->hwaddr);
  interface->hwaddr_len = ETH_HWADDR_LEN;
  interface->name[0] = 'e';
  interface->name[1] = 'n';
  interface->mtu = 1500;
  interface->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
  interface->output = etharp_output;
  interface->linkoutput = Transmit;
  SwitchOn();
  return ERR_OK;
}

void EthernetPoll(netif* interface) {
  FollowLink(interface);
  for (uint32_t i = 0; i < kFramesAtOnce && FramesWaiting() != 0; ++i) {
    pbuf* const frame = Receive();
    if (frame != nullptr && interface->input(frame, interface) != ERR_OK) (void)pbuf_free(frame);
  }
  state.counts.overrun += At(RX_DROP);  // reading it sets it to 0
}

}  // namespace board
