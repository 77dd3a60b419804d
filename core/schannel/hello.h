// SPDX-License-Identifier: Apache-2.0
// What goes over in the clear before a TLS handshake's keys are there, read along in both directions: mbed
// TLS has no public way to ask whether a session was resumed, whether the server wants a certificate, or what
// the first Finished message is.
#pragma once

#include "config/baresspi_config.h"
#include "core/base/span.h"

namespace baresspi::schannel {

class Hello {
 public:
  enum Direction : uint8_t { kFromClient, kFromServer };

  // Whole records, as they are about to be consumed or were sent. Anything is taken: what is not a handshake
  // message in the clear ends the reading of that direction.
  void Read(Direction direction, Bytes records);
  // Whether these records, still to be Read, have the server ask for a certificate (TLS 1.2, RFC 5246 7.4.4).
  // certificate_authorities is its list of names when that lies whole in one record, else empty.
  bool AsksForCertificate(Bytes records, Bytes* certificate_authorities) const;
  // Once both hellos are read.
  bool resumed() const { return resumed_; }
  uint16_t version() const { return version_; }  // 0x0303, 0x0304; 0: no ServerHello yet

 private:
  struct Stream {
    uint8_t head[4];  // of the message at work
    uint8_t head_size;
    bool over;      // what follows is encrypted
    uint32_t left;  // octets of the message that are still to come
    uint32_t at;    // octets of it that were read
  };
  Stream streams_[2];
  uint16_t version_;
  bool resumed_;
  uint8_t session_id_[32];  // the client's
  uint8_t session_id_size_;
};

}  // namespace baresspi::schannel
