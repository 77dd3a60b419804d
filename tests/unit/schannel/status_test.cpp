// SPDX-License-Identifier: Apache-2.0
// The code of SSPI for each error of mbed TLS and each alert of the peer.
#include <mbedtls/error.h>

#include <memory>

#include "core/schannel/context.h"
#include "tests/support/tls_sides.h"

namespace tls_sides {
namespace {

using baresspi::schannel::CertificateStatus;
using baresspi::schannel::SchannelContext;
using baresspi::schannel::StatusOf;

class TlsStatus : public testing::Test {
 protected:
  TlsStatus() : context_(std::make_unique<SchannelContext>()) { mbedtls_ssl_init(&context_->ssl); }

  SECURITY_STATUS Of(int error, uint8_t alert = 0) { return StatusOf(*context_, error, alert); }
  SECURITY_STATUS OfAlert(unsigned alert) {
    return Of(MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE, static_cast<uint8_t>(alert));
  }

  std::unique_ptr<SchannelContext> context_;
};

// "Schannel Error Codes for TLS and SSL Alerts", row by row.
TEST_F(TlsStatus, AlertsAreAsMicrosoftsTableSays) {
  struct {
    unsigned alert;
    SECURITY_STATUS status;
  } const table[] = {
      {10, SEC_E_ILLEGAL_MESSAGE},
      {20, SEC_E_MESSAGE_ALTERED},
      {21, SEC_E_DECRYPT_FAILURE},
      {22, SEC_E_ILLEGAL_MESSAGE},
      {30, SEC_E_MESSAGE_ALTERED},
      {40, SEC_E_ILLEGAL_MESSAGE},
      {42, SEC_E_CERT_UNKNOWN},
      {43, SEC_E_CERT_UNKNOWN},
      {44, CRYPT_E_REVOKED},
      {45, SEC_E_CERT_EXPIRED},
      {46, SEC_E_CERT_UNKNOWN},
      {47, SEC_E_ILLEGAL_MESSAGE},
      {48, SEC_E_UNTRUSTED_ROOT},
      {49, SEC_E_LOGON_DENIED},
      {50, SEC_E_ILLEGAL_MESSAGE},
      {51, SEC_E_DECRYPT_FAILURE},
      {60, SEC_E_ILLEGAL_MESSAGE},
      {70, SEC_E_UNSUPPORTED_FUNCTION},
      {71, SEC_E_ALGORITHM_MISMATCH},
      {80, SEC_E_INTERNAL_ERROR},
      {90, SEC_E_UNFINISHED_CONTEXT_DELETED},
      {100, SEC_E_ILLEGAL_MESSAGE},
      {110, SEC_E_ILLEGAL_MESSAGE},
      {115, SEC_E_ILLEGAL_MESSAGE},
      {120, SEC_E_APPLICATION_PROTOCOL_MISMATCH},
  };
  SECURITY_STATUS expected[256];
  for (SECURITY_STATUS& status : expected) status = SEC_E_ILLEGAL_MESSAGE;
  for (const auto& row : table) expected[row.alert] = row.status;
  for (unsigned alert = 0; alert < 256; ++alert) EXPECT_STATUS(expected[alert], OfAlert(alert)) << alert;
}

TEST_F(TlsStatus, ErrorsSayWhoseFaultItWas) {
  struct {
    int error;
    SECURITY_STATUS status;
  } const table[] = {
      {MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE, SEC_E_ALGORITHM_MISMATCH},
      {MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION, SEC_E_UNSUPPORTED_FUNCTION},
      {MBEDTLS_ERR_SSL_NO_APPLICATION_PROTOCOL, SEC_E_APPLICATION_PROTOCOL_MISMATCH},
      {MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE, SEC_E_INCOMPLETE_CREDENTIALS},
      {MBEDTLS_ERR_SSL_PRIVATE_KEY_REQUIRED, SEC_E_NO_CREDENTIALS},
      {MBEDTLS_ERR_SSL_INVALID_MAC, SEC_E_MESSAGE_ALTERED},
      {MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG - 0x2E, SEC_E_ALGORITHM_MISMATCH},
      {MBEDTLS_ERR_PK_UNKNOWN_PK_ALG, SEC_E_ALGORITHM_MISMATCH},
      {MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE, SEC_E_ALGORITHM_MISMATCH},
      {MBEDTLS_ERR_SSL_NO_RNG, SEC_E_INTERNAL_ERROR},
      {MBEDTLS_ERR_SSL_HW_ACCEL_FAILED, SEC_E_INTERNAL_ERROR},
      {MBEDTLS_ERR_SSL_ALLOC_FAILED, SEC_E_INTERNAL_ERROR},
      {MBEDTLS_ERR_SSL_INTERNAL_ERROR, SEC_E_INTERNAL_ERROR},
      {MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL, SEC_E_INTERNAL_ERROR},
      {MBEDTLS_ERR_SSL_COUNTER_WRAPPING, SEC_E_INTERNAL_ERROR},
      {MBEDTLS_ERR_ERROR_GENERIC_ERROR, SEC_E_INTERNAL_ERROR},
      {MBEDTLS_ERR_ERROR_CORRUPTION_DETECTED, SEC_E_INTERNAL_ERROR},
      {MBEDTLS_ERR_MPI_ALLOC_FAILED, SEC_E_INTERNAL_ERROR},
      {-148, SEC_E_INTERNAL_ERROR},  // PSA_ERROR_INSUFFICIENT_ENTROPY, as it is
      {MBEDTLS_ERR_ASN1_ALLOC_FAILED, SEC_E_INTERNAL_ERROR},
      {MBEDTLS_ERR_SSL_BAD_INPUT_DATA, SEC_E_ILLEGAL_MESSAGE},  // PSA's of a key share
      {MBEDTLS_ERR_ASN1_OUT_OF_DATA, SEC_E_ILLEGAL_MESSAGE},    // of a certificate
      {MBEDTLS_ERR_ASN1_INVALID_DATA, SEC_E_ILLEGAL_MESSAGE},
      {MBEDTLS_ERR_SSL_DECODE_ERROR, SEC_E_ILLEGAL_MESSAGE},
      {MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE, SEC_E_ILLEGAL_MESSAGE},
      {MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER, SEC_E_ILLEGAL_MESSAGE},
      {MBEDTLS_ERR_SSL_INVALID_RECORD, SEC_E_ILLEGAL_MESSAGE},
      {MBEDTLS_ERR_SSL_UNSUPPORTED_EXTENSION, SEC_E_ILLEGAL_MESSAGE},
      {MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY, SEC_E_ILLEGAL_MESSAGE},
      {MBEDTLS_ERR_X509_INVALID_FORMAT + MBEDTLS_ERR_ASN1_OUT_OF_DATA, SEC_E_ILLEGAL_MESSAGE},
  };
  for (const auto& row : table) EXPECT_STATUS(row.status, Of(row.error)) << -row.error;
  // An alert read before has nothing to do with them, but where a client may have said it in the clear.
  context_->initiator = true;
  EXPECT_STATUS(SEC_E_MESSAGE_ALTERED, Of(MBEDTLS_ERR_SSL_INVALID_MAC, 48));
  context_->initiator = false;
  EXPECT_STATUS(SEC_E_UNTRUSTED_ROOT, Of(MBEDTLS_ERR_SSL_INVALID_MAC, 48));
}

TEST_F(TlsStatus, ACheckThatCouldNotBeDoneSaysNothingOfTheCertificate) {
  EXPECT_STATUS(SEC_E_CERT_UNKNOWN, CertificateStatus(*context_));  // there is no session, and no flags
  EXPECT_STATUS(SEC_E_CERT_UNKNOWN, Of(MBEDTLS_ERR_X509_FATAL_ERROR));
  EXPECT_STATUS(SEC_E_CERT_UNKNOWN, Of(MBEDTLS_ERR_X509_CERT_VERIFY_FAILED));
  EXPECT_STATUS(SEC_E_CERT_UNKNOWN, Of(MBEDTLS_ERR_SSL_BAD_CERTIFICATE));
}

}  // namespace
}  // namespace tls_sides
