// SPDX-License-Identifier: Apache-2.0
#include "core/schannel/record.h"

#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

namespace baresspi::schannel {

size_t WholeRecords(const Bytes& octets, bool only_one, size_t* missing) {
  size_t whole = 0;
  do {
    const uint8_t* const head = octets.data() + whole;
    const size_t left = octets.size() - whole;
    size_t size = kRecordHead;
    *missing = 0;
    if (left >= kRecordHead) {
      // change_cipher_spec, alert, handshake, application_data
      if (head[0] < 20 || head[0] > 23 || head[1] != 3) break;
      size += static_cast<size_t>(head[3] << 8 | head[4]);
      if (size > kMostRecord) break;
    }
    *missing = size - left;
    if (size > left) break;
    whole += size;
  } while (!only_one);
  return whole;
}

}  // namespace baresspi::schannel

#endif
