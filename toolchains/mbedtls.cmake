# SPDX-License-Identifier: Apache-2.0
# mbed TLS 3.6, compiled for Schannel with a configuration of config/: the archive baresspi_mbedtls. A firmware that has an
# mbed TLS of its own names its target in BARESSPI_MBEDTLS_TARGET instead; that one's configuration has what config/ says.
set(BARESSPI_MBEDTLS_DIR ${PROJECT_SOURCE_DIR}/build/_deps/mbedtls CACHE PATH "The source of mbed TLS 3.6 (3.6.4 or later)")
set(BARESSPI_MBEDTLS_CONFIG ${PROJECT_SOURCE_DIR}/config/mbedtls_all.h CACHE FILEPATH "mbed TLS's configuration")
set(BARESSPI_MBEDTLS_TARGET "" CACHE STRING "Schannel is linked with this target and not with one made here: MbedTLS::mbedtls")

# Those who include <mbedtls/...>; in core that is core/schannel alone. Privately: who uses the library sees nothing of it.
function(baresspi_use_mbedtls target)
  if(TARGET baresspi_mbedtls)
    target_link_libraries(${target} PRIVATE baresspi_mbedtls)
  elseif(BARESSPI_SCHANNEL_CLIENT OR BARESSPI_SCHANNEL_SERVER)
    target_link_libraries(${target} PRIVATE ${BARESSPI_MBEDTLS_TARGET})
  endif()
endfunction()

if(NOT BARESSPI_SCHANNEL_CLIENT AND NOT BARESSPI_SCHANNEL_SERVER)
  return()
endif()
if(BARESSPI_MBEDTLS_TARGET)
  return()
endif()
if(NOT EXISTS ${BARESSPI_MBEDTLS_DIR}/library/ssl_tls.c)
  message(FATAL_ERROR "Schannel needs mbed TLS 3.6, and BARESSPI_MBEDTLS_DIR=${BARESSPI_MBEDTLS_DIR} holds none. "
    "sh toolchains/mbedtls.sh brings it; BARESSPI_MBEDTLS_TARGET names one that you have; BARESSPI_SCHANNEL_CLIENT=OFF and "
    "BARESSPI_SCHANNEL_SERVER=OFF leave Schannel out.")
endif()
cmake_path(ABSOLUTE_PATH BARESSPI_MBEDTLS_CONFIG BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE mbedtls_config)
if(NOT EXISTS ${mbedtls_config})
  message(FATAL_ERROR "BARESSPI_MBEDTLS_CONFIG=${BARESSPI_MBEDTLS_CONFIG}: there is no such file")
endif()

file(GLOB mbedtls_sources CONFIGURE_DEPENDS ${BARESSPI_MBEDTLS_DIR}/library/*.c)
add_library(baresspi_mbedtls STATIC ${mbedtls_sources})
set_target_properties(baresspi_mbedtls PROPERTIES
  EXPORT_NAME mbedtls C_STANDARD 99 C_STANDARD_REQUIRED ON
  # libbaresspi.so takes the same objects in, and shows none of their names.
  POSITION_INDEPENDENT_CODE ${BARESSPI_SHARED} C_VISIBILITY_PRESET hidden)
target_include_directories(baresspi_mbedtls SYSTEM PUBLIC $<BUILD_INTERFACE:${BARESSPI_MBEDTLS_DIR}/include>)
target_compile_definitions(baresspi_mbedtls PUBLIC $<BUILD_INTERFACE:MBEDTLS_CONFIG_FILE="${mbedtls_config}">)
# Not our code, so not our warnings. Its headers are a C library's, which RISC-V has to be told (core needs none).
target_compile_options(baresspi_mbedtls PRIVATE -ffunction-sections -fdata-sections ${BARESSPI_LIBC_SPECS})
# It calls back for memory, time and randomness (core/schannel), and its configuration reads the library's switches.
target_link_libraries(baresspi_mbedtls PRIVATE baresspi)
