/* SPDX-License-Identifier: Apache-2.0 */
/* A client and a server as one writes them for Windows, in one program: compiled twice, with UNICODE and
 * without. */
#ifndef BARESSPI_TESTS_API_WINDOWS_STYLE_PROGRAM_H
#define BARESSPI_TESTS_API_WINDOWS_STYLE_PROGRAM_H

#define SECURITY_WIN32
#include <windows.h>

#include <security.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RECEIVED_MAX 64

typedef struct _REPORT {
  DWORD cPackages;                /* EnumerateSecurityPackages' */
  BYTE Received[RECEIVED_MAX];    /* what the server decrypted */
  DWORD cbReceived;               /* octets of it */
  BOOL fAnswerVerified;           /* the client verified what the server signed */
  DWORD fClientAttr;              /* ISC_RET_* */
  DWORD fServerAttr;              /* ASC_RET_* */
  BYTE CallersName[RECEIVED_MAX]; /* SECPKG_ATTR_NAMES on the server, zero-terminated, in TCHARs */
} REPORT, *PREPORT;

/* Logs DOMAIN\alice in with a password, seals a message to the server, gets a signed answer. Returns the
 * first status that is not SEC_E_OK, of whichever function it came from. */
SECURITY_STATUS RunWindowsStyleProgramA(const char* pszPassword, PREPORT pReport);
SECURITY_STATUS RunWindowsStyleProgramW(const SEC_WCHAR* pszPassword, PREPORT pReport);

#ifdef __cplusplus
}
#endif
#endif
