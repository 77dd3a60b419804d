/* SPDX-License-Identifier: Apache-2.0 */
/* <security.h> for programs written for Windows. The names of the packages, which Windows has here, are in
 * <sspi.h>. */
#ifndef BARESSPI_COMPAT_SECURITY_H
#define BARESSPI_COMPAT_SECURITY_H

#include "secext.h"
#include "sspi.h"

#endif
