// SPDX-License-Identifier: Apache-2.0
// What mbed TLS's errors, a refused certificate and a peer's alert are in SSPI's codes.
#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

#include "core/schannel/context.h"

namespace baresspi::schannel {
namespace {

// All but CRYPT_E_REVOKED are of 0x800903xx.
constexpr uint8_t Low(SECURITY_STATUS status) {
  return static_cast<uint8_t>(status);
}
constexpr SECURITY_STATUS Whole(uint8_t low) {
  return WholeError(static_cast<uint16_t>(0x0300U | low));
}
static_assert(Whole(Low(SEC_E_ILLEGAL_MESSAGE)) == SEC_E_ILLEGAL_MESSAGE);
static_assert(Whole(Low(SEC_E_APPLICATION_PROTOCOL_MISMATCH)) == SEC_E_APPLICATION_PROTOCOL_MISMATCH);

// An error of mbed TLS is the negative sum of a high part, a multiple of 0x80, and a low one.
constexpr unsigned High(int error) {
  return static_cast<unsigned>(-error) >> 7;
}

constexpr unsigned kLastOfAsn1 = MBEDTLS_ERR_ASN1_OUT_OF_DATA - MBEDTLS_ERR_ASN1_INVALID_DATA;

struct Row {
  uint8_t key;
  uint8_t status;
};

constexpr uint8_t kOfCertificate = 0;  // no SSPI code: CertificateStatus has it
// What is not listed is this, which ends a list.
constexpr uint8_t kOther = Low(SEC_E_ILLEGAL_MESSAGE);

constexpr Row kErrors[] = {
    {High(MBEDTLS_ERR_X509_CERT_VERIFY_FAILED), kOfCertificate},
    {High(MBEDTLS_ERR_X509_FATAL_ERROR), kOfCertificate},
    {High(MBEDTLS_ERR_SSL_BAD_CERTIFICATE), kOfCertificate},
    {High(MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE), Low(SEC_E_INCOMPLETE_CREDENTIALS)},
    {High(MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE), Low(SEC_E_ALGORITHM_MISMATCH)},
    {High(MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG), Low(SEC_E_ALGORITHM_MISMATCH)},
    {High(MBEDTLS_ERR_PK_UNKNOWN_PK_ALG), Low(SEC_E_ALGORITHM_MISMATCH)},
    {High(MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE), Low(SEC_E_ALGORITHM_MISMATCH)},
    {High(MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION), Low(SEC_E_UNSUPPORTED_FUNCTION)},
    {High(MBEDTLS_ERR_SSL_NO_APPLICATION_PROTOCOL), Low(SEC_E_APPLICATION_PROTOCOL_MISMATCH)},
    {High(MBEDTLS_ERR_SSL_INVALID_MAC), Low(SEC_E_MESSAGE_ALTERED)},
    {High(MBEDTLS_ERR_SSL_PRIVATE_KEY_REQUIRED), Low(SEC_E_NO_CREDENTIALS)},
    // Ours: the random source, memory, and what must not happen. Not MBEDTLS_ERR_SSL_BAD_INPUT_DATA, which is
    // PSA's word for a key share that is none.
    {0, Low(SEC_E_INTERNAL_ERROR)},  // low parts alone: big numbers
    {1, Low(SEC_E_INTERNAL_ERROR)},  // PSA's own, -129 and below, which mbed TLS hands on here and there
    {High(MBEDTLS_ERR_SSL_NO_RNG), Low(SEC_E_INTERNAL_ERROR)},
    {High(MBEDTLS_ERR_SSL_HW_ACCEL_FAILED), Low(SEC_E_INTERNAL_ERROR)},
    {High(MBEDTLS_ERR_SSL_ALLOC_FAILED), Low(SEC_E_INTERNAL_ERROR)},
    {High(MBEDTLS_ERR_SSL_INTERNAL_ERROR), Low(SEC_E_INTERNAL_ERROR)},
    {High(MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL), Low(SEC_E_INTERNAL_ERROR)},
    {High(MBEDTLS_ERR_SSL_COUNTER_WRAPPING), Low(SEC_E_INTERNAL_ERROR)},
    {0, kOther},
};

// Microsoft's table "Schannel error codes for TLS and SSL alerts"; what it has not, or has so, is
// SEC_E_ILLEGAL_MESSAGE.
constexpr Row kAlerts[] = {
    {TLS1_ALERT_BAD_RECORD_MAC, Low(SEC_E_MESSAGE_ALTERED)},
    {TLS1_ALERT_DECRYPTION_FAILED, Low(SEC_E_DECRYPT_FAILURE)},
    {TLS1_ALERT_DECOMPRESSION_FAIL, Low(SEC_E_MESSAGE_ALTERED)},
    {TLS1_ALERT_BAD_CERTIFICATE, Low(SEC_E_CERT_UNKNOWN)},
    {TLS1_ALERT_UNSUPPORTED_CERT, Low(SEC_E_CERT_UNKNOWN)},
    {TLS1_ALERT_CERTIFICATE_EXPIRED, Low(SEC_E_CERT_EXPIRED)},
    {TLS1_ALERT_CERTIFICATE_UNKNOWN, Low(SEC_E_CERT_UNKNOWN)},
    {TLS1_ALERT_UNKNOWN_CA, Low(SEC_E_UNTRUSTED_ROOT)},
    {TLS1_ALERT_ACCESS_DENIED, Low(SEC_E_LOGON_DENIED)},
    {TLS1_ALERT_DECRYPT_ERROR, Low(SEC_E_DECRYPT_FAILURE)},
    {TLS1_ALERT_PROTOCOL_VERSION, Low(SEC_E_UNSUPPORTED_FUNCTION)},
    {TLS1_ALERT_INSUFFIENT_SECURITY, Low(SEC_E_ALGORITHM_MISMATCH)},
    {TLS1_ALERT_INTERNAL_ERROR, Low(SEC_E_INTERNAL_ERROR)},
    {TLS1_ALERT_USER_CANCELED, Low(SEC_E_UNFINISHED_CONTEXT_DELETED)},
    {TLS1_ALERT_NO_APP_PROTOCOL, Low(SEC_E_APPLICATION_PROTOCOL_MISMATCH)},
    {0, kOther},
};

// In the order in which they count: who could not prove who he is need not be told apart any further.
struct Flaw {
  uint16_t flags;  // MBEDTLS_X509_BADCERT_*
  uint8_t status;
  uint8_t alert;  // TLS 1.3's
};
constexpr uint8_t kCertificateRequired = 116;
constexpr Flaw kFlaws[] = {
    {MBEDTLS_X509_BADCERT_MISSING, Low(SEC_E_INCOMPLETE_CREDENTIALS), kCertificateRequired},
    {MBEDTLS_X509_BADCERT_NOT_TRUSTED, Low(SEC_E_UNTRUSTED_ROOT), TLS1_ALERT_UNKNOWN_CA},
    {MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE, Low(SEC_E_CERT_EXPIRED),
     TLS1_ALERT_CERTIFICATE_EXPIRED},
    {MBEDTLS_X509_BADCERT_CN_MISMATCH, Low(SEC_E_WRONG_PRINCIPAL), TLS1_ALERT_BAD_CERTIFICATE},
    {MBEDTLS_X509_BADCERT_KEY_USAGE | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE | MBEDTLS_X509_BADCERT_NS_CERT_TYPE,
     Low(SEC_E_CERT_WRONG_USAGE), TLS1_ALERT_UNSUPPORTED_CERT},
    {MBEDTLS_X509_BADCERT_BAD_MD | MBEDTLS_X509_BADCERT_BAD_PK, Low(SEC_E_ALGORITHM_MISMATCH),
     TLS1_ALERT_CERTIFICATE_UNKNOWN},
};

}  // namespace

SECURITY_STATUS CertificateStatus(const SchannelContext& context) {
  uint32_t flags = mbedtls_ssl_get_verify_result(&context.ssl);
  if (flags == UINT32_MAX) return SEC_E_CERT_UNKNOWN;  // the check itself failed, of a chain too long for one
  if ((flags & MBEDTLS_X509_BADCERT_BAD_KEY) != 0) flags |= MBEDTLS_X509_BADCERT_BAD_PK;
  for (const Flaw& flaw : kFlaws) {
    if ((flags & flaw.flags) == 0) continue;
    if (flaw.status == Low(SEC_E_CERT_EXPIRED) && context.clock_unknown) return SEC_E_TIME_SKEW;
    return Whole(flaw.status);
  }
  return SEC_E_CERT_UNKNOWN;
}

#if BARESSPI_SCHANNEL_SERVER
uint8_t CertificateAlert(const SchannelContext& context) {
  const uint32_t flags = mbedtls_ssl_get_verify_result(&context.ssl);
  for (const Flaw& flaw : kFlaws) {
    if (flags != UINT32_MAX && (flags & flaw.flags) != 0) return flaw.alert;
  }
  return TLS1_ALERT_CERTIFICATE_UNKNOWN;
}
#endif

SECURITY_STATUS StatusOf(const SchannelContext& context, int error, uint8_t alert) {
  if (error > 0) return SEC_E_INTERNAL_ERROR;  // mbed TLS's server says so where it has no random octets
  // ASN.1's errors without a high part are of a certificate, too; its allocation's is not.
  if (static_cast<unsigned>(MBEDTLS_ERR_ASN1_OUT_OF_DATA - error) <= kLastOfAsn1)
    return SEC_E_ILLEGAL_MESSAGE;
  const Row* row = kErrors;
  unsigned key = High(error);
  // A client of TLS 1.3 that refuses our certificate may say so in the clear, which mbed TLS takes for a
  // record that it cannot decrypt.
  if (error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE ||
      (!IsInitiator(context) && error == MBEDTLS_ERR_SSL_INVALID_MAC && alert != 0)) {
    if (alert == TLS1_ALERT_CERTIFICATE_REVOKED) return CRYPT_E_REVOKED;
    row = kAlerts;
    key = alert;
  }
  while (row->key != key && row->status != kOther) ++row;
  return row->status == kOfCertificate ? CertificateStatus(context) : Whole(row->status);
}

}  // namespace baresspi::schannel

#endif
