// SPDX-License-Identifier: Apache-2.0
// Whom a client's certificate names, for who maps it to an account.
#pragma once

#include "boards/http/text.h"

namespace examples {

// UTF-8 views into the certificate; empty: it has none, or several, or in a character set of old.
struct CertificateNames {
  http::Text common_name;          // the subject's (RFC 5280 4.1.2.6, RFC 4519 2.3)
  http::Text user_principal_name;  // an otherName of subjectAltName (RFC 5280 4.2.1.6): user@realm
};

// certificate: DER, verified before. What is no certificate names nobody.
CertificateNames NamesOfCertificate(const uint8_t* certificate, size_t size);

// What openssl x509 -fingerprint -sha256 prints of it. False: there is no Schannel, and so no SHA-256.
constexpr size_t kFingerprintSize = 32;
bool FingerprintOfCertificate(const uint8_t* certificate, size_t size, uint8_t fingerprint[kFingerprintSize]);

}  // namespace examples
