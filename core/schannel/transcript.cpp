// SPDX-License-Identifier: Apache-2.0
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL && BARESSPI_SCHANNEL_TLS_UNIQUE

#include "core/base/memory.h"
#include "core/schannel/transcript.h"

namespace baresspi::schannel {

void Transcript::TakeSecret(void* transcript, mbedtls_ssl_key_export_type type, const unsigned char* secret,
                            size_t size, const unsigned char*, const unsigned char*,
                            mbedtls_tls_prf_types prf) {
  auto& self = *static_cast<Transcript*>(transcript);
  if (type != MBEDTLS_SSL_KEY_EXPORT_TLS12_MASTER_SECRET || size != sizeof self.master_ || !self.hashing_) {
    return;
  }
  Copy(self.master_, secret, size);
  self.prf_ = prf;
}

void Transcript::Start(mbedtls_ssl_context* ssl) {
  static constexpr mbedtls_md_type_t kTypes[kDigests] = {MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384};
  hashing_ = true;
  for (size_t i = 0; i < kDigests; ++i) {
    mbedtls_md_init(&digests_[i]);
    hashing_ = hashing_ && mbedtls_md_setup(&digests_[i], mbedtls_md_info_from_type(kTypes[i]), 0) == 0 &&
               mbedtls_md_starts(&digests_[i]) == 0;
  }
  mbedtls_ssl_set_export_keys_cb(ssl, TakeSecret, this);
}

void Transcript::Add(Bytes messages) {
  for (mbedtls_md_context_t& digest : digests_) {
    hashing_ = hashing_ && mbedtls_md_update(&digest, messages.data(), messages.size()) == 0;
  }
}

void Transcript::End(bool by_client) {
  if (hashing_ && prf_ != MBEDTLS_SSL_TLS_PRF_NONE) {
    const bool sha384 = prf_ == MBEDTLS_SSL_TLS_PRF_SHA384;
    uint8_t hash[48];
    known_ =
        mbedtls_md_finish(&digests_[sha384 ? kSha384 : kSha256], hash) == 0 &&
        mbedtls_ssl_tls_prf(prf_, master_, sizeof master_, by_client ? "client finished" : "server finished",
                            hash, sha384 ? 48 : 32, verify_data_, kSize) == 0;
  }
  hashing_ = false;  // the other side's Finished is not the first
  prf_ = MBEDTLS_SSL_TLS_PRF_NONE;
  Wipe(master_, sizeof master_);
  for (mbedtls_md_context_t& digest : digests_) mbedtls_md_free(&digest);
}

}  // namespace baresspi::schannel

#endif
