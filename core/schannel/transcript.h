// SPDX-License-Identifier: Apache-2.0
// The first Finished message of a TLS 1.2 handshake, for tls-unique (RFC 5929 3), made once more from the
// handshake's messages and its master secret. Everything is called inside of a TlsScope.
#pragma once

#include <mbedtls/md.h>
#include <mbedtls/ssl.h>

#include "config/baresspi_config.h"
#include "core/base/span.h"

namespace baresspi::schannel {

#if BARESSPI_SCHANNEL_TLS_UNIQUE

class Transcript {
 public:
  static constexpr size_t kSize = 12;  // verify_data of all of TLS 1.2's cipher suites (RFC 5246 7.4.9)

  // Before the handshake, of a Transcript of zeroes. What it cannot allocate it will not know.
  void Start(mbedtls_ssl_context* ssl);
  // What handshake records hold, in both directions, until one side ends it with its ChangeCipherSpec.
  void Add(Bytes messages);
  void End(bool by_client);
  // nullptr: it is not known.
  const uint8_t* verify_data() const { return known_ ? verify_data_ : nullptr; }

  // What mbed TLS calls with the handshake's secrets.
  static void TakeSecret(void* transcript, mbedtls_ssl_key_export_type type, const unsigned char* secret,
                         size_t size, const unsigned char client_random[32],
                         const unsigned char server_random[32], mbedtls_tls_prf_types prf);

 private:
  // Which of them is the handshake's digest is known with its master secret.
  enum { kSha256, kSha384, kDigests };

  mbedtls_md_context_t digests_[kDigests];
  uint8_t master_[48];
  mbedtls_tls_prf_types prf_;  // MBEDTLS_SSL_TLS_PRF_NONE: there is no master secret
  bool hashing_;
  bool known_;
  uint8_t verify_data_[kSize];
};

#endif

}  // namespace baresspi::schannel
