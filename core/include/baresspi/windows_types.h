/* SPDX-License-Identifier: Apache-2.0 */
/* Windows' everyday names for integers, which the structures of Schannel are written with, and its counted
 * string. <sspi.h> does not need these and does not include them, since other libraries of a firmware (FatFs)
 * have such names too; where they are of the same types, as FatFs' are, both may be included. */
#ifndef BARESSPI_WINDOWS_TYPES_H
#define BARESSPI_WINDOWS_TYPES_H

#include "types.h"

typedef uint8_t BYTE;
typedef uint16_t WORD;
typedef uint32_t DWORD; /* the type that ULONG is */
typedef BYTE* PBYTE;

/* UTF-16: octets in use, octets there. No terminator. */
typedef struct _UNICODE_STRING {
  USHORT Length;
  USHORT MaximumLength;
  SEC_WCHAR* Buffer; /* not written to; Windows' type lacks const, so cast a literal to it */
} UNICODE_STRING, *PUNICODE_STRING;

#endif
