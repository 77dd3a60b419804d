/* SPDX-License-Identifier: Apache-2.0 */
/* Who a credential stands for: user, domain and password. */
#ifndef BARESSPI_IDENTITY_H
#define BARESSPI_IDENTITY_H

#include "types.h"

#define SEC_WINNT_AUTH_IDENTITY_ANSI 0x1u
#define SEC_WINNT_AUTH_IDENTITY_UNICODE 0x2u
#define SEC_WINNT_AUTH_IDENTITY_MARSHALLED 0x4u
#define SEC_WINNT_AUTH_IDENTITY_ONLY 0x8u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED 0x10u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_PROTECTED 0x20u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_USER_PROTECTED 0x40u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_SYSTEM_ENCRYPTED 0x80u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_RESERVED 0x10000u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_USER 0x20000u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_NULL_DOMAIN 0x40000u
#define SEC_WINNT_AUTH_IDENTITY_FLAGS_ID_PROVIDER 0x80000u

typedef struct _SEC_WINNT_AUTH_IDENTITY_W {
  unsigned short* User;
  ULONG UserLength;
  unsigned short* Domain;
  ULONG DomainLength;
  unsigned short* Password;
  ULONG PasswordLength;
  ULONG Flags;
} SEC_WINNT_AUTH_IDENTITY_W, *PSEC_WINNT_AUTH_IDENTITY_W;

typedef struct _SEC_WINNT_AUTH_IDENTITY_A {
  unsigned char* User;
  ULONG UserLength;
  unsigned char* Domain;
  ULONG DomainLength;
  unsigned char* Password;
  ULONG PasswordLength;
  ULONG Flags;
} SEC_WINNT_AUTH_IDENTITY_A, *PSEC_WINNT_AUTH_IDENTITY_A;

#define SEC_WINNT_AUTH_IDENTITY_VERSION 0x200u

typedef struct _SEC_WINNT_AUTH_IDENTITY_EXW {
  ULONG Version;
  ULONG Length;
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
  ULONG Version;
  ULONG Length;
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

#define SEC_WINNT_AUTH_IDENTITY_VERSION_2 0x201u

typedef struct _SEC_WINNT_AUTH_IDENTITY_EX2 {
  ULONG Version;
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
