/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_PORTS_ZEPHYR_RANDOM_H
#define TESTS_PORTS_ZEPHYR_RANDOM_H

#include <stddef.h>

/* 0, or -EIO. */
int sys_csrand_get(void* to, size_t size);

#endif
