# SPDX-License-Identifier: Apache-2.0
# TLS: ours beside mbed TLS alone.

# baresspi_bench(NAME SOURCE...): with a port that does the same in every run.
function(baresspi_bench name)
  add_executable(${name} ${ARGN} port.cpp)
  baresspi_own_code(${name})
  baresspi_use_headers(${name})
  baresspi_use_mbedtls(${name})
  target_link_libraries(${name} PRIVATE baresspi_test_pki baresspi)
endfunction()

if(CMAKE_CROSSCOMPILING)
  baresspi_add_board_image(baresspi-bench-board board.cpp board_meter.cpp pair.cpp port.cpp LIBRARIES baresspi_test_pki baresspi)
  baresspi_own_code(baresspi-bench-board)
  baresspi_freestanding(baresspi-bench-board)
  return()
endif()

baresspi_bench(bench-tls-ours tls.cpp meter.cpp tls_ours.cpp pair.cpp)
baresspi_bench(bench-tls-heap tls.cpp meter.cpp tls_plain.cpp plain_heap.cpp)
baresspi_bench(bench-tls-heap-parsed tls.cpp meter.cpp tls_plain.cpp plain_heap.cpp)
target_compile_definitions(bench-tls-heap-parsed PRIVATE BENCH_PARSE_ONCE)
baresspi_bench(bench-tls-arena tls.cpp meter.cpp tls_plain.cpp plain_arena.cpp)
baresspi_bench(bench-pools pools.cpp meter.cpp ours.cpp)

find_package(benchmark QUIET)
if(benchmark_FOUND)
  baresspi_bench(bench-tls-time-ours tls_time.cpp tls_ours.cpp pair.cpp)
  baresspi_bench(bench-tls-time-heap tls_time.cpp tls_plain.cpp plain_heap.cpp)
  baresspi_bench(bench-tls-time-arena tls_time.cpp tls_plain.cpp plain_arena.cpp)
  foreach(program bench-tls-time-ours bench-tls-time-heap bench-tls-time-arena)
    set_target_properties(${program} PROPERTIES EXCLUDE_FROM_ALL ON)
    target_link_libraries(${program} PRIVATE benchmark::benchmark)
  endforeach()
endif()
