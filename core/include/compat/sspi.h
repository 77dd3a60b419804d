/* SPDX-License-Identifier: Apache-2.0 */
/* <sspi.h> for programs written for Windows: -I core/include/compat is all they need. SECURITY_WIN32 may be
 * defined, as Windows demands, and changes nothing here. */
#ifndef BARESSPI_COMPAT_SSPI_H
#define BARESSPI_COMPAT_SSPI_H

#include "../baresspi/sspi.h"

#endif
