/* SPDX-License-Identifier: Apache-2.0 */
/* What functions return: the SSPI codes of Windows' winerror.h. A negative one is an error; of the others,
 * SEC_E_OK says that all is done and the SEC_I_ ones say what is still to do. */
#ifndef BARESSPI_STATUS_H
#define BARESSPI_STATUS_H

#include "types.h"

/* Whether it is not an error. SEC_I_CONTINUE_NEEDED is a success too, and no login: compare with SEC_E_OK for
 * that. */
#define SEC_SUCCESS(Status) ((Status) >= 0)

#define SEC_E_OK ((SECURITY_STATUS)0x00000000)

/* ---- Go on: nothing is wrong, and the handshake is not over. ---- */
/* Send the output token, if there is one, and call again with what the peer answers. */
#define SEC_I_CONTINUE_NEEDED ((SECURITY_STATUS)0x00090312)
#define SEC_I_COMPLETE_NEEDED ((SECURITY_STATUS)0x00090313)       /* call CompleteAuthToken: Digest only */
#define SEC_I_COMPLETE_AND_CONTINUE ((SECURITY_STATUS)0x00090314) /* both: Digest only */

/* TLS 1.2, client: the server asks for a certificate and the credential has none. Call again with the same
 * input, and with another credential, or with ISC_REQ_USE_SUPPLIED_CREDS to go on without one. */
#define SEC_I_INCOMPLETE_CREDENTIALS ((SECURITY_STATUS)0x00090320)
/* TLS, with MBEDTLS_ECP_RESTARTABLE only: a computation goes on. Call again, without input. */
#define SEC_I_ASYNC_CALL_PENDING ((SECURITY_STATUS)0x00090368)
/* TLS, DecryptMessage: a message of the handshake came, such as a ticket of TLS 1.3. Give the SECBUFFER_EXTRA
 * to InitializeSecurityContext or AcceptSecurityContext as its token, send the output if there is one, and go
 * on with data. */
#define SEC_I_RENEGOTIATE ((SECURITY_STATUS)0x00090321)
/* TLS, DecryptMessage: the peer sends no more data (close_notify). Answer with SCHANNEL_SHUTDOWN. From a
 * handshake function: the context is shut down, and the handshake was not over. */
#define SEC_I_CONTEXT_EXPIRED ((SECURITY_STATUS)0x00090317)

/* ---- The caller can mend it: nothing changed; put it right, or wait, and call again. ---- */
/* A pool (of credentials, contexts) is full, or what is to be kept does not fit the room that config/ gives
 * it: there is no heap. */
#define SEC_E_INSUFFICIENT_MEMORY ((SECURITY_STATUS)0x80090300)
/* The output does not fit. The SecBuffer's cbBuffer now says how many octets it must have. */
#define SEC_E_BUFFER_TOO_SMALL ((SECURITY_STATUS)0x80090321)
/* TLS: half a record. SECBUFFER_MISSING says how many octets more are wanted, where that is known. */
#define SEC_E_INCOMPLETE_MESSAGE ((SECURITY_STATUS)0x80090318)
/* The device's random source failed, so that no token goes out; it may work again later. Also what must not
 * happen. */
#define SEC_E_INTERNAL_ERROR ((SECURITY_STATUS)0x80090304)
/* A handle that is stale, forged, freed, all zeros, SecInvalidateHandle's, of another kind, or whose
 * handshake is not over yet where the function wants an established context. */
#define SEC_E_INVALID_HANDLE ((SECURITY_STATUS)0x80090301)
#define SEC_E_INVALID_PARAMETER ((SECURITY_STATUS)0x8009035D) /* of the BareSspi functions */
#define SEC_E_TARGET_UNKNOWN ((SECURITY_STATUS)0x80090303)    /* the target's name is not text, or too long */
#define SEC_E_SECPKG_NOT_FOUND ((SECURITY_STATUS)0x80090305)  /* no package of that name was configured in */
#define SEC_E_NO_CREDENTIALS ((SECURITY_STATUS)0x8009030E)    /* none, or for the other direction */
#define SEC_E_UNKNOWN_CREDENTIALS ((SECURITY_STATUS)0x8009030D) /* pAuthData is malformed */
#define SEC_E_QOP_NOT_SUPPORTED ((SECURITY_STATUS)0x8009030A)   /* fQOP is none that the package knows */

/* ---- Both: from a handshake it ends it, from any other function it changes nothing. ---- */
/* The package, or this half of it, does not have that function, attribute or feature; a handshake: what one
 * side requires (integrity, confidentiality, 128-bit keys) the other cannot or may not do. */
#define SEC_E_UNSUPPORTED_FUNCTION ((SECURITY_STATUS)0x80090302)
/* A handshake: the peer's token is malformed, not the one that is due, or missing. Every function: a pointer
 * that must not be NULL is, a SecBufferDesc or what stands in it is malformed; that is seen before anything
 * happens, and ends nothing. */
#define SEC_E_INVALID_TOKEN ((SECURITY_STATUS)0x80090308)

/* ---- The handshake is over: delete the context. Until then later calls for it return the same code. ---- */
/* Wrong password, unknown user, a user that may not: one code for all of them, after the same time. */
#define SEC_E_LOGON_DENIED ((SECURITY_STATUS)0x8009030C)
/* There is nobody to ask whether the caller may in: BARESSPI_DEVICE.Authority is NULL, or could not reach its
 * server. */
#define SEC_E_NO_AUTHENTICATING_AUTHORITY ((SECURITY_STATUS)0x80090311)
#define SEC_E_BAD_BINDINGS ((SECURITY_STATUS)0x80090346) /* differ, or missing though required */
/* The context's time is over; TLS: nothing more can be sent, after SCHANNEL_SHUTDOWN or an alert. */
#define SEC_E_CONTEXT_EXPIRED ((SECURITY_STATUS)0x80090317)

/* ---- TLS: the handshake is over too. Where an EXTENDED_ERROR was asked for, the output token is the alert
 * that tells the peer. The peer's own alerts become the same codes. ---- */
/* The certificate is for none of the names that the target has. */
#define SEC_E_WRONG_PRINCIPAL ((SECURITY_STATUS)0x80090322)
/* Its chain ends at no trust anchor, or there are no anchors. */
#define SEC_E_UNTRUSTED_ROOT ((SECURITY_STATUS)0x80090325)
/* A date of the chain is past, or not there yet. */
#define SEC_E_CERT_EXPIRED ((SECURITY_STATUS)0x80090328)
/* The device's clock does not know the time, so that dates cannot be checked (BARESSPI_SCH_CRED_NO_DATES). */
#define SEC_E_TIME_SKEW ((SECURITY_STATUS)0x80090324)
/* It was revoked. Nothing here looks that up: the peer's alert says it of ours. */
#define CRYPT_E_REVOKED ((SECURITY_STATUS)0x80092010)
/* It is not for this use: a server's, a client's. */
#define SEC_E_CERT_WRONG_USAGE ((SECURITY_STATUS)0x80090349)
/* Another fault: it is malformed, or could not be checked. */
#define SEC_E_CERT_UNKNOWN ((SECURITY_STATUS)0x80090327)
/* Server: a certificate of the client is required (ASC_REQ_MUTUAL_AUTH), and it has sent none. */
#define SEC_E_INCOMPLETE_CREDENTIALS ((SECURITY_STATUS)0x80090320)
/* The two sides have no application protocol (ALPN) in common. */
#define SEC_E_APPLICATION_PROTOCOL_MISMATCH ((SECURITY_STATUS)0x80090367)
/* They have no cipher suite, group or signature in common (no version: SEC_E_UNSUPPORTED_FUNCTION; but a
 * server of TLS 1.2 alone finds in a client of TLS 1.3 alone no cipher suite). */
#define SEC_E_ALGORITHM_MISMATCH ((SECURITY_STATUS)0x80090331)
/* A message that is malformed, out of turn, or not to be had (KeyUpdate); any other alert that is fatal. */
#define SEC_E_ILLEGAL_MESSAGE ((SECURITY_STATUS)0x80090326)
/* What the peer encrypted or signed does not fit. A record that was altered, repeated or lost is
 * SEC_E_MESSAGE_ALTERED, and ends the context too. */
#define SEC_E_DECRYPT_FAILURE ((SECURITY_STATUS)0x80090330)
/* EncryptMessage: the record could not be made. The context is over. */
#define SEC_E_ENCRYPT_FAILURE ((SECURITY_STATUS)0x80090329)

/* ---- A protected message was refused. The context is as before the call; a handshake whose MIC is wrong or
 * missing returns SEC_E_MESSAGE_ALTERED too, and is over. ---- */
#define SEC_E_MESSAGE_ALTERED ((SECURITY_STATUS)0x8009030F) /* its signature is wrong */
#define SEC_E_OUT_OF_SEQUENCE ((SECURITY_STATUS)0x80090310) /* lost, repeated, reordered; looked at first */

/* ---- The other codes of winerror.h, which Kerberos, Digest and CredSSP return or which a program may
 * name. ---- */
#define SEC_E_NO_IMPERSONATION ((SECURITY_STATUS)0x8009030B)
#define SEC_E_NOT_OWNER ((SECURITY_STATUS)0x80090306)
#define SEC_E_CANNOT_INSTALL ((SECURITY_STATUS)0x80090307)
#define SEC_E_CANNOT_PACK ((SECURITY_STATUS)0x80090309)
#define SEC_I_LOCAL_LOGON ((SECURITY_STATUS)0x00090315)
#define SEC_I_GENERIC_EXTENSION_RECEIVED ((SECURITY_STATUS)0x00090316)
#define SEC_E_BAD_PKGID ((SECURITY_STATUS)0x80090316)
#define SEC_I_NO_LSA_CONTEXT ((SECURITY_STATUS)0x00090323)
#define SEC_E_SECURITY_QOS_FAILED ((SECURITY_STATUS)0x80090332)
#define SEC_E_UNFINISHED_CONTEXT_DELETED ((SECURITY_STATUS)0x80090333)
#define SEC_E_NO_TGT_REPLY ((SECURITY_STATUS)0x80090334)
#define SEC_E_NO_IP_ADDRESSES ((SECURITY_STATUS)0x80090335)
#define SEC_E_WRONG_CREDENTIAL_HANDLE ((SECURITY_STATUS)0x80090336)
#define SEC_E_CRYPTO_SYSTEM_INVALID ((SECURITY_STATUS)0x80090337)
#define SEC_E_MAX_REFERRALS_EXCEEDED ((SECURITY_STATUS)0x80090338)
#define SEC_E_MUST_BE_KDC ((SECURITY_STATUS)0x80090339)
#define SEC_E_STRONG_CRYPTO_NOT_SUPPORTED ((SECURITY_STATUS)0x8009033A)
#define SEC_E_TOO_MANY_PRINCIPALS ((SECURITY_STATUS)0x8009033B)
#define SEC_E_NO_PA_DATA ((SECURITY_STATUS)0x8009033C)
#define SEC_E_PKINIT_NAME_MISMATCH ((SECURITY_STATUS)0x8009033D)
#define SEC_E_SMARTCARD_LOGON_REQUIRED ((SECURITY_STATUS)0x8009033E)
#define SEC_E_SHUTDOWN_IN_PROGRESS ((SECURITY_STATUS)0x8009033F)
#define SEC_E_KDC_INVALID_REQUEST ((SECURITY_STATUS)0x80090340)
#define SEC_E_KDC_UNABLE_TO_REFER ((SECURITY_STATUS)0x80090341)
#define SEC_E_KDC_UNKNOWN_ETYPE ((SECURITY_STATUS)0x80090342)
#define SEC_E_UNSUPPORTED_PREAUTH ((SECURITY_STATUS)0x80090343)
#define SEC_E_DELEGATION_REQUIRED ((SECURITY_STATUS)0x80090345)
#define SEC_E_MULTIPLE_ACCOUNTS ((SECURITY_STATUS)0x80090347)
#define SEC_E_NO_KERB_KEY ((SECURITY_STATUS)0x80090348)
#define SEC_E_DOWNGRADE_DETECTED ((SECURITY_STATUS)0x80090350)
#define SEC_E_SMARTCARD_CERT_REVOKED ((SECURITY_STATUS)0x80090351)
#define SEC_E_ISSUING_CA_UNTRUSTED ((SECURITY_STATUS)0x80090352)
#define SEC_E_REVOCATION_OFFLINE_C ((SECURITY_STATUS)0x80090353)
#define SEC_E_PKINIT_CLIENT_FAILURE ((SECURITY_STATUS)0x80090354)
#define SEC_E_SMARTCARD_CERT_EXPIRED ((SECURITY_STATUS)0x80090355)
#define SEC_E_NO_S4U_PROT_SUPPORT ((SECURITY_STATUS)0x80090356)
#define SEC_E_CROSSREALM_DELEGATION_FAILURE ((SECURITY_STATUS)0x80090357)
#define SEC_E_REVOCATION_OFFLINE_KDC ((SECURITY_STATUS)0x80090358)
#define SEC_E_ISSUING_CA_UNTRUSTED_KDC ((SECURITY_STATUS)0x80090359)
#define SEC_E_KDC_CERT_EXPIRED ((SECURITY_STATUS)0x8009035A)
#define SEC_E_KDC_CERT_REVOKED ((SECURITY_STATUS)0x8009035B)
#define SEC_I_SIGNATURE_NEEDED ((SECURITY_STATUS)0x0009035C)
#define SEC_E_DELEGATION_POLICY ((SECURITY_STATUS)0x8009035E)
#define SEC_E_POLICY_NLTM_ONLY ((SECURITY_STATUS)0x8009035F)
#define SEC_I_NO_RENEGOTIATION ((SECURITY_STATUS)0x00090360)
#define SEC_E_NO_CONTEXT ((SECURITY_STATUS)0x80090361)
#define SEC_E_PKU2U_CERT_FAILURE ((SECURITY_STATUS)0x80090362)
#define SEC_E_MUTUAL_AUTH_FAILED ((SECURITY_STATUS)0x80090363)
#define SEC_I_MESSAGE_FRAGMENT ((SECURITY_STATUS)0x00090364)
#define SEC_E_ONLY_HTTPS_ALLOWED ((SECURITY_STATUS)0x80090365)
#define SEC_I_CONTINUE_NEEDED_MESSAGE_OK ((SECURITY_STATUS)0x00090366)
#define SEC_E_INVALID_UPN_NAME ((SECURITY_STATUS)0x80090369)
#define SEC_E_EXT_BUFFER_TOO_SMALL ((SECURITY_STATUS)0x8009036A)
#define SEC_E_INSUFFICIENT_BUFFERS ((SECURITY_STATUS)0x8009036B)

/* Older names. */
#define SEC_E_NO_SPM SEC_E_INTERNAL_ERROR
#define SEC_E_NOT_SUPPORTED SEC_E_UNSUPPORTED_FUNCTION

#endif
