/* SPDX-License-Identifier: Apache-2.0 */
/* The base types of the interface, handles, and time stamps. */
#ifndef BARESSPI_TYPES_H
#define BARESSPI_TYPES_H

#include <stddef.h>
#include <stdint.h>

/* ---- Windows' names with Windows' widths, on every system. Where a C long has 64 bits (LP64), a ULONG has
 * 32 all the same; a program that declares `unsigned long` variables may hand in their values, but not their
 * addresses: what a function writes to (pfContextAttr, pfQOP, pcPackages) has to be declared ULONG. ---- */
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

/* What every function of the interface returns: one of the codes of status.h. Negative: it failed. */
typedef int32_t SECURITY_STATUS;

/* Windows' calling convention and pointer model; nothing here. */
#define SEC_ENTRY
#define SEC_FAR

/* ---- Text. What ends in A takes and gives UTF-8, what ends in W takes and gives UTF-16 in the machine's
 * byte order; unless a length is said, a string ends with a zero. A name without an ending stands for the W
 * one where UNICODE is defined, else for the A one.
 *
 * SEC_WCHAR is char16_t, whose literals are u"..." (L"..." is wchar_t, which has 32 bits on most of these
 * systems). In C it is the type that char16_t is an alias of, since bare-metal C libraries may lack
 * <uchar.h>. ---- */
typedef char SEC_CHAR;
#ifdef __cplusplus
typedef char16_t SEC_WCHAR;
#else
typedef uint_least16_t SEC_WCHAR;
#endif

#if defined(__cplusplus) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L)
#define BARESSPI_HAS_U_LITERALS_ 1
#else
#define BARESSPI_HAS_U_LITERALS_ 0
#endif

/* SEC_TEXT("literal") is a literal of the kind that UNICODE chooses (the W kind: C11 or C++). */
#define BARESSPI_WIDE_(literal) u##literal
#ifdef UNICODE
#define SEC_TEXT(literal) BARESSPI_WIDE_(literal)
typedef SEC_WCHAR* SECURITY_PSTR;
typedef const SEC_WCHAR* SECURITY_PCSTR;
#else
#define SEC_TEXT(literal) literal
typedef SEC_CHAR* SECURITY_PSTR;
typedef const SEC_CHAR* SECURITY_PCSTR;
#endif

/* A counted UTF-16 string: octets in use, octets there. No terminator. */
typedef struct _SECURITY_STRING {
  unsigned short Length;
  unsigned short MaximumLength;
  unsigned short* Buffer;
} SECURITY_STRING, *PSECURITY_STRING;

/* ---- Time: units of 100 ns since 1601-01-01, UTC, as in a FILETIME. LowPart and HighPart are the halves of
 * QuadPart, in either byte order. ---- */
#if defined(__GNUC__)
/* A structure without a name is C11, but neither C99 nor C++ to the letter; every compiler has it. */
#define BARESSPI_EXTENSION_ __extension__
#else
#define BARESSPI_EXTENSION_
#endif

typedef union _SECURITY_INTEGER {
#if defined(__BYTE_ORDER__) && defined(__ORDER_BIG_ENDIAN__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  BARESSPI_EXTENSION_ struct {
    LONG HighPart;
    ULONG LowPart;
  };
#else
  BARESSPI_EXTENSION_ struct {
    ULONG LowPart;
    LONG HighPart;
  };
#endif
  int64_t QuadPart;
} SECURITY_INTEGER, *PSECURITY_INTEGER;

typedef SECURITY_INTEGER TimeStamp;
typedef SECURITY_INTEGER* PTimeStamp;

/* The QuadPart of what never expires. */
#define BARESSPI_TIME_NEVER ((int64_t)0x7FFFFFFFFFFFFFFF)

/* ---- An enumeration has the size of an int, as on Windows; left alone it has one octet on Arm
 * (-fshort-enums). ---- */
#ifdef __cplusplus
#define BARESSPI_AS_INT_ : int
#define BARESSPI_ENUM_TYPE_(tag) enum tag
#else
#define BARESSPI_AS_INT_
#define BARESSPI_ENUM_TYPE_(tag) int
#endif

/* A logon's number on Windows. BareSSPI has no logons: pvLogonId is not looked at. */
typedef struct _LUID {
  ULONG LowPart;
  LONG HighPart;
} LUID, *PLUID;

/* ---- Handles. What they hold is BareSSPI's: where an object is and which use of that place it was, so that
 * a handle that is stale, forged or of another kind is SEC_E_INVALID_HANDLE. They may be copied and compared,
 * member by member. A handle is invalid after SecInvalidateHandle, and after the call that frees what it
 * stands for; all zeros is no handle either. ---- */
typedef struct _SecHandle {
  ULONG_PTR dwLower;
  ULONG_PTR dwUpper;
} SecHandle, *PSecHandle;

typedef SecHandle CredHandle;
typedef PSecHandle PCredHandle;
typedef SecHandle CtxtHandle;
typedef PSecHandle PCtxtHandle;

#define BARESSPI_NO_HANDLE_ ((ULONG_PTR)(INT_PTR)-1)

#define SecInvalidateHandle(x) \
  ((void)(((PSecHandle)(x))->dwLower = BARESSPI_NO_HANDLE_, ((PSecHandle)(x))->dwUpper = BARESSPI_NO_HANDLE_))

/* Whether SecInvalidateHandle was not done to it; not whether it stands for anything. */
#define SecIsValidHandle(x) \
  (((PSecHandle)(x))->dwLower != BARESSPI_NO_HANDLE_ && ((PSecHandle)(x))->dwUpper != BARESSPI_NO_HANDLE_)

/* What Windows' function table puts into a handle that was deleted. */
#define SEC_DELETED_HANDLE ((ULONG_PTR)(-2))

#endif
