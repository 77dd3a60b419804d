/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and private keys: what a TLS credential is made of, and what a context hands out of its peer.
 * The names are those of Windows' wincrypt.h; the stores, which hold files and services there, are constant
 * structures of the application here.
 *
 * A certificate is X.509 (RFC 5280) in DER or in PEM (RFC 7468). A private key is DER or PEM as well, in one
 * of PKCS#1 (RFC 8017), PKCS#8 (RFC 5958, not encrypted) and SEC 1 (RFC 5915). The size of a PEM text counts
 * its terminating zero, as sizeof does of a literal: that is how it is told from DER.
 *
 * What the application gives is not copied: structures, certificates and keys have to stay, unchanged, until
 * the credential was freed and the last context made with it is deleted. All of it may be in flash.
 *
 * An identity, and the anchors to trust:
 *   static const BARESSPI_BLOB intermediates[] = {{sizeof(intermediate_der), intermediate_der}};
 *   static const BARESSPI_CERT_STORE own_store = {BARESSPI_CERT_STORE_VERSION, 1, intermediates,
 *                                                 key_der, sizeof(key_der), NULL};
 *   static const CERT_CONTEXT own = {X509_ASN_ENCODING, (BYTE*)own_der, sizeof(own_der), NULL, &own_store};
 *   static const BARESSPI_BLOB anchors[] = {{sizeof(roots_pem), (const uint8_t*)roots_pem}};
 *   static const BARESSPI_CERT_STORE roots = {BARESSPI_CERT_STORE_VERSION, 1, anchors, NULL, 0, NULL}; */
#ifndef BARESSPI_CERTIFICATES_H
#define BARESSPI_CERTIFICATES_H

#include "windows_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- dwCertEncodingType: X509_ASN_ENCODING, with or without the other. In what the application gives it
 * is not looked at. ---- */
#define X509_ASN_ENCODING 0x00000001u
#define PKCS_7_ASN_ENCODING 0x00010000u

/* ---- Octets and how many: DER where BareSSPI writes one. ---- */
typedef struct _CRYPTOAPI_BLOB {
  DWORD cbData;
  BYTE* pbData;
} CRYPT_DATA_BLOB, *PCRYPT_DATA_BLOB, CERT_NAME_BLOB, *PCERT_NAME_BLOB, CERT_BLOB, *PCERT_BLOB;

/* The same, for what is const. */
typedef struct _BARESSPI_BLOB {
  ULONG cb;
  const uint8_t* pb;
} BARESSPI_BLOB;

/* ---- A store. The application makes two kinds: one for its own certificate (CERT_CONTEXT.hCertStore) and
 * one for those that it trusts (hRootStore of SCHANNEL_CRED and SCH_CREDENTIALS). One structure may serve as
 * both. BareSSPI makes one for the certificates that a peer sent (SECPKG_ATTR_REMOTE_CERT_CHAIN). ---- */
#define BARESSPI_CERT_STORE_VERSION 0x43535242u /* anything else is refused: SEC_E_UNKNOWN_CREDENTIALS */

typedef struct _BARESSPI_CERT_STORE {
  ULONG Version; /* BARESSPI_CERT_STORE_VERSION */
  /* As hCertStore: the intermediate certificates, each after the one that it signed. They are sent behind the
   * certificate itself; the root need not be among them. As hRootStore: the trust anchors, in any order.
   * DER or PEM; a PEM text may hold several certificates. */
  ULONG cCertificates; /* elements of Certificates; 0: none */
  const BARESSPI_BLOB* Certificates;
  /* As hCertStore: the private key of the certificate. NULL: Key says where it is. As hRootStore: not looked
   * at. */
  const uint8_t* PrivateKey;
  ULONG cbPrivateKey; /* octets */
  /* As hCertStore, for a key that does not leave a secure element: whatever that element's driver needs to
   * find it. NULL: PrivateKey has it. P-256 and P-384; mbed TLS 3.6 is built with MBEDTLS_ECDSA_SIGN_ALT, and
   * the firmware's mbedtls_ecdsa_sign gets this address as the number d. Without that:
   * SEC_E_UNSUPPORTED_FUNCTION. */
  const void* Key;
} BARESSPI_CERT_STORE;

typedef const BARESSPI_CERT_STORE* HCERTSTORE;

/* ---- A certificate. Those that BareSSPI hands out live in their context: read them until it is deleted;
 * they are DER, and their store is as the attribute says (schannel_attributes.h). ---- */
typedef struct _CERT_INFO CERT_INFO, *PCERT_INFO; /* Windows' decoded form; there is none here */

typedef struct _CERT_CONTEXT {
  DWORD dwCertEncodingType; /* X509_ASN_ENCODING */
  BYTE* pbCertEncoded;      /* not written to; Windows' type lacks const */
  DWORD cbCertEncoded;      /* octets; of a PEM text, with its terminating zero */
  PCERT_INFO pCertInfo;     /* NULL */
  HCERTSTORE hCertStore;    /* given: intermediates and private key; NULL is a certificate without a key */
} CERT_CONTEXT, *PCERT_CONTEXT;

typedef const CERT_CONTEXT* PCCERT_CONTEXT;

/* What Windows counts references with. Does nothing, since a certificate lives as long as its context (or,
 * the application's, as long as that likes); NULL is fine too. TRUE. */
BOOL CertFreeCertificateContext(PCCERT_CONTEXT pCertContext);

/* Goes through the certificates of a store that SECPKG_ATTR_REMOTE_CERT_CHAIN gave, in the order in which the
 * peer sent them. pPrevCertContext: NULL for the first, then what the call before returned. What it returns
 * needs no freeing, and holds until the context is deleted. NULL: there is no more; also for a store or a
 * certificate that is none of BareSSPI's, and once the context was deleted. */
PCCERT_CONTEXT CertEnumCertificatesInStore(HCERTSTORE hCertStore, PCCERT_CONTEXT pPrevCertContext);

#ifdef __cplusplus
}
#endif
#endif
