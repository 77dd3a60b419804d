# SPDX-License-Identifier: Apache-2.0
# libbaresspi.so, for programs of POSIX systems that load a provider or link one: the core and the POSIX port in one file,
# with the C API alone exported. The same sources as the archive, compiled again: with what a desktop has room for.
set(BARESSPI_SHARED_MAX_CONTEXTS 1024 CACHE STRING "libbaresspi.so: contexts of a package at a time, in a process")
set(BARESSPI_SHARED_MAX_CREDENTIALS 128 CACHE STRING "libbaresspi.so: credentials of a package at a time, in a process")
set(BARESSPI_SHARED_MAX_TLS_CONTEXTS 64 CACHE STRING "libbaresspi.so: TLS contexts at a time, in a process; each has an arena")

file(GLOB shared_port_sources CONFIGURE_DEPENDS port/posix/*.cpp)
add_library(baresspi_shared SHARED ${core_sources} ${shared_port_sources})
add_library(baresspi::shared ALIAS baresspi_shared)
set_target_properties(baresspi_shared PROPERTIES
  OUTPUT_NAME baresspi EXPORT_NAME shared VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
  CXX_VISIBILITY_PRESET hidden
  LINKER_LANGUAGE C) # nothing of a C++ runtime is needed: a C program that loads it gets none
baresspi_use_headers(baresspi_shared)
baresspi_own_code(baresspi_shared)
target_compile_options(baresspi_shared PRIVATE
  -fno-exceptions -fno-rtti -fno-threadsafe-statics "SHELL:-include ${PROJECT_SOURCE_DIR}/port/posix/exports.h")
target_compile_definitions(baresspi_shared PRIVATE
  BARESSPI_NTLM_CLIENT=$<BOOL:${BARESSPI_NTLM_CLIENT}> BARESSPI_NTLM_SERVER=$<BOOL:${BARESSPI_NTLM_SERVER}>
  BARESSPI_NEGOTIATE=$<BOOL:${BARESSPI_NEGOTIATE}>
  BARESSPI_SCHANNEL_CLIENT=$<BOOL:${BARESSPI_SCHANNEL_CLIENT}> BARESSPI_SCHANNEL_SERVER=$<BOOL:${BARESSPI_SCHANNEL_SERVER}>
  BARESSPI_TLS_1_3=$<BOOL:${BARESSPI_TLS_1_3}> BARESSPI_CRYPTO_FAST=1 BARESSPI_UNICODE_FULL=1
  BARESSPI_MAX_CONTEXTS=${BARESSPI_SHARED_MAX_CONTEXTS} BARESSPI_MAX_CREDENTIALS=${BARESSPI_SHARED_MAX_CREDENTIALS}
  BARESSPI_SCHANNEL_MAX_CONTEXTS=${BARESSPI_SHARED_MAX_TLS_CONTEXTS}
  BARESSPI_SCHANNEL_MAX_CREDENTIALS=${BARESSPI_SHARED_MAX_CREDENTIALS})
if(BARESSPI_CONFIG_FILE)
  target_compile_definitions(baresspi_shared PRIVATE "BARESSPI_CONFIG_FILE=\"${BARESSPI_CONFIG_FILE}\"")
endif()
find_package(Threads REQUIRED)
target_link_libraries(baresspi_shared PRIVATE Threads::Threads)
baresspi_use_mbedtls(baresspi_shared)
if(TARGET baresspi_mbedtls) # one archive for this library and the other: it has the keys of the larger
  math(EXPR key_slots "${BARESSPI_SHARED_MAX_TLS_CONTEXTS} + 4")
  target_compile_definitions(baresspi_mbedtls PRIVATE BARESSPI_TLS_KEY_SLOTS=${key_slots})
endif()
# Other libraries export functions of the same names (FreeRDP's WinPR does): the tables and the library's own calls have to
# reach its own. And what is missing is to be found now, not by the program that loads it.
if(NOT APPLE)
  target_link_options(baresspi_shared PRIVATE
    LINKER:-Bsymbolic-functions LINKER:--no-undefined LINKER:--gc-sections LINKER:-z,relro,-z,now)
endif()
