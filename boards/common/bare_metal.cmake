# SPDX-License-Identifier: Apache-2.0
# What a bare-metal board's board.cmake includes after it has set
#   BOARD_SOURCES  the board's own sources (uart.cpp), and its processor's file of this folder
#   BOARD_SCRIPT   its linker script
#   BOARD_STACK    octets of stack for an image that says nothing else
#   BOARD_NETWORK  where it has Ethernet: what needs lwIP of boards/common/network.h, may be left out
#   BOARD_DEFINES  definitions for the board's sources and for images (sizes), may be empty
#
# It gives, for the same board and for those who add images (boards/CMakeLists.txt, tests/):
#
#   baresspi_add_board_image(target source... [LIBRARIES library...] [STACK octets] [HOSTED])
#
# An executable with start-up code, UART and console (boards/common/console.h). LIBRARIES are linked in the order given, and
# after them baresspi::port, which they call; a test that brings a port of its own is served first. HOSTED (Arm only): with
# newlib and its semihosting: the heap is what RAM there is above .bss, stdout and stderr are the semihosting console.
# Without it there is no libc but its mem* functions, and an image that calls malloc does not link.
#
# baresspi::network, where it has Ethernet and the build has lwIP: an image that names it among its LIBRARIES, behind
# baresspi::baresspi, has sockets (port/sockets.h), the stack and its clock (port/lwip).
#
# Expects: the toolchain file's CPU options; baresspi_use_headers, baresspi_own_code, baresspi_freestanding (toolchains/options.cmake).
set(BOARD_COMMON ${CMAKE_CURRENT_LIST_DIR})

add_library(baresspi_board OBJECT
  ${BOARD_SOURCES} ${BOARD_COMMON}/start.cpp ${BOARD_COMMON}/arguments.cpp ${BOARD_COMMON}/console_uart.cpp)
baresspi_use_headers(baresspi_board)
baresspi_own_code(baresspi_board)
baresspi_freestanding(baresspi_board)
target_compile_definitions(baresspi_board PUBLIC ${BOARD_DEFINES})
set_target_properties(baresspi_board PROPERTIES
  BOARD_SCRIPT "${BOARD_SCRIPT}" BOARD_STACK "${BOARD_STACK}" BOARD_COMMON "${BOARD_COMMON}")

# By way of a target that is no archive, the port comes behind all that the image's libraries need: port/lwip's clock before its.
add_library(baresspi_board_port INTERFACE)
target_link_libraries(baresspi_board_port INTERFACE $<TARGET_NAME_IF_EXISTS:baresspi::port>)

if(BOARD_NETWORK AND BARESSPI_LWIP)
  add_library(baresspi_board_network STATIC ${BOARD_NETWORK} ${BOARD_COMMON}/network.cpp)
  add_library(baresspi::network ALIAS baresspi_board_network)
  add_library(baresspi::sockets ALIAS baresspi_board_network) # who has port/sockets.h's functions
  baresspi_use_headers(baresspi_board_network)
  baresspi_own_code(baresspi_board_network)
  baresspi_freestanding(baresspi_board_network)
  # lwIP asks the board for the time, and the board hands it frames.
  target_link_libraries(baresspi_board_network PUBLIC baresspi_port_lwip)
  target_link_libraries(baresspi_lwip PRIVATE baresspi_board_network)
endif()

function(baresspi_add_board_image target)
  cmake_parse_arguments(PARSE_ARGV 1 image "HOSTED" "STACK" "LIBRARIES")
  foreach(property IN ITEMS BOARD_SCRIPT BOARD_STACK BOARD_COMMON)
    get_target_property(${property} baresspi_board ${property})
  endforeach()
  if(image_STACK)
    set(BOARD_STACK ${image_STACK})
  endif()

  add_executable(${target} ${image_UNPARSED_ARGUMENTS} $<TARGET_OBJECTS:baresspi_board>)
  baresspi_use_headers(${target})
  target_compile_definitions(${target} PRIVATE $<TARGET_PROPERTY:baresspi_board,INTERFACE_COMPILE_DEFINITIONS>)
  target_compile_options(${target} PRIVATE -ffunction-sections -fdata-sections)
  if(image_HOSTED)
    target_sources(${target} PRIVATE ${BOARD_COMMON}/hosted.cpp)
    set(specs --specs=rdimon.specs)
  else()
    baresspi_freestanding(${target})
    set(specs ${BARESSPI_LIBC_SPECS})
    if(NOT specs)
      set(specs --specs=nano.specs)
    endif()
    # Debian's RISC-V compiler has no C++ library to link, and there is nothing in it that is wanted.
    set_target_properties(${target} PROPERTIES LINKER_LANGUAGE C)
  endif()

  target_link_libraries(${target} PRIVATE ${image_LIBRARIES} baresspi_board_port)
  target_link_options(${target} PRIVATE
    -nostartfiles ${specs} -T ${BOARD_SCRIPT} -L${BOARD_COMMON} -Wl,--gc-sections -Wl,--no-warn-rwx-segments
    -Wl,--defsym=__stack_size=${BOARD_STACK} -Wl,-Map=$<TARGET_FILE:${target}>.map)
  set_target_properties(${target} PROPERTIES LINK_DEPENDS "${BOARD_SCRIPT};${BOARD_COMMON}/sections.ld")
endfunction()
