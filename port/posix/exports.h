/* SPDX-License-Identifier: Apache-2.0 */
/* What libbaresspi.so exports: the functions that these headers declare. Given to the compiler before every
 * source of the shared library (-include, with -fvisibility=hidden); so there is no list of names to keep,
 * the headers carry no export macros, and a firmware build never sees this file. */
#pragma GCC visibility push(default)
#include <baresspi/authority.h>
#include <baresspi/certificates.h>
#include <baresspi/schannel.h>
#include <baresspi/sspi.h>

#include "port/posix/posix.h"
#pragma GCC visibility pop
