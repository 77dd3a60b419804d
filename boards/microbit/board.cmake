# SPDX-License-Identifier: Apache-2.0
# BBC micro:bit 1 (Cortex-M0, 16 KiB of RAM): the NTLM client alone, and short lines. Preset m0.
set(BOARD_SOURCES ${CMAKE_CURRENT_LIST_DIR}/uart.cpp ${CMAKE_CURRENT_LIST_DIR}/../common/cortex_m.cpp)
set(BOARD_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/link.ld)
set(BOARD_STACK 3072)
set(BOARD_DEFINES
  BOARD_COMMAND_LINE=512 BARESSPI_TOKEN_LINE=2048 BARESSPI_TOKEN_ROOM=768 BARESSPI_TOKEN_BINDINGS=64)
include(${CMAKE_CURRENT_LIST_DIR}/../common/bare_metal.cmake)
