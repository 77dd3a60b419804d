// SPDX-License-Identifier: Apache-2.0
// Credentials of the Schannel package made of certificates: whom to trust, who am I. The octets (DER, or PEM
// with its zero) are the caller's and have to stay: on a device they lie in flash.
#pragma once

#include <baresspi/certificates.h>
#include <baresspi/schannel.h>

#include "boards/stream/stream.h"

namespace stream {

struct Identity {
  BARESSPI_BLOB anchors = {};  // certificates to trust, one after another in PEM, or one in DER; size 0: none
  BARESSPI_BLOB certificate = {};  // one's own, and behind it in PEM its chain; size 0: none
  BARESSPI_BLOB key = {};          // its private key
  bool no_dates = false;           // BARESSPI_SCH_CRED_NO_DATES: for a device without a clock
};

class TlsCredential {
 public:
  // A client's, or a server's. A server with anchors can ask for certificates. Statuses of
  // AcquireCredentialsHandle; SEC_E_SECPKG_NOT_FOUND: TLS is not configured in. After a failure there is
  // nothing to end.
  SECURITY_STATUS Begin(Side side, const Identity& identity);
  // Contexts made with it go on.
  void End();
  bool begun() const { return begun_; }
  CredHandle* handle() { return &handle_; }

 private:
  CredHandle handle_ = {};
  bool begun_ = false;
  BARESSPI_BLOB anchor_list_[1] = {};
  BARESSPI_CERT_STORE roots_ = {};
  BARESSPI_CERT_STORE own_ = {};
  CERT_CONTEXT certificate_ = {};
  PCCERT_CONTEXT certificates_[1] = {};
};

}  // namespace stream
