# SPDX-License-Identifier: Apache-2.0
# This machine: an "image" is a program of its operating system, the console its standard input and output. The function is the
# one of boards/common/bare_metal.cmake; HOSTED and STACK mean nothing here.
set(BOARD_HOST ${CMAKE_CURRENT_LIST_DIR})

add_library(baresspi_board OBJECT ${BOARD_HOST}/console.cpp ${BOARD_HOST}/../common/arguments.cpp)
baresspi_use_headers(baresspi_board)
baresspi_own_code(baresspi_board)

function(baresspi_add_board_image target)
  cmake_parse_arguments(PARSE_ARGV 1 image "HOSTED" "STACK" "LIBRARIES")
  find_package(Threads REQUIRED)
  add_executable(${target} ${image_UNPARSED_ARGUMENTS} $<TARGET_OBJECTS:baresspi_board>)
  baresspi_use_headers(${target})
  target_link_libraries(${target} PRIVATE
    ${image_LIBRARIES} $<TARGET_NAME_IF_EXISTS:baresspi::port> Threads::Threads)
endfunction()
