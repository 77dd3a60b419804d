// SPDX-License-Identifier: Apache-2.0
// Messages to and from the connection, through the security layer where there is one. Every length is
// checked against the room before an octet of it is read.
#include "boards/ldap/client.h"

namespace ldap {

Outcome Client::OutcomeOf(int32_t status) {
  error_ = stream_.error();
  if (error_ != SEC_E_OK) return Outcome::kTlsFailed;
  switch (status) {
    case BARESSPI_SOCKET_TIMEOUT:
      return Outcome::kTimeout;
    case BARESSPI_SOCKET_UNREACHABLE:
    case BARESSPI_SOCKET_NO_RESOURCES:
      return Outcome::kUnreachable;
    default:
      return Outcome::kLost;
  }
}

BerWriter Client::NewMessage() {
  ++last_id_;
  return {out_ + Login::kLayer, sizeof out_ - Login::kLayer};
}

Outcome Client::SendMessage(BerWriter* message) {
  if (!sound_) return Outcome::kLost;
  if (!message->ok()) return Outcome::kTooLong;
  const size_t size = message->written().size;
  if (layer() == Protection::kNone) return SendOctets(out_ + Login::kLayer, size);
  error_ = login_.Wrap(out_, size);
  if (error_ == SEC_E_OK) return SendOctets(out_, Login::kLayer + size);
  sound_ = false;
  return Outcome::kLoginFailed;
}

// Time is looked at before every call: a server that always has another octet must not be listened to for
// ever.
Outcome Client::SendOctets(const uint8_t* octets, size_t size) {
  int32_t status = BARESSPI_SOCKET_TIMEOUT;
  while (const uint32_t left = TimeLeft()) {
    const bool flushes = size == 0;
    status = flushes ? stream_.Flush(left) : stream_.Send(octets, size, left);
    if (flushes && status > 0) return Outcome::kDone;
    if (status > 0) {
      octets += status;
      size -= static_cast<size_t>(status);
    } else if (status != BARESSPI_SOCKET_TIMEOUT) {
      break;
    }
  }
  sound_ = false;
  return status < 0 ? OutcomeOf(status) : Outcome::kTimeout;
}

// That many octets, and no more: what follows a message is not of its kind necessarily.
Outcome Client::ReceiveOctets(uint8_t* octets, size_t size) {
  while (size != 0) {
    const uint32_t left = TimeLeft();
    if (left == 0) return Outcome::kTimeout;
    const int32_t received = stream_.Receive(octets, size, left);
    if (received > 0) {
      octets += received;
      size -= static_cast<size_t>(received);
    } else if (received != BARESSPI_SOCKET_TIMEOUT) {
      return OutcomeOf(received);
    }
  }
  return Outcome::kDone;
}

// The next message of the layer, to the end of in_.
Outcome Client::FillProtected() {
  uint8_t head[Login::kSizeOctets] = {};
  Outcome outcome = ReceiveOctets(head, sizeof head);
  if (outcome != Outcome::kDone) return outcome;
  uint32_t size = 0;
  for (const uint8_t octet : head) size = (size << 8) | octet;
  // A message in the clear ends here, too: its tag says that hundreds of megabytes follow.
  if (size > sizeof in_ - in_size_) return Outcome::kTooLong;
  uint8_t* const message = in_ + in_size_;
  outcome = ReceiveOctets(message, size);
  if (outcome != Outcome::kDone) return outcome;
  Octets data;
  error_ = login_.Unwrap(message, size, &data);
  if (error_ != SEC_E_OK) return Outcome::kAltered;
  __builtin_memmove(message, data.data, data.size);
  in_size_ += data.size;
  return Outcome::kDone;
}

// More octets of the message at the beginning of in_: so many are missing at least.
Outcome Client::Fill(size_t wanted) {
  if (layer() != Protection::kNone) return FillProtected();
  const Outcome outcome = ReceiveOctets(in_ + in_size_, wanted);
  if (outcome == Outcome::kDone) in_size_ += wanted;
  return outcome;
}

Outcome Client::ReceiveMessage(Message* message) {
  constexpr size_t kShortestHead = 2;
  __builtin_memmove(in_, in_ + taken_, in_size_ - taken_);
  in_size_ -= taken_;
  taken_ = 0;
  for (;;) {
    size_t size = 0;
    size_t wanted = in_size_ < kShortestHead ? kShortestHead - in_size_ : 1;
    if (in_size_ != 0 && in_[0] != kSequence) return Outcome::kMalformed;
    const Extent extent = ElementExtent({in_, in_size_}, &size);
    if (extent == Extent::kInvalid) return Outcome::kMalformed;
    if (extent == Extent::kKnown) {
      if (size > sizeof in_) return Outcome::kTooLong;
      if (size <= in_size_) {
        taken_ = size;
        return ReadMessage({in_, size}, message) ? Outcome::kDone : Outcome::kMalformed;
      }
      wanted = size - in_size_;
    }
    const Outcome outcome = Fill(wanted);
    if (outcome != Outcome::kDone) return outcome;
  }
}

// The next message that answers the last request.
Outcome Client::ReceiveAnswer(Message* message) {
  Outcome outcome = ReceiveMessage(message);
  if (outcome == Outcome::kDone && message->id != last_id_) {
    const bool is_notice = message->id == kUnsolicited && message->operation == kExtendedResponse &&
                           ReadResult(*message, &result_) &&
                           http::Equal(result_.name, kNoticeOfDisconnection);
    outcome = is_notice ? Outcome::kDisconnected : Outcome::kMalformed;
  }
  if (outcome != Outcome::kDone) sound_ = false;
  return outcome;
}

}  // namespace ldap
