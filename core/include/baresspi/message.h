/* SPDX-License-Identifier: Apache-2.0 */
/* Protecting messages with an established context: signing and sealing ([MS-NLMP] 3.4.4 and 3.4.3, RFC
 * 2743 2.3).
 *
 * pMessage is a list of parts, in the order in which they make up the message:
 *   SECBUFFER_DATA    what is protected, in place; as many as you like
 *   SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM    signed, but not encrypted
 *   SECBUFFER_DATA | SECBUFFER_READONLY    neither
 *   SECBUFFER_TOKEN   the signature, anywhere in the list: 16 octets with NTLM; SECPKG_ATTR_SIZES tells
 *   SECBUFFER_PADDING, SECBUFFER_EMPTY    nothing
 * How parts are cut does not matter: the peer may have them in other pieces.
 *
 * TLS has EncryptMessage and DecryptMessage alone, and other lists:
 *   EncryptMessage    SECBUFFER_STREAM_HEADER, SECBUFFER_DATA (SecPkgContext_StreamSizes.cbMaximumMessage
 * octets at most, in place), SECBUFFER_STREAM_TRAILER. Send the three, one after another, each with its
 * cbBuffer, which for the trailer may become less. DecryptMessage    SECBUFFER_DATA with what was received, a
 * record at least, and three SECBUFFER_EMPTY or more. They become, in place, STREAM_HEADER, DATA (the
 * plaintext; it may be empty), STREAM_TRAILER, and EXTRA if more was received.
 *
 * MessageSeqNo is the message's number in datagram contexts; in connections both sides count, and it is not
 * looked at.
 *
 * Messages must be verified and decrypted in the order in which the peer made them. One that is refused
 * changes nothing, neither the context nor the buffers: the right one is accepted after it; but not with
 * TLS. */
#ifndef BARESSPI_MESSAGE_H
#define BARESSPI_MESSAGE_H

#include "buffers.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- fQOP, *pfQOP: 0, or ---- */
#define SECQOP_WRAP_NO_ENCRYPT 0x80000001u /* EncryptMessage: sign only, as MakeSignature does */
/* EncryptMessage, NTLM and Negotiate, BareSSPI's own: encrypts also where integrity alone was agreed. It is
 * what directories expect of every message under SASL, whichever of the two was agreed: Windows' NTLM does
 * so. */
#define BARESSPI_SECQOP_WRAP_ENCRYPT 0x80000002u
#define SECQOP_WRAP_OOB_DATA 0x40000000u /* SEC_E_QOP_NOT_SUPPORTED: alerts go by ApplyControlToken */

/* Signs: writes the TOKEN buffer and its cbBuffer. On an NTLM context without ISC_RET_INTEGRITY the signature
 * is one that protects nothing (01 00 .. 00, which is what peers then expect): look at the context's flags
 * first.
 *
 * SEC_E_OK; SEC_E_BUFFER_TOO_SMALL (cbBuffer of the TOKEN: octets needed); SEC_E_INVALID_TOKEN (no TOKEN
 * buffer, or a malformed list); SEC_E_QOP_NOT_SUPPORTED; SEC_E_INVALID_HANDLE; the context's error, if its
 * handshake failed. */
SECURITY_STATUS SEC_ENTRY MakeSignature(PCtxtHandle phContext, ULONG fQOP, PSecBufferDesc pMessage,
                                        ULONG MessageSeqNo);

/* Checks a message and the signature that came with it. *pfQOP (may be NULL) becomes 0.
 *
 * SEC_E_OK; SEC_E_OUT_OF_SEQUENCE (a message was lost, repeated or reordered; checked first);
 * SEC_E_MESSAGE_ALTERED (also a TOKEN of another size); SEC_E_INVALID_TOKEN (no TOKEN buffer, or a malformed
 * list); SEC_E_INVALID_HANDLE; the context's error. */
SECURITY_STATUS SEC_ENTRY VerifySignature(PCtxtHandle phContext, PSecBufferDesc pMessage, ULONG MessageSeqNo,
                                          ULONG* pfQOP);

/* Signs and encrypts: the DATA parts in place, the signature to the TOKEN buffer. As MakeSignature, and
 * SEC_E_UNSUPPORTED_FUNCTION on a context without confidentiality, or, with a QOP, without integrity.
 *
 * TLS: SEC_E_OK; SEC_E_BUFFER_TOO_SMALL (cbBuffer of header and trailer: octets needed); SEC_E_INVALID_TOKEN
 * (a buffer is missing, or there is too much DATA); SEC_E_QOP_NOT_SUPPORTED (any); SEC_E_OUT_OF_SEQUENCE
 * (what DecryptMessage's SEC_I_RENEGOTIATE asks for has to be done first); SEC_E_CONTEXT_EXPIRED
 * (SCHANNEL_SHUTDOWN was sent); SEC_E_INVALID_HANDLE. SEC_E_ENCRYPT_FAILURE, SEC_E_INTERNAL_ERROR: the
 * context is over. */
SECURITY_STATUS SEC_ENTRY EncryptMessage(PCtxtHandle phContext, ULONG fQOP, PSecBufferDesc pMessage,
                                         ULONG MessageSeqNo);

/* Decrypts and checks: the DATA parts in place. Or a list of SECBUFFER_STREAM (signature and ciphertext in
 * one, decrypted in place) and an empty SECBUFFER_DATA, which then says where in it the plaintext is. *pfQOP:
 * SECQOP_WRAP_NO_ENCRYPT if the message was only signed, else 0. Where integrity alone was agreed either will
 * do; where confidentiality was, only an encrypted message will if pfQOP is NULL. As VerifySignature, and
 * SEC_E_UNSUPPORTED_FUNCTION on a context without integrity; what was refused is as it was.
 *
 * TLS: SEC_E_OK; SEC_E_INCOMPLETE_MESSAGE (less than a record: nothing was read; SECBUFFER_MISSING);
 * SEC_I_RENEGOTIATE and SEC_I_CONTEXT_EXPIRED (status.h); SEC_E_INVALID_TOKEN (a buffer is missing);
 * SEC_E_INVALID_HANDLE. The others end the context, since records depend on those before them:
 * SEC_E_MESSAGE_ALTERED, SEC_E_ILLEGAL_MESSAGE, what the peer's alert stands for, SEC_E_INTERNAL_ERROR. */
SECURITY_STATUS SEC_ENTRY DecryptMessage(PCtxtHandle phContext, PSecBufferDesc pMessage, ULONG MessageSeqNo,
                                         ULONG* pfQOP);

typedef SECURITY_STATUS(SEC_ENTRY* MAKE_SIGNATURE_FN)(PCtxtHandle, ULONG, PSecBufferDesc, ULONG);
typedef SECURITY_STATUS(SEC_ENTRY* VERIFY_SIGNATURE_FN)(PCtxtHandle, PSecBufferDesc, ULONG, ULONG*);
typedef SECURITY_STATUS(SEC_ENTRY* ENCRYPT_MESSAGE_FN)(PCtxtHandle, ULONG, PSecBufferDesc, ULONG);
typedef SECURITY_STATUS(SEC_ENTRY* DECRYPT_MESSAGE_FN)(PCtxtHandle, PSecBufferDesc, ULONG, ULONG*);

#ifdef __cplusplus
}
#endif
#endif
