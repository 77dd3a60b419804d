/* SPDX-License-Identifier: Apache-2.0 */
/* The base types of the interface, the handles, the time stamp. */
#ifndef BARESSPI_TYPES_H
#define BARESSPI_TYPES_H

#include <stddef.h>
#include <stdint.h>

/* Windows' names with Windows' widths, on every system: a long has 64 bits on LP64, a ULONG has 32
 * everywhere. A pointer to unsigned long is therefore no ULONG*: declare what a function writes to as ULONG.
 */
typedef uint8_t UCHAR;
typedef uint16_t USHORT;
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef ULONG* PULONG;
typedef int BOOL;
typedef UCHAR BOOLEAN;
typedef void* PVOID;
typedef void* HANDLE;
typedef HANDLE* PHANDLE;
typedef uintptr_t ULONG_PTR;
typedef intptr_t INT_PTR;

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

typedef char SEC_CHAR;
#ifdef __cplusplus
typedef char16_t SEC_WCHAR;
#else
typedef uint_least16_t SEC_WCHAR;
#endif

typedef int32_t SECURITY_STATUS;

#define SEC_FAR
#define SEC_ENTRY

#ifdef UNICODE
#define SEC_TEXT(literal) BARESSPI_WIDE_(literal)
#else
#define SEC_TEXT(literal) literal
#endif
#define BARESSPI_WIDE_(literal) u##literal

typedef struct _LUID {
  ULONG LowPart;
  LONG HighPart;
} LUID, *PLUID;

#if defined(__GNUC__)
#define BARESSPI_EXTENSION_ __extension__
#else
#define BARESSPI_EXTENSION_
#endif

typedef union _SECURITY_INTEGER {
  BARESSPI_EXTENSION_ struct {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    LONG HighPart;
    ULONG LowPart;
#else
    ULONG LowPart;
    LONG HighPart;
#endif
  };
  int64_t QuadPart;
} SECURITY_INTEGER, *PSECURITY_INTEGER;

typedef SECURITY_INTEGER TimeStamp;
typedef SECURITY_INTEGER* PTimeStamp;

typedef struct _SECURITY_STRING {
  unsigned short Length;
  unsigned short MaximumLength;
  unsigned short* Buffer;
} SECURITY_STRING, *PSECURITY_STRING;

typedef struct _SecHandle {
  ULONG_PTR dwLower;
  ULONG_PTR dwUpper;
} SecHandle, *PSecHandle;

typedef SecHandle CredHandle;
typedef PSecHandle PCredHandle;
typedef SecHandle CtxtHandle;
typedef PSecHandle PCtxtHandle;

#define SecInvalidateHandle(x)                                 \
  ((void)(((PSecHandle)(x))->dwLower = (ULONG_PTR)(INT_PTR)-1, \
          ((PSecHandle)(x))->dwUpper = (ULONG_PTR)(INT_PTR)-1))

#define SecIsValidHandle(x)                                  \
  ((((PSecHandle)(x))->dwLower != (ULONG_PTR)(INT_PTR)-1) && \
   (((PSecHandle)(x))->dwUpper != (ULONG_PTR)(INT_PTR)-1))

#define SEC_DELETED_HANDLE ((ULONG_PTR)(-2))

#endif
