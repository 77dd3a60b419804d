// SPDX-License-Identifier: Apache-2.0
// The few elements of a certificate (RFC 5280 4.1) that lead to its names.
#include "boards/examples/certificate_names.h"

#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL_SERVER
#include <mbedtls/md.h>
#endif

namespace examples {
namespace {

using http::Text;

constexpr uint8_t kOid = 0x06;
constexpr uint8_t kOctetString = 0x04;
constexpr uint8_t kUtf8String = 0x0C;
constexpr uint8_t kPrintableString = 0x13;
constexpr uint8_t kIa5String = 0x16;
constexpr uint8_t kSequence = 0x30;
constexpr uint8_t kSet = 0x31;
constexpr uint8_t kContext0 = 0xA0;
constexpr uint8_t kExtensions = 0xA3;

constexpr char kCommonName[] = "\x55\x04\x03";
constexpr char kSubjectAltName[] = "\x55\x1D\x11";
constexpr char kUserPrincipalName[] = "\x2B\x06\x01\x04\x01\x82\x37\x14\x02\x03";

// Takes the first element off. False: there is none, or its length is no DER's.
bool Take(Text* level, uint8_t* tag, Text* content) {
  if (level->size < 2) return false;
  *tag = static_cast<uint8_t>((*level)[0]);
  size_t length = static_cast<uint8_t>((*level)[1]);
  size_t head = 2;
  if (length >= 0x80) {
    const size_t octets = length & 0x7F;
    if (octets == 0 || octets > 3 || level->size < head + octets) return false;
    length = 0;
    for (; head < 2 + octets; ++head) length = length << 8 | static_cast<uint8_t>((*level)[head]);
  }
  if (length > level->size - head) return false;
  *content = level->From(head).First(length);
  *level = level->From(head + length);
  return true;
}

bool TakeOf(Text* level, uint8_t wanted, Text* content) {
  Text rest = *level;
  uint8_t tag = 0;
  if (!Take(&rest, &tag, content) || tag != wanted) return false;
  *level = rest;
  return true;
}

// A name that is there once; a second one makes it nobody's.
struct OneName {
  Text name;
  int count = 0;
  void Add(Text found) { name = ++count == 1 ? found : Text(); }
};

Text CommonNameOf(Text subject) {
  OneName common_name;
  Text set;
  Text attribute;
  Text oid;
  while (TakeOf(&subject, kSet, &set)) {
    while (TakeOf(&set, kSequence, &attribute)) {
      uint8_t tag = 0;
      Text value;
      if (!TakeOf(&attribute, kOid, &oid) || !Equal(oid, kCommonName) || !Take(&attribute, &tag, &value))
        continue;
      const bool readable = tag == kUtf8String || tag == kPrintableString || tag == kIa5String;
      common_name.Add(readable ? value : Text());
    }
  }
  return common_name.name;
}

Text PrincipalNameOf(Text extensions) {
  OneName principal;
  Text extension;
  Text oid;
  Text value;
  while (TakeOf(&extensions, kSequence, &extension)) {
    Text names;
    // What is critical says so between the two.
    if (!TakeOf(&extension, kOid, &oid) || !Equal(oid, kSubjectAltName)) continue;
    uint8_t tag = 0;
    while (Take(&extension, &tag, &value) && tag != kOctetString) {
    }
    if (tag != kOctetString || !TakeOf(&value, kSequence, &names)) continue;
    Text name;
    while (Take(&names, &tag, &name)) {
      Text wrapped;
      if (tag != kContext0 || !TakeOf(&name, kOid, &oid) || !Equal(oid, kUserPrincipalName)) continue;
      if (!TakeOf(&name, kContext0, &wrapped) || !TakeOf(&wrapped, kUtf8String, &value)) value = {};
      principal.Add(value);
    }
  }
  return principal.name;
}

}  // namespace

CertificateNames NamesOfCertificate(const uint8_t* certificate, size_t size) {
  CertificateNames names;
  Text rest(reinterpret_cast<const char*>(certificate), size);
  Text whole;
  Text body;
  Text content;
  if (!TakeOf(&rest, kSequence, &whole) || !TakeOf(&whole, kSequence, &body)) return names;
  (void)TakeOf(&body, kContext0, &content);  // the version
  uint8_t tag = 0;
  // serialNumber, signature, issuer, validity: four that are passed by.
  for (int i = 0; i < 4; ++i) {
    if (!Take(&body, &tag, &content)) return names;
  }
  if (!TakeOf(&body, kSequence, &content)) return names;
  names.common_name = CommonNameOf(content);
  while (Take(&body, &tag, &content)) {
    Text extensions;
    if (tag == kExtensions && TakeOf(&content, kSequence, &extensions)) {
      names.user_principal_name = PrincipalNameOf(extensions);
    }
  }
  return names;
}

bool FingerprintOfCertificate(const uint8_t* certificate, size_t size,
                              uint8_t fingerprint[kFingerprintSize]) {
#if BARESSPI_SCHANNEL_SERVER
  return mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), certificate, size, fingerprint) == 0;
#else
  (void)certificate;
  (void)size;
  (void)fingerprint;
  return false;
#endif
}

}  // namespace examples
