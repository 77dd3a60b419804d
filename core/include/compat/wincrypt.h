/* SPDX-License-Identifier: Apache-2.0 */
/* <wincrypt.h> for programs written for Windows, as far as TLS credentials and contexts need it: the types of
 * certificates and stores, and the numbers of algorithms. */
#ifndef BARESSPI_COMPAT_WINCRYPT_H
#define BARESSPI_COMPAT_WINCRYPT_H

#include "../baresspi/algorithms.h"
#include "../baresspi/certificates.h"

#endif
