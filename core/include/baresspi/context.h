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

#define SECURITY_NATIVE_DREP 0x00000010u
#define SECURITY_NETWORK_DREP 0x00000000u

#define SECPKG_CONTEXT_EXPORT_RESET_NEW 0x00000001u
#define SECPKG_CONTEXT_EXPORT_DELETE_OLD 0x00000002u
#define SECPKG_CONTEXT_EXPORT_TO_KERNEL 0x00000004u

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

SECURITY_STATUS SEC_ENTRY AcceptSecurityContext(PCredHandle phCredential, PCtxtHandle phContext,
                                                PSecBufferDesc pInput, ULONG fContextReq, ULONG TargetDataRep,
                                                PCtxtHandle phNewContext, PSecBufferDesc pOutput,
                                                ULONG* pfContextAttr, PTimeStamp ptsExpiry);

SECURITY_STATUS SEC_ENTRY CompleteAuthToken(PCtxtHandle phContext, PSecBufferDesc pToken);
SECURITY_STATUS SEC_ENTRY ApplyControlToken(PCtxtHandle phContext, PSecBufferDesc pInput);
SECURITY_STATUS SEC_ENTRY DeleteSecurityContext(PCtxtHandle phContext);

SECURITY_STATUS SEC_ENTRY QuerySecurityContextToken(PCtxtHandle phContext, void** Token);
SECURITY_STATUS SEC_ENTRY ImpersonateSecurityContext(PCtxtHandle phContext);
SECURITY_STATUS SEC_ENTRY RevertSecurityContext(PCtxtHandle phContext);

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
