// SPDX-License-Identifier: Apache-2.0
// A credential of the Schannel package, made of what the words of a command say.
#pragma once

#include <baresspi/schannel.h>

#include "boards/tls/store.h"

namespace tls {

// CRED's words from the third on: client | server, then any of
//   v=4|5                    SCHANNEL_CRED (the default) or SCH_CREDENTIALS
//   id=CERT:KEY[:CHAIN]      once a certificate; all three are names in the store
//   roots=NAME,NAME..        the trust anchors
//   flags=a,b..              see kFlags
//   protocols=1.2,1.3        those enabled (v=5: all others are disabled)
//   algs=HEX,HEX..           ALG_IDs (v=4)
//   strength=MIN:MAX         bits (v=4)
//   lifespan=MS
//   disable=USAGE:NAME[:MODE] (v=5) keyx, sign, cipher, digest or certsig, and a name of bcrypt.h; repeated
class Identity {
 public:
  enum class Made { kYes, kBadWords };

  // *status: what AcquireCredentialsHandle said; kBadWords: it was not asked.
  Made Acquire(const Words& words, const Store& store, SECURITY_STATUS* status);
  SECURITY_STATUS Free();

  bool used() const { return used_; }
  bool client() const { return client_; }
  CredHandle* handle() { return &handle_; }

 private:
  static constexpr size_t kMostIds = 4;
  static constexpr size_t kMostRoots = 4;
  static constexpr size_t kMostDisabled = 8;
  static constexpr size_t kMostAlgorithms = 32;

  bool ReadIds(const Words& words, const Store& store);
  bool ReadRoots(const char* list, const Store& store);
  SECURITY_STATUS AcquireOld(const Words& words, bool* good);
  SECURITY_STATUS AcquireNew(const Words& words, bool* good);
  SECURITY_STATUS AcquireWith(void* auth_data);

  bool used_ = false;
  bool client_ = false;
  CredHandle handle_ = {};
  ULONG flags_ = 0;
  ULONG protocols_ = 0;
  ULONG lifespan_ = 0;
  ULONG ids_ = 0;
  // What has to stay for as long as the credential is in use.
  BARESSPI_BLOB chains_[kMostIds] = {};
  BARESSPI_CERT_STORE id_stores_[kMostIds] = {};
  CERT_CONTEXT certificates_[kMostIds] = {};
  PCCERT_CONTEXT list_[kMostIds] = {};
  BARESSPI_BLOB roots_[kMostRoots] = {};
  BARESSPI_CERT_STORE root_store_ = {};
};

}  // namespace tls
