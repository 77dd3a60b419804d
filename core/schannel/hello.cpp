// SPDX-License-Identifier: Apache-2.0
#include "core/schannel/hello.h"

#if BARESSPI_SCHANNEL

#include "core/schannel/record.h"
#if BARESSPI_SCHANNEL_TLS_UNIQUE
#include "core/schannel/transcript.h"
#endif

namespace baresspi::schannel {
namespace {

constexpr uint8_t kFatal = 2;

enum ContentType : uint8_t { kChangeCipherSpec = 20, kAlert = 21, kHandshake = 22 };

enum ExtensionType : uint16_t { kExtendedMasterSecret = 23, kPreSharedKey = 41, kSupportedVersions = 43 };

#if BARESSPI_SCHANNEL_ALL_QUERIES
// certificate_authorities of a whole CertificateRequest; empty, too, when its vectors are not whole.
Bytes AuthoritiesOf(const uint8_t* at, const uint8_t* end) {
  // certificate_types is the first vector, supported_signature_algorithms the second.
  size_t size = 0;
  for (unsigned vector = 0; vector != 3; ++vector) {
    at += size;
    size = 0;
    for (unsigned octets = vector == 0 ? 1 : 2; octets != 0; --octets) {
      if (at == end) return {};
      size = size << 8 | *at++;
    }
    if (size > static_cast<size_t>(end - at)) return {};
  }
  return {at, size};
}
#else  // nobody can ask for them
Bytes AuthoritiesOf(const uint8_t*, const uint8_t*) {
  return {};
}
#endif

}  // namespace

void Hello::ReadServerHello(uint8_t octet) {
  value_ = static_cast<uint16_t>(value_ << 8 | octet);
  if (skip_ != 0) {
    --skip_;
    return;
  }
  skip_ = 1;
  switch (field_) {
    case kLegacyVersion:
      version_ = value_;
      skip_ = 32;  // random
      field_ = kSessionIdSize;
      break;
    case kSessionIdSize:
      skip_ = octet + 2U + 1 + 2 + 1;  // with cipher suite, compression, size of extensions
      field_ = kExtensionType;
      break;
    case kExtensionType:
      extension_ = value_;
      if (value_ == kPreSharedKey) resumed_ = true;
#if BARESSPI_SCHANNEL_TLS_UNIQUE
      if (value_ == kExtendedMasterSecret) extended_master_secret_ = true;
#endif
      field_ = kExtensionSize;
      break;
    case kExtensionSize:
      field_ = kSelectedVersion;
      if (extension_ == kSupportedVersions) break;
      skip_ = value_ + 1U;
      field_ = kExtensionType;
      break;
    case kSelectedVersion:
      version_ = value_;
      field_ = kExtensionType;
      break;
  }
}

// Messages may share a record, and may go on in the next.
void Hello::ReadMessages(const uint8_t* at, const uint8_t* end, Bytes* certificate_authorities) {
  while (at != end) {
    const uint8_t octet = *at++;
    if (left_ != 0) {
      --left_;
      if (head_ >> 24 == kServerHello) ReadServerHello(octet);
      continue;
    }
    head_ = head_ << 8 | octet;
    if ((++head_size_ & 3) != 0) continue;
    left_ = head_ & 0xFFFFFF;
    const uint32_t type = head_ >> 24;
    if (type < 32) seen_ |= 1U << type;
    if (type == kServerHello) {
      // A second one follows a HelloRetryRequest.
      skip_ = 1;
      field_ = kLegacyVersion;
      resumed_ = false;
    } else if (type == kCertificateRequest && left_ <= static_cast<size_t>(end - at)) {
      *certificate_authorities = AuthoritiesOf(at, at + left_);
    }
  }
}

void Hello::Walk(Direction direction, Bytes records, Bytes* certificate_authorities) {
  const uint8_t* at = records.begin();
  const uint8_t* const end = records.end();
  while (!over_[direction] && static_cast<size_t>(end - at) >= kRecordHead) {
    const uint8_t type = at[0];
    size_t size = static_cast<size_t>(at[3] << 8 | at[4]);
    at += kRecordHead;
    if (size > static_cast<size_t>(end - at)) size = static_cast<size_t>(end - at);
    const uint8_t* const content = at;
    at += size;
    if (type == kHandshake) {
#if BARESSPI_SCHANNEL_TLS_UNIQUE
      if (transcript_ != nullptr) transcript_->Add(Bytes(content, size));
#endif
      if (direction == kFromServer) ReadMessages(content, at, certificate_authorities);
    } else if (type == kAlert) {
      if (size == 2 && content[0] == kFatal) alert_ = content[1];
    } else if (type != kChangeCipherSpec) {
      over_[direction] = true;
    } else if (version_ == kTls12) {  // in TLS 1.3 it means nothing (RFC 8446 5)
      over_[direction] = true;
      if (direction == kFromServer) resumed_ = !Saw(kServerHelloDone);
#if BARESSPI_SCHANNEL_TLS_UNIQUE
      if (transcript_ != nullptr) transcript_->End(direction == kFromClient);
#endif
    }
  }
}

bool Hello::AsksForCertificate(Bytes records, Bytes* certificate_authorities) const {
  Hello copy = *this;
  copy.seen_ = 0;
#if BARESSPI_SCHANNEL_TLS_UNIQUE
  copy.transcript_ = nullptr;
#endif
  *certificate_authorities = {};
  copy.Walk(kFromServer, records, certificate_authorities);
  return copy.Saw(kCertificateRequest);
}

}  // namespace baresspi::schannel

#endif
