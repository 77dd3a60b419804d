/* SPDX-License-Identifier: Apache-2.0 */
/* <schannel.h> for programs written for Windows. */
#ifndef BARESSPI_COMPAT_SCHANNEL_H
#define BARESSPI_COMPAT_SCHANNEL_H

#include "../baresspi/schannel.h"

#endif
