// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <baresspi/authority.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What baresspi_port_device() returns from now on. Call it once, before the first call of BareSSPI. */
void baresspi_posix_set_device(const BARESSPI_DEVICE* device);

#ifdef __cplusplus
}
#endif
