# SPDX-License-Identifier: Apache-2.0
# GCC for Linux on 32-bit PowerPC, run by qemu-ppc: not a target of the library's, but a processor that puts the high octet
# first, which the unit tests are to hold on too. Linked statically, so that no PowerPC system is needed.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ppc)

set(CMAKE_C_COMPILER powerpc-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER powerpc-linux-gnu-g++)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-ppc)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
