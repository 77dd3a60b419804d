# SPDX-License-Identifier: Apache-2.0
# GCC for bare-metal Arm, Cortex-M. BARESSPI_CPU says which.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)

set(BARESSPI_CPU cortex-m3 CACHE STRING "cortex-m0, cortex-m3, cortex-m4 or cortex-m33")
set_property(CACHE BARESSPI_CPU PROPERTY STRINGS cortex-m0 cortex-m3 cortex-m4 cortex-m33)
# CMake tries the compiler in projects of its own: there is nothing to link against yet, and they must know the CPU.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES BARESSPI_CPU)

set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_ASM_COMPILER arm-none-eabi-gcc)
foreach(language C CXX ASM)
  set(CMAKE_${language}_FLAGS_INIT "-mcpu=${BARESSPI_CPU} -mthumb -mfloat-abi=soft")
endforeach()

# Programs are the host's; libraries and headers are the target's.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH) # an installed BareSSPI, by CMAKE_PREFIX_PATH
