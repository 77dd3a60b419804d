/* SPDX-License-Identifier: Apache-2.0 */
/* <secext.h> for programs written for Windows, which include it beside <sspi.h>. Its own functions
 * (GetUserNameEx, TranslateName) ask a directory about accounts of the machine; a device has neither, so they
 * are not declared. */
#ifndef BARESSPI_COMPAT_SECEXT_H
#define BARESSPI_COMPAT_SECEXT_H

#include "../baresspi/sspi.h"

#endif
