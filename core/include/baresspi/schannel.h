/* SPDX-License-Identifier: Apache-2.0 */
/* The names of the TLS package. The package itself is not part of BareSSPI yet: AcquireCredentialsHandle
 * answers SEC_E_SECPKG_NOT_FOUND to them, and its credentials, attributes and certificate types are not
 * declared before it is. */
#ifndef BARESSPI_SCHANNEL_H
#define BARESSPI_SCHANNEL_H

#include "sspi.h"

#define UNISP_NAME_A "Microsoft Unified Security Protocol Provider"
#define SCHANNEL_NAME_A "Schannel"
#if BARESSPI_HAS_U_LITERALS_
#define UNISP_NAME_W u"Microsoft Unified Security Protocol Provider"
#define SCHANNEL_NAME_W u"Schannel"
#else
#define UNISP_NAME_W                                                                        \
  ((SEC_WCHAR[]){'M', 'i', 'c', 'r', 'o', 's', 'o', 'f', 't', ' ', 'U', 'n', 'i', 'f', 'i', \
                 'e', 'd', ' ', 'S', 'e', 'c', 'u', 'r', 'i', 't', 'y', ' ', 'P', 'r', 'o', \
                 't', 'o', 'c', 'o', 'l', ' ', 'P', 'r', 'o', 'v', 'i', 'd', 'e', 'r', 0})
#define SCHANNEL_NAME_W ((SEC_WCHAR[]){'S', 'c', 'h', 'a', 'n', 'n', 'e', 'l', 0})
#endif

#ifdef UNICODE
#define UNISP_NAME UNISP_NAME_W
#define SCHANNEL_NAME SCHANNEL_NAME_W
#else
#define UNISP_NAME UNISP_NAME_A
#define SCHANNEL_NAME SCHANNEL_NAME_A
#endif

#define UNISP_RPC_ID 14u

#endif
