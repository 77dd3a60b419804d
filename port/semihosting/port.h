// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <baresspi/authority.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What baresspi_port_random's octets are, in a line to print when the device starts: on an emulated machine
 * they are not its own. */
const char* baresspi_semihosting_random_source(void);

/* What baresspi_port_device() returns from now on. Call it once, before the first call of BareSSPI. */
void baresspi_semihosting_set_device(const BARESSPI_DEVICE* device);

#ifdef __cplusplus
}
#endif
