// SPDX-License-Identifier: Apache-2.0
#include "boards/stream/identity.h"

namespace stream {

SECURITY_STATUS TlsCredential::Begin(Side side, const Identity& identity) {
  End();
  anchor_list_[0] = identity.anchors;
  roots_ = {BARESSPI_CERT_STORE_VERSION, 1, anchor_list_, nullptr, 0, nullptr};
  own_ = {BARESSPI_CERT_STORE_VERSION, 0, nullptr, identity.key.pb, identity.key.cb, nullptr};
  // A PEM text has the chain behind the certificate; Windows' type lacks const.
  certificate_ = {X509_ASN_ENCODING, const_cast<BYTE*>(identity.certificate.pb), identity.certificate.cb,
                  nullptr, &own_};
  certificates_[0] = &certificate_;
  SCH_CREDENTIALS credentials = {};
  credentials.dwVersion = SCH_CREDENTIALS_VERSION;
  credentials.dwFlags = (identity.no_dates ? BARESSPI_SCH_CRED_NO_DATES : 0u) |
                        (side == Side::kServer ? BARESSPI_SCH_CRED_CERTIFICATE_OPTIONAL : 0u);
  credentials.hRootStore = identity.anchors.cb != 0 ? &roots_ : nullptr;
  credentials.cCreds = identity.certificate.cb != 0 ? 1 : 0;
  credentials.paCred = certificates_;
  SEC_CHAR name[] = SCHANNEL_NAME_A;
  const ULONG use = side == Side::kClient ? SECPKG_CRED_OUTBOUND : SECPKG_CRED_INBOUND;
  const SECURITY_STATUS status = AcquireCredentialsHandleA(nullptr, name, use, nullptr, &credentials, nullptr,
                                                           nullptr, &handle_, nullptr);
  begun_ = status == SEC_E_OK;
  return status;
}

void TlsCredential::End() {
  if (begun_) (void)FreeCredentialsHandle(&handle_);
  begun_ = false;
}

}  // namespace stream
