/* SPDX-License-Identifier: Apache-2.0 */
/* What a device gives beside its kernel's port, here the host: clock, random, device and log; and begin. */
#ifndef TESTS_PORTS_DEVICE_H
#define TESTS_PORTS_DEVICE_H

#ifdef __cplusplus
extern "C" {
#endif

/* What has to happen before the first call of BareSSPI. Returns 1 when it did. */
int tests_port_begin(void);

#ifdef __cplusplus
}
#endif
#endif
