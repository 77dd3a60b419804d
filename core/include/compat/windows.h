/* SPDX-License-Identifier: Apache-2.0 */
/* <windows.h> as far as programs that authenticate use it: the everyday names of types and a few macros.
 * <sspi.h> does not need it and does not include it, since other libraries of a firmware (FatFs, ThreadX)
 * have names of their own like these. */
#ifndef BARESSPI_COMPAT_WINDOWS_H
#define BARESSPI_COMPAT_WINDOWS_H

#include "../baresspi/status.h"
#include "../baresspi/windows_types.h"

#define VOID void
#define CONST const
#define WINAPI
#define CALLBACK

typedef char CHAR;
typedef SEC_WCHAR WCHAR;
typedef int16_t SHORT;
typedef int INT;
typedef unsigned int UINT;
typedef int64_t LONGLONG;
typedef uint64_t ULONGLONG;
typedef uintptr_t DWORD_PTR;
typedef uintptr_t UINT_PTR;
typedef size_t SIZE_T;
typedef int32_t HRESULT;

typedef BYTE* LPBYTE;
typedef UCHAR* PUCHAR;
typedef USHORT* PUSHORT;
typedef LONG* PLONG;
typedef DWORD *PDWORD, *LPDWORD;
typedef BOOL *PBOOL, *LPBOOL;
typedef void* LPVOID;
typedef const void* LPCVOID;
typedef CHAR *PCHAR, *PSTR, *LPSTR;
typedef const CHAR *PCSTR, *LPCSTR;
typedef WCHAR *PWCHAR, *PWSTR, *LPWSTR;
typedef const WCHAR *PCWSTR, *LPCWSTR;

#ifdef UNICODE
typedef WCHAR TCHAR;
#else
typedef CHAR TCHAR;
#endif
typedef TCHAR *PTSTR, *LPTSTR;
typedef const TCHAR *PCTSTR, *LPCTSTR;
#define TEXT(literal) SEC_TEXT(literal)

typedef SECURITY_INTEGER LARGE_INTEGER, *PLARGE_INTEGER;

typedef struct _FILETIME {
  DWORD dwLowDateTime;
  DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

#define S_OK ((HRESULT)0)
#define SUCCEEDED(result) ((HRESULT)(result) >= 0)
#define FAILED(result) ((HRESULT)(result) < 0)
#define ARRAYSIZE(array) (sizeof(array) / sizeof((array)[0]))

static inline void ZeroMemory(void* Destination, SIZE_T Length) {
  BYTE* octet = (BYTE*)Destination;
  while (Length-- != 0) *octet++ = 0;
}

static inline void CopyMemory(void* Destination, const void* Source, SIZE_T Length) {
  BYTE* to = (BYTE*)Destination;
  const BYTE* from = (const BYTE*)Source;
  while (Length-- != 0) *to++ = *from++;
}

/* For passwords: volatile, so that no compiler drops it as a dead store. */
static inline void* SecureZeroMemory(void* ptr, SIZE_T cnt) {
  volatile BYTE* octet = (volatile BYTE*)ptr;
  while (cnt-- != 0) *octet++ = 0;
  return ptr;
}

#endif
