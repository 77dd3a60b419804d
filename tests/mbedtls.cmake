# SPDX-License-Identifier: Apache-2.0
# What of mbed TLS 3.6 the tests on the host compare ours with, from the source that Schannel is compiled from too
# (toolchains/mbedtls.cmake): with a configuration of its own, and under names of its own.
if(CMAKE_CROSSCOMPILING)
  return()
endif()
if(NOT EXISTS ${BARESSPI_MBEDTLS_DIR}/library/md.c)
  message(${missing_is} "No mbed TLS in ${BARESSPI_MBEDTLS_DIR} (sh toolchains/setup.sh tests brings it): no comparison with it")
  return()
endif()

set(mbedtls_sources md.c md5.c platform_util.c constant_time.c)
list(TRANSFORM mbedtls_sources PREPEND ${BARESSPI_MBEDTLS_DIR}/library/)
add_library(baresspi_test_mbedtls STATIC EXCLUDE_FROM_ALL ${mbedtls_sources})
target_include_directories(baresspi_test_mbedtls SYSTEM PUBLIC ${BARESSPI_MBEDTLS_DIR}/include)
target_compile_definitions(baresspi_test_mbedtls PUBLIC
  MBEDTLS_CONFIG_FILE="${CMAKE_CURRENT_SOURCE_DIR}/support/mbedtls_config.h")
