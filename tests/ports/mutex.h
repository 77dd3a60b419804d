/* SPDX-License-Identifier: Apache-2.0 */
/* A mutex for the kernels of the tests, in the room that a kernel's type has. It ends the program when it is
 * taken twice by one task, given back by another, or used before it was made. */
#ifndef TESTS_PORTS_MUTEX_H
#define TESTS_PORTS_MUTEX_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void tests_mutex_create(void* room, size_t size);
void tests_mutex_lock(void* mutex);
void tests_mutex_unlock(void* mutex);
void tests_assert(int holds, const char* what);

#ifdef __cplusplus
}
#endif
#endif
