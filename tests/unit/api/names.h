/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BARESSPI_TESTS_API_NAMES_H
#define BARESSPI_TESTS_API_NAMES_H

#include <schannel.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NAMES 31
extern const SEC_WCHAR* const NamesInC99[NAMES];

#ifdef __cplusplus
}
#endif
#endif
