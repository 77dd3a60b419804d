/* SPDX-License-Identifier: Apache-2.0 */
/* Who a credential stands for: user, domain and password, for AcquireCredentialsHandle's pAuthData. */
#ifndef BARESSPI_IDENTITY_H
#define BARESSPI_IDENTITY_H

#include "types.h"

/* ---- Flags. One of the first two says what the strings are (UTF-8, UTF-16), whatever the structure's name
 * ends in; with neither, they are what the name of the function called ends in. <baresspi/authority.h> has
 * one more, BARESSPI_AUTH_IDENTITY_NT_HASH: Password is the NT hash. ---- */
#define SEC_WINNT_AUTH_IDENTITY_ANSI 0x1u
#define SEC_WINNT_AUTH_IDENTITY_UNICODE 0x2u
/* The account given and no other: so it always is here. */
#define SEC_WINNT_AUTH_IDENTITY_ONLY 0x8u

/* ---- Flags of identities in a form that only Windows can read: SEC_E_UNSUPPORTED_FUNCTION. ---- */
#define SEC_WINNT_AUTH_IDENTITY_MARSHALLED 0x4u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED 0x10u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_PROTECTED 0x20u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_USER_PROTECTED 0x40u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_ENCRYPTED 0x80u

/* ---- Flags of Windows' credential dialogs: not looked at. ---- */
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_RESERVED 0x10000u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_USER 0x20000u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_DOMAIN 0x40000u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_ID_PROVIDER 0x80000u

/* ---- The identity. Lengths are in characters, that is octets of UTF-8 (A) or units of UTF-16 (W), without a
 * terminator, which need not be there. A W string is aligned as SEC_WCHAR is. A NULL string is an empty one.
 *
 * User may be `user` with Domain the domain that knows it (or empty), or `user@realm` with an empty Domain.
 * An empty User is an anonymous logon. What is needed of an identity is copied by AcquireCredentialsHandle
 * (NTLM keeps a hash, no password), so that the caller may wipe it right after.
 *
 * Strings are not written to; their types lack const because Windows' do. ---- */
typedef struct _SEC_WINNT_AUTH_IDENTITY_W {
  unsigned short* User; /* UTF-16; cast a SEC_WCHAR* to it */
  ULONG UserLength;
  unsigned short* Domain;
  ULONG DomainLength;
  unsigned short* Password;
  ULONG PasswordLength;
  ULONG Flags;
} SEC_WINNT_AUTH_IDENTITY_W, *PSEC_WINNT_AUTH_IDENTITY_W;

typedef struct _SEC_WINNT_AUTH_IDENTITY_A {
  unsigned char* User; /* UTF-8; cast a char* to it */
  ULONG UserLength;
  unsigned char* Domain;
  ULONG DomainLength;
  unsigned char* Password;
  ULONG PasswordLength;
  ULONG Flags;
} SEC_WINNT_AUTH_IDENTITY_A, *PSEC_WINNT_AUTH_IDENTITY_A;

/* ---- The same, and the packages that Negotiate may use with it: names separated by commas, `!` before one
 * that it must not
 * (`!ntlm`); NULL or empty: all. Other packages do not look at PackageList. Told from the plain form by
 * Version and Length. ---- */
#define SEC_WINNT_AUTH_IDENTITY_VERSION 0x200u

typedef struct _SEC_WINNT_AUTH_IDENTITY_EXW {
  ULONG Version; /* SEC_WINNT_AUTH_IDENTITY_VERSION */
  ULONG Length;  /* sizeof(SEC_WINNT_AUTH_IDENTITY_EXW), in octets */
  unsigned short* User;
  ULONG UserLength;
  unsigned short* Domain;
  ULONG DomainLength;
  unsigned short* Password;
  ULONG PasswordLength;
  ULONG Flags;
  unsigned short* PackageList;
  ULONG PackageListLength;
} SEC_WINNT_AUTH_IDENTITY_EXW, *PSEC_WINNT_AUTH_IDENTITY_EXW;

typedef struct _SEC_WINNT_AUTH_IDENTITY_EXA {
  ULONG Version; /* SEC_WINNT_AUTH_IDENTITY_VERSION */
  ULONG Length;  /* sizeof(SEC_WINNT_AUTH_IDENTITY_EXA), in octets */
  unsigned char* User;
  ULONG UserLength;
  unsigned char* Domain;
  ULONG DomainLength;
  unsigned char* Password;
  ULONG PasswordLength;
  ULONG Flags;
  unsigned char* PackageList;
  ULONG PackageListLength;
} SEC_WINNT_AUTH_IDENTITY_EXA, *PSEC_WINNT_AUTH_IDENTITY_EXA;

/* ---- What Windows' credential dialogs give: one block, with offsets in octets from its begin. For programs
 * that pass it on; no package takes it (SEC_E_UNSUPPORTED_FUNCTION). ---- */
#define SEC_WINNT_AUTH_IDENTITY_VERSION_2 0x201u

typedef struct _SEC_WINNT_AUTH_IDENTITY_EX2 {
  ULONG Version; /* SEC_WINNT_AUTH_IDENTITY_VERSION_2 */
  unsigned short cbHeaderLength;
  ULONG cbStructureLength;
  ULONG UserOffset;
  unsigned short UserLength;
  ULONG DomainOffset;
  unsigned short DomainLength;
  ULONG PackedCredentialsOffset;
  unsigned short PackedCredentialsLength;
  ULONG Flags;
  ULONG PackageListOffset;
  unsigned short PackageListLength;
} SEC_WINNT_AUTH_IDENTITY_EX2, *PSEC_WINNT_AUTH_IDENTITY_EX2;

/* Any of them. */
typedef union _SEC_WINNT_AUTH_IDENTITY_INFO {
  SEC_WINNT_AUTH_IDENTITY_EXW AuthIdExw;
  SEC_WINNT_AUTH_IDENTITY_EXA AuthIdExa;
  SEC_WINNT_AUTH_IDENTITY_A AuthId_a;
  SEC_WINNT_AUTH_IDENTITY_W AuthId_w;
  SEC_WINNT_AUTH_IDENTITY_EX2 AuthIdEx2;
} SEC_WINNT_AUTH_IDENTITY_INFO, *PSEC_WINNT_AUTH_IDENTITY_INFO;

typedef PVOID PSEC_WINNT_AUTH_IDENTITY_OPAQUE;

#ifdef UNICODE
#define SEC_WINNT_AUTH_IDENTITY SEC_WINNT_AUTH_IDENTITY_W
#define PSEC_WINNT_AUTH_IDENTITY PSEC_WINNT_AUTH_IDENTITY_W
#define _SEC_WINNT_AUTH_IDENTITY _SEC_WINNT_AUTH_IDENTITY_W
#define SEC_WINNT_AUTH_IDENTITY_EX SEC_WINNT_AUTH_IDENTITY_EXW
#define PSEC_WINNT_AUTH_IDENTITY_EX PSEC_WINNT_AUTH_IDENTITY_EXW
#else
#define SEC_WINNT_AUTH_IDENTITY SEC_WINNT_AUTH_IDENTITY_A
#define PSEC_WINNT_AUTH_IDENTITY PSEC_WINNT_AUTH_IDENTITY_A
#define _SEC_WINNT_AUTH_IDENTITY _SEC_WINNT_AUTH_IDENTITY_A
#define SEC_WINNT_AUTH_IDENTITY_EX SEC_WINNT_AUTH_IDENTITY_EXA
#define PSEC_WINNT_AUTH_IDENTITY_EX PSEC_WINNT_AUTH_IDENTITY_EXA
#endif

#endif
