/* SPDX-License-Identifier: Apache-2.0 */
/* Claims about a header that hold when this compiles. The tests name nothing but what Windows' headers have,
 * and include them by Windows' names, so that they can be held against those as well (CMakeLists.txt does so
 * with mingw-w64's). */
#ifndef BARESSPI_TESTS_API_EXPECT_H
#define BARESSPI_TESTS_API_EXPECT_H

#define SECURITY_WIN32
#define SCHANNEL_USE_BLACKLISTS /* SCH_CREDENTIALS */
#include <windows.h>

/* Windows' <schannel.h> needs it before. */
#include <subauth.h>

#include <bcrypt.h>
#include <schannel.h>
#include <secext.h>
#include <security.h>
#include <sspi.h>
#include <stddef.h>
#include <wincrypt.h>

#ifdef __cplusplus
#define EXPECT(condition) static_assert(condition, #condition)
#else
/* A C99 static assertion: an array of -1 elements when it fails. */
#define EXPECT_PASTE_(a, b) a##b
#define EXPECT_NAME_(line) EXPECT_PASTE_(expect_line_, line)
#define EXPECT(condition) extern char EXPECT_NAME_(__LINE__)[(condition) ? 1 : -1]
#endif

/* 32 and 64 are for pointers of that many bits. */
#define EXPECT_NUMBER_(in_32, in_64) (sizeof(void*) == 8 ? (size_t)(in_64) : (size_t)(in_32))
#define SIZE(type, in_32, in_64) EXPECT(sizeof(type) == EXPECT_NUMBER_(in_32, in_64))
#define AT(type, member, in_32, in_64) EXPECT(offsetof(type, member) == EXPECT_NUMBER_(in_32, in_64))
#define SLOT(type, member, index) EXPECT(offsetof(type, member) == (index) * sizeof(void*))

/* A number, whatever its sign: error codes are negative, and written without it. */
#define VALUE(name, number)                                                                             \
  EXPECT((sizeof(name) == 8 ? (unsigned long long)(name) : (unsigned long long)(unsigned int)(name)) == \
         (number))

#endif
