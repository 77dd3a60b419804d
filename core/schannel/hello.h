// SPDX-License-Identifier: Apache-2.0
// What goes over in the clear before a TLS handshake's keys are there, read along in both directions: mbed
// TLS has no public way to ask whether a session was resumed, whether the server wants a certificate, which
// alert came, or what the first Finished message is.
#pragma once

#include "config/baresspi_config.h"
#include "core/base/span.h"

namespace baresspi::schannel {

class Transcript;

class Hello {
 public:
  static constexpr uint16_t kTls12 = 0x0303;
  static constexpr uint16_t kTls13 = 0x0304;

  enum Direction : uint8_t { kFromClient, kFromServer };

  // Whole records, as they were consumed or sent, in this order. Anything is taken; what is encrypted ends
  // the reading of that direction.
  void Read(Direction direction, Bytes records) {
    Bytes authorities;
    Walk(direction, records, &authorities);
  }
  // Whether these records, still to be Read, have the server ask for a certificate (TLS 1.2, RFC 5246 7.4.4).
  // certificate_authorities is its list of names when that lies whole in one record, else empty.
  bool AsksForCertificate(Bytes records, Bytes* certificate_authorities) const;

  // Once the handshake is done: whether it went on with an earlier session.
  bool resumed() const { return resumed_; }
  // kTls12, kTls13 (a HelloRetryRequest says so, too); 0: no ServerHello yet.
  uint16_t version() const { return version_; }
  // The number of the last fatal alert in the clear; 0: there was none.
  uint8_t alert() const { return alert_; }
  // Whether the server has sent a ticket (TLS 1.2, RFC 5077 3.3).
  bool has_ticket() const { return Saw(kNewSessionTicket); }
  // Whether the server has asked for a certificate in the clear, which it does in TLS 1.2.
  bool asked() const { return Saw(kCertificateRequest); }

#if BARESSPI_SCHANNEL_TLS_UNIQUE
  // Whether the ServerHello agrees to extended_master_secret (RFC 7627). Without it two connections can have
  // the same Finished messages.
  bool extended_master_secret() const {
    return extended_master_secret_;
  }
  // All handshake messages go there, too.
  void CopyTo(Transcript* transcript) {
    transcript_ = transcript;
  }
#endif

 private:
  enum MessageType : uint8_t {
    kServerHello = 2,
    kNewSessionTicket = 4,
    kCertificateRequest = 13,
    kServerHelloDone = 14,
  };
  // Where a ServerHello is read.
  enum Field : uint8_t { kLegacyVersion, kSessionIdSize, kExtensionType, kExtensionSize, kSelectedVersion };

  void Walk(Direction direction, Bytes records, Bytes* certificate_authorities);
  void ReadMessages(const uint8_t* at, const uint8_t* end, Bytes* certificate_authorities);
  void ReadServerHello(uint8_t octet);
  bool Saw(MessageType type) const {
    return (seen_ >> type & 1) != 0;
  }

  // Of the server's messages.
  uint32_t head_;  // the last four octets of heads: type and size of the message at work
  uint32_t left_;  // octets of it that are still to come
  uint32_t seen_;  // a bit for each type that came
  // Of a ServerHello.
  uint32_t skip_;       // octets that come before the last one of the field
  uint16_t value_;      // the last two octets
  uint16_t extension_;  // type of the one at work
  Field field_;

  uint8_t head_size_;  // octets of the next head that have come
  uint16_t version_;
  uint8_t alert_;
  bool resumed_;
  bool over_[2];  // what follows is encrypted
#if BARESSPI_SCHANNEL_TLS_UNIQUE
  bool extended_master_secret_;
  Transcript* transcript_;  // nullptr: none
#endif
};

}  // namespace baresspi::schannel
