/* SPDX-License-Identifier: Apache-2.0 */
/* <bcrypt.h> for programs written for Windows: the names of algorithms, for CRYPTO_SETTINGS. Its functions
 * are not here; mbed TLS has such. */
#ifndef BARESSPI_COMPAT_BCRYPT_H
#define BARESSPI_COMPAT_BCRYPT_H

#include "../baresspi/algorithms.h"

#endif
