# SPDX-License-Identifier: Apache-2.0
# GoogleTest from its source (Debian's package googletest), compiled with the options of the preset: so it has the sanitizers
# where the tests have them, and exists for a board.
option(BARESSPI_TESTS_REQUIRED "What a test needs and is not there is an error, not a warning" OFF)
if(BARESSPI_TESTS_REQUIRED)
  set(missing_is FATAL_ERROR)
else()
  set(missing_is WARNING)
endif()
set(BARESSPI_GOOGLETEST_DIR /usr/src/googletest/googletest CACHE PATH "The source of GoogleTest")

# A board that can run it has newlib and an emulator with room: Arm's. (Debian's RISC-V compiler has no C++ library.) "host" is the
# board of a preset for another processor under this operating system.
set(BARESSPI_CAN_RUN_TESTS ON)
if(CMAKE_CROSSCOMPILING AND NOT BARESSPI_BOARD MATCHES "^(mps2-an385|microbit|host)$")
  set(BARESSPI_CAN_RUN_TESTS OFF)
  return()
endif()
if(NOT EXISTS ${BARESSPI_GOOGLETEST_DIR}/src/gtest-all.cc)
  message(${missing_is} "No GoogleTest in ${BARESSPI_GOOGLETEST_DIR} (sh toolchains/setup.sh tests brings it): no unit tests")
  set(BARESSPI_CAN_RUN_TESTS OFF)
  return()
endif()

add_library(baresspi_gtest STATIC EXCLUDE_FROM_ALL ${BARESSPI_GOOGLETEST_DIR}/src/gtest-all.cc)
target_compile_features(baresspi_gtest PUBLIC cxx_std_20)
target_include_directories(baresspi_gtest SYSTEM PUBLIC ${BARESSPI_GOOGLETEST_DIR}/include
  PRIVATE ${BARESSPI_GOOGLETEST_DIR})
if(CMAKE_SYSTEM_NAME STREQUAL "Generic")
  # newlib has neither threads, nor file descriptors to redirect, nor processes to watch die; it leaves a constant of POSIX out, and
  # shows strdup and fileno only to those who ask for more than the standard.
  target_compile_definitions(baresspi_gtest PUBLIC GTEST_HAS_PTHREAD=0 GTEST_HAS_STREAM_REDIRECTION=0
    GTEST_HAS_DEATH_TEST=0 _POSIX_PATH_MAX=256 _GNU_SOURCE)
  target_compile_options(baresspi_gtest PRIVATE -ffunction-sections -fdata-sections)
else()
  find_package(Threads REQUIRED)
  target_link_libraries(baresspi_gtest PUBLIC Threads::Threads)
  add_library(baresspi_gtest_main STATIC EXCLUDE_FROM_ALL ${BARESSPI_GOOGLETEST_DIR}/src/gtest_main.cc)
  target_link_libraries(baresspi_gtest_main PUBLIC baresspi_gtest)
endif()
