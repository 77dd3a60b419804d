# SPDX-License-Identifier: Apache-2.0
# lwIP 2.2 without an operating system, and on it the sockets and the clock of port/lwip: baresspi::lwip. A firmware that has
# an lwIP of its own compiles port/lwip/*.cpp with it (port/README.md).
option(BARESSPI_LWIP "lwIP, and port/lwip on it: sockets and a clock for bare metal" OFF)
set(BARESSPI_LWIP_DIR ${PROJECT_SOURCE_DIR}/build/_deps/lwip CACHE PATH "The source of lwIP 2.2 (2.2.1 or later)")
set(BARESSPI_LWIP_OPTIONS ${PROJECT_SOURCE_DIR}/port/lwip CACHE PATH "The folder of lwipopts.h")

# Where it is not wanted, the host's unit tests are, if lwIP is there.
set(lwip_all "")
if(NOT BARESSPI_LWIP)
  if(NOT BARESSPI_BUILD_TESTS OR CMAKE_CROSSCOMPILING)
    return()
  endif()
  if(NOT EXISTS ${BARESSPI_LWIP_DIR}/src/core/tcp.c)
    message(WARNING "No lwIP in ${BARESSPI_LWIP_DIR} (sh toolchains/lwip.sh brings it): port/lwip is not tested")
    return()
  endif()
  set(lwip_all EXCLUDE_FROM_ALL)
endif()
if(NOT EXISTS ${BARESSPI_LWIP_DIR}/src/core/tcp.c)
  message(FATAL_ERROR "BARESSPI_LWIP needs lwIP 2.2, and BARESSPI_LWIP_DIR=${BARESSPI_LWIP_DIR} holds none. "
    "sh toolchains/lwip.sh brings it.")
endif()

# Interfaces are Ethernet, addresses IPv4; lwipopts.h says what else there is, and the linker drops what nobody calls.
file(GLOB lwip_sources CONFIGURE_DEPENDS
  ${BARESSPI_LWIP_DIR}/src/core/*.c ${BARESSPI_LWIP_DIR}/src/core/ipv4/*.c ${BARESSPI_LWIP_DIR}/src/netif/ethernet.c)
add_library(baresspi_lwip STATIC ${lwip_all} ${lwip_sources})
set_target_properties(baresspi_lwip PROPERTIES C_STANDARD 99 C_STANDARD_REQUIRED ON)
target_include_directories(baresspi_lwip SYSTEM PUBLIC
  ${BARESSPI_LWIP_OPTIONS} ${PROJECT_SOURCE_DIR}/port/lwip ${BARESSPI_LWIP_DIR}/src/include)
# Not our code, so not our warnings.
target_compile_options(baresspi_lwip PRIVATE -ffunction-sections -fdata-sections ${BARESSPI_LIBC_SPECS})

file(GLOB port_lwip_sources CONFIGURE_DEPENDS port/lwip/*.cpp)
add_library(baresspi_port_lwip STATIC ${lwip_all} ${port_lwip_sources})
add_library(baresspi::lwip ALIAS baresspi_port_lwip)
baresspi_use_headers(baresspi_port_lwip)
baresspi_own_code(baresspi_port_lwip)
baresspi_freestanding(baresspi_port_lwip)
# The port comes behind it: port/lwip asks it for random numbers, and has a clock that is taken instead of the port's.
target_link_libraries(baresspi_port_lwip PUBLIC baresspi_lwip $<TARGET_NAME_IF_EXISTS:baresspi::port>)
# lwIP calls back for random numbers and for the time.
target_link_libraries(baresspi_lwip PRIVATE baresspi_port_lwip)
