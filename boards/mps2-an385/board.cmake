# SPDX-License-Identifier: Apache-2.0
# Arm MPS2 with AN385 (Cortex-M3): the default board. Preset m3.
set(BOARD_SOURCES ${CMAKE_CURRENT_LIST_DIR}/uart.cpp ${CMAKE_CURRENT_LIST_DIR}/timer.cpp
  ${CMAKE_CURRENT_LIST_DIR}/../common/cortex_m.cpp)
set(BOARD_NETWORK ${CMAKE_CURRENT_LIST_DIR}/ethernet.cpp ${CMAKE_CURRENT_LIST_DIR}/idle.cpp)
set(BOARD_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/link.ld)
set(BOARD_STACK 65536)
set(BOARD_DEFINES BOARD_COMMAND_LINE=8192 BARESSPI_TOKEN_LINE=98304)
include(${CMAKE_CURRENT_LIST_DIR}/../common/bare_metal.cmake)
