/* SPDX-License-Identifier: Apache-2.0 */
/* <subauth.h> for programs written for Windows, which include it for UNICODE_STRING before <schannel.h>. */
#ifndef BARESSPI_COMPAT_SUBAUTH_H
#define BARESSPI_COMPAT_SUBAUTH_H

#include "../baresspi/windows_types.h"

#endif
