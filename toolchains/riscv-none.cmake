# SPDX-License-Identifier: Apache-2.0
# GCC for bare-metal RISC-V as Debian has it: one compiler for 32 and 64 bits, no C library and no C++ headers of its own. The
# library needs neither. An image that wants a C library links with picolibc's specs, which its board asks for (they would
# hide a libc header that slips into core if they stood here).
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)

set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_CXX_COMPILER riscv64-unknown-elf-g++)
set(CMAKE_ASM_COMPILER riscv64-unknown-elf-gcc)
foreach(language C CXX ASM)
  set(CMAKE_${language}_FLAGS_INIT "-march=rv32imac -mabi=ilp32 -mcmodel=medany")
endforeach()
set(BARESSPI_LIBC_SPECS --specs=picolibc.specs) # for boards

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH) # an installed BareSSPI, by CMAKE_PREFIX_PATH
