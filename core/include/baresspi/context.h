/* SPDX-License-Identifier: Apache-2.0 */
/* Security contexts: the handshake, the caller's token, the end. */
#ifndef BARESSPI_CONTEXT_H
#define BARESSPI_CONTEXT_H

#include "buffers.h"
#include "context_flags.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- TargetDataRep: the byte order that the application's messages will have. No package's tokens depend on
 * it. ---- */
#define SECURITY_NATIVE_DREP 0x00000010u
#define SECURITY_NETWORK_DREP 0x00000000u

/* ---- ExportSecurityContext's fFlags. ---- */
#define SECPKG_CONTEXT_EXPORT_RESET_NEW 0x00000001u
#define SECPKG_CONTEXT_EXPORT_DELETE_OLD 0x00000002u
#define SECPKG_CONTEXT_EXPORT_TO_KERNEL 0x00000004u

/* ---- The handshake. ---- */
/* The client's next step: reads the server's token, writes one for the server.
 *
 * - phCredential: OUTBOUND. From the second call on it is not looked at, and may be NULL.
 * - phContext: NULL in the first call, then the context.
 * - pszTargetName: the service's principal name, such as cifs/server.example.org, zero-terminated. NULL or
 *   empty: none. A server may insist on its own ([MS-NLMP] 2.2.2.1 MsvAvTargetName). What is
 *   given last counts. NTLM takes 128 characters; a longer name, one that is no text, and one with marshalled
 *   target information behind the host's name are SEC_E_TARGET_UNKNOWN.
 * - fContextReq: ISC_REQ_* (context_flags.h), of the first call.
 * - Reserved1, Reserved2, TargetDataRep: not looked at.
 * - pInput: the server's token as SECBUFFER_TOKEN; none in the first call, where pInput may be NULL. With it,
 *   in any order: SECBUFFER_CHANNEL_BINDINGS (a SEC_CHANNEL_BINDINGS; one call that has it will do) and
 *   SECBUFFER_TARGET. Others are skipped.
 * - phNewContext: becomes the context in the first call. Later it may be NULL, or the same as phContext.
 * - pOutput: a SECBUFFER_TOKEN for the token; SecPkgInfo.cbMaxToken octets suffice. Its cbBuffer becomes the
 *   token's size: 0 for none.
 * - pfContextAttr: NULL, or becomes ISC_RET_*, what was agreed, with SEC_E_OK; 0 on an error.
 * - ptsExpiry: NULL, or becomes the context's end; with NTLM BARESSPI_TIME_NEVER.
 *
 * SEC_E_OK: done. A token, if there is one, has to go to the server still.
 *
 * SEC_I_CONTINUE_NEEDED: send the token and call again with the server's answer. (Datagram mode: the first
 * token is empty.)
 *
 * Nothing happened, call again: SEC_E_BUFFER_TOO_SMALL (cbBuffer says what is needed);
 * SEC_E_INSUFFICIENT_MEMORY; SEC_E_INTERNAL_ERROR (no random); SEC_E_TARGET_UNKNOWN; SEC_E_INVALID_TOKEN (a
 * malformed SecBufferDesc, or pOutput has no place for the token); SEC_E_UNSUPPORTED_FUNCTION
 * (ISC_REQ_ALLOCATE_MEMORY); SEC_E_INVALID_HANDLE.
 *
 * The handshake is over, and later calls return the same: SEC_E_INVALID_TOKEN (the server's token is
 * malformed or missing); SEC_E_UNSUPPORTED_FUNCTION (the server cannot what
 * the credential's policy wants: 128-bit keys, TargetInfo); SEC_E_NO_CREDENTIALS.
 *
 * An error in the first call leaves no context behind, and phNewContext as it was. An established context
 * expects no more: SEC_E_INVALID_TOKEN, which changes nothing. */
SECURITY_STATUS SEC_ENTRY InitializeSecurityContextW(PCredHandle phCredential, PCtxtHandle phContext,
                                                     const SEC_WCHAR* pszTargetName, ULONG fContextReq,
                                                     ULONG Reserved1, ULONG TargetDataRep,
                                                     PSecBufferDesc pInput, ULONG Reserved2,
                                                     PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                     ULONG* pfContextAttr, PTimeStamp ptsExpiry);
SECURITY_STATUS SEC_ENTRY InitializeSecurityContextA(PCredHandle phCredential, PCtxtHandle phContext,
                                                     const SEC_CHAR* pszTargetName, ULONG fContextReq,
                                                     ULONG Reserved1, ULONG TargetDataRep,
                                                     PSecBufferDesc pInput, ULONG Reserved2,
                                                     PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                     ULONG* pfContextAttr, PTimeStamp ptsExpiry);

/* The server's next step: reads the client's token, writes one for the client, and after the last one lets
 * the client in or not. As InitializeSecurityContext, except:
 *
 * - phCredential: INBOUND. Its BARESSPI_DEVICE has the names that the client is told, and the authority that
 *   knows the accounts.
 * - fContextReq: ASC_REQ_*, the same with every call. INTEGRITY, REPLAY_DETECT, SEQUENCE_DETECT and
 *   CONFIDENTIALITY are demands.
 * - pInput: the client's token (in datagram mode none in the first call), and with every call the channel
 *   bindings, if there are any. Bindings given: the client must have sent the same; with
 *   ASC_REQ_ALLOW_MISSING_BINDINGS only a client that sent some must. None given: what it sent is ignored.
 * - pOutput: may be NULL in NTLM's last call, which has no token.
 * - pfContextAttr: ASC_RET_*.
 *
 * SEC_E_OK: the client is in, and QuerySecurityContextToken says who it is. SEC_I_CONTINUE_NEEDED, and the
 * errors above but SEC_E_TARGET_UNKNOWN; SEC_E_UNSUPPORTED_FUNCTION also for device names that are no UTF-8.
 *
 * The handshake is over with these too: SEC_E_LOGON_DENIED (wrong password, unknown or disabled account;
 * anonymous where it is not allowed); SEC_E_NO_AUTHENTICATING_AUTHORITY; SEC_E_BAD_BINDINGS;
 * SEC_E_MESSAGE_ALTERED (the MIC is wrong, or announced and missing); SEC_E_UNSUPPORTED_FUNCTION (the client
 * cannot integrity or confidentiality that is demanded, or its keys are too short). */
SECURITY_STATUS SEC_ENTRY AcceptSecurityContext(PCredHandle phCredential, PCtxtHandle phContext,
                                                PSecBufferDesc pInput, ULONG fContextReq, ULONG TargetDataRep,
                                                PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                ULONG* pfContextAttr, PTimeStamp ptsExpiry);

/* Finishes a token after SEC_I_COMPLETE_NEEDED, which NTLM never returns: SEC_E_UNSUPPORTED_FUNCTION, or
 * SEC_E_INVALID_HANDLE. */
SECURITY_STATUS SEC_ENTRY CompleteAuthToken(PCtxtHandle phContext, PSecBufferDesc pToken);
/* TLS: shuts the channel down, sends an alert, or says whether the session may be resumed
 * (<baresspi/schannel.h>, SCHANNEL_SHUTDOWN and others). Others: SEC_E_UNSUPPORTED_FUNCTION, or
 * SEC_E_INVALID_HANDLE. */
SECURITY_STATUS SEC_ENTRY ApplyControlToken(PCtxtHandle phContext, PSecBufferDesc pInput);
/* Ends a context, in whatever state: its secrets are wiped, its strings, keys and token are gone. May come
 * while another task is in Initialize- or AcceptSecurityContext with it, which then finishes first; with the
 * other functions a context is one task's at a time. SEC_E_OK; SEC_E_INVALID_HANDLE. */
SECURITY_STATUS SEC_ENTRY DeleteSecurityContext(PCtxtHandle phContext);

/* ---- Who the caller is: an acceptor's established context. ---- */
/* *Token becomes a handle that stands for the caller; BareSspiQueryTokenInformation (<baresspi/authority.h>)
 * says who that is. It lives in the context, needs no closing, and is stale once the context is deleted.
 * SEC_E_OK; SEC_E_UNSUPPORTED_FUNCTION (a client's context); SEC_E_INVALID_TOKEN (Token NULL);
 * SEC_E_INVALID_HANDLE (also during the handshake); the context's error. */
SECURITY_STATUS SEC_ENTRY QuerySecurityContextToken(PCtxtHandle phContext, void** Token);
/* Makes the caller's token the current task's, for the firmware's own checks of who may do what: it is what
 * baresspi_port_task_token() returns until RevertSecurityContext. Nothing else changes. Codes as above. */
SECURITY_STATUS SEC_ENTRY ImpersonateSecurityContext(PCtxtHandle phContext);
/* The task has no token from now on, whatever is returned. Codes as above. */
SECURITY_STATUS SEC_ENTRY RevertSecurityContext(PCtxtHandle phContext);

/* ---- Handing a context to another process. No package can: SEC_E_UNSUPPORTED_FUNCTION; SEC_E_INVALID_HANDLE
 * (export); SEC_E_SECPKG_NOT_FOUND (import). ---- */
SECURITY_STATUS SEC_ENTRY ExportSecurityContext(PCtxtHandle phContext, ULONG fFlags,
                                                PSecBuffer pPackedContext, void** pToken);
SECURITY_STATUS SEC_ENTRY ImportSecurityContextW(const SEC_WCHAR* pszPackage, PSecBuffer pPackedContext,
                                                 void* Token, PCtxtHandle phContext);
SECURITY_STATUS SEC_ENTRY ImportSecurityContextA(const SEC_CHAR* pszPackage, PSecBuffer pPackedContext,
                                                 void* Token, PCtxtHandle phContext);

typedef SECURITY_STATUS(SEC_ENTRY* INITIALIZE_SECURITY_CONTEXT_FN_W)(PCredHandle, PCtxtHandle,
                                                                     const SEC_WCHAR*, ULONG, ULONG, ULONG,
                                                                     PSecBufferDesc, ULONG, PCtxtHandle,
                                                                     PSecBufferDesc, ULONG*, PTimeStamp);
typedef SECURITY_STATUS(SEC_ENTRY* INITIALIZE_SECURITY_CONTEXT_FN_A)(PCredHandle, PCtxtHandle,
                                                                     const SEC_CHAR*, ULONG, ULONG, ULONG,
                                                                     PSecBufferDesc, ULONG, PCtxtHandle,
                                                                     PSecBufferDesc, ULONG*, PTimeStamp);
typedef SECURITY_STATUS(SEC_ENTRY* ACCEPT_SECURITY_CONTEXT_FN)(PCredHandle, PCtxtHandle, PSecBufferDesc,
                                                               ULONG, ULONG, PCtxtHandle, PSecBufferDesc,
                                                               ULONG*, PTimeStamp);
typedef SECURITY_STATUS(SEC_ENTRY* COMPLETE_AUTH_TOKEN_FN)(PCtxtHandle, PSecBufferDesc);
typedef SECURITY_STATUS(SEC_ENTRY* APPLY_CONTROL_TOKEN_FN)(PCtxtHandle, PSecBufferDesc);
typedef SECURITY_STATUS(SEC_ENTRY* DELETE_SECURITY_CONTEXT_FN)(PCtxtHandle);
typedef SECURITY_STATUS(SEC_ENTRY* QUERY_SECURITY_CONTEXT_TOKEN_FN)(PCtxtHandle, void**);
typedef SECURITY_STATUS(SEC_ENTRY* IMPERSONATE_SECURITY_CONTEXT_FN)(PCtxtHandle);
typedef SECURITY_STATUS(SEC_ENTRY* REVERT_SECURITY_CONTEXT_FN)(PCtxtHandle);
typedef SECURITY_STATUS(SEC_ENTRY* EXPORT_SECURITY_CONTEXT_FN)(PCtxtHandle, ULONG, PSecBuffer, void**);
typedef SECURITY_STATUS(SEC_ENTRY* IMPORT_SECURITY_CONTEXT_FN_W)(const SEC_WCHAR*, PSecBuffer, void*,
                                                                 PCtxtHandle);
typedef SECURITY_STATUS(SEC_ENTRY* IMPORT_SECURITY_CONTEXT_FN_A)(const SEC_CHAR*, PSecBuffer, void*,
                                                                 PCtxtHandle);

#ifdef UNICODE
#define InitializeSecurityContext InitializeSecurityContextW
#define ImportSecurityContext ImportSecurityContextW
#define INITIALIZE_SECURITY_CONTEXT_FN INITIALIZE_SECURITY_CONTEXT_FN_W
#define IMPORT_SECURITY_CONTEXT_FN IMPORT_SECURITY_CONTEXT_FN_W
#else
#define InitializeSecurityContext InitializeSecurityContextA
#define ImportSecurityContext ImportSecurityContextA
#define INITIALIZE_SECURITY_CONTEXT_FN INITIALIZE_SECURITY_CONTEXT_FN_A
#define IMPORT_SECURITY_CONTEXT_FN IMPORT_SECURITY_CONTEXT_FN_A
#endif

#ifdef __cplusplus
}
#endif
#endif
