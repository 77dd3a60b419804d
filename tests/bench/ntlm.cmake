# SPDX-License-Identifier: Apache-2.0
# NTLM and Negotiate: ours, optimised in several ways, beside WinPR and gss-ntlmssp as Debian builds them. None of it is built but by
# name, and what this machine has no library for is not there.
if(CMAKE_CROSSCOMPILING)
  baresspi_add_board_image(baresspi-bench-ntlm board_ntlm.cpp board_meter.cpp ours.cpp bare.cpp port.cpp LIBRARIES baresspi)
  baresspi_own_code(baresspi-bench-ntlm)
  baresspi_freestanding(baresspi-bench-ntlm)
  return()
endif()

file(GLOB bench_core CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/base/*.cpp ${PROJECT_SOURCE_DIR}/core/crypto/*.cpp
  ${PROJECT_SOURCE_DIR}/core/ntlm/*.cpp ${PROJECT_SOURCE_DIR}/core/negotiate/*.cpp ${PROJECT_SOURCE_DIR}/core/sspi/*.cpp)

# bench_program(NAME SOURCE...)
function(bench_program name)
  add_executable(${name} EXCLUDE_FROM_ALL ${ARGN})
  baresspi_own_code(${name})
  baresspi_use_headers(${name})
endfunction()

find_package(benchmark QUIET)
find_path(BENCH_WINPR winpr/sspi.h PATH_SUFFIXES winpr2)
find_library(BENCH_GSSAPI gssapi_krb5)
mark_as_advanced(BENCH_WINPR BENCH_GSSAPI)

add_library(bench_peers STATIC EXCLUDE_FROM_ALL winpr.cpp gss.cpp)
baresspi_own_code(bench_peers)
baresspi_use_headers(bench_peers)
target_include_directories(bench_peers SYSTEM PRIVATE ${BENCH_WINPR})
target_link_libraries(bench_peers PRIVATE gssapi_krb5 ${CMAKE_DL_LIBS})

# bench_count(NAME SUBJECT LIBRARY...): counts what one of them needs.
function(bench_count name subject)
  bench_program(${name} ntlm.cpp meter.cpp)
  target_compile_definitions(${name} PRIVATE BENCH_SUBJECT=${subject})
  target_link_libraries(${name} PRIVATE ${ARGN})
endfunction()
bench_count(bench-ntlm-winpr kWinpr bench_peers)
bench_count(bench-ntlm-gss kGss bench_peers)

add_library(bench-heap SHARED EXCLUDE_FROM_ALL heap.cpp)
baresspi_own_code(bench-heap)
baresspi_use_headers(bench-heap)

# bench_variant(NAME FAST OPTION): the library, and the programs that are linked with it.
function(bench_variant variant fast option)
  add_library(bench_core_${variant} STATIC EXCLUDE_FROM_ALL ${bench_core} ours.cpp bare.cpp port.cpp)
  baresspi_use_headers(bench_core_${variant})
  baresspi_own_code(bench_core_${variant})
  baresspi_freestanding(bench_core_${variant})
  # Others' libraries in the same process have functions of the same names.
  target_compile_options(bench_core_${variant} PRIVATE ${option} -fvisibility=hidden)
  target_compile_definitions(bench_core_${variant} PUBLIC
    BARESSPI_CRYPTO_FAST=${fast} BARESSPI_MAX_CONTEXTS=1024 BARESSPI_MAX_CREDENTIALS=1024)
  bench_count(bench-ntlm-ours-${variant} kOurs bench_core_${variant})
  bench_count(bench-ntlm-bare-${variant} kBare bench_core_${variant})
  if(benchmark_FOUND)
    bench_program(bench-ntlm-time-${variant} ntlm_time.cpp)
    target_link_libraries(bench-ntlm-time-${variant} PRIVATE bench_core_${variant} bench_peers benchmark::benchmark)
  endif()
endfunction()

foreach(option Os O2 O3)
  bench_variant(small-${option} 0 -${option})
  bench_variant(fast-${option} 1 -${option})
endforeach()
