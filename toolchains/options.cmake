# SPDX-License-Identifier: Apache-2.0
# Compiler options, each under a name that says what it is for.

# ccache, where there is one. With paths below the source tree taken as relative, a second clone finds what the first compiled.
if(PROJECT_IS_TOP_LEVEL AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(BARESSPI_CCACHE ccache)
  mark_as_advanced(BARESSPI_CCACHE)
  if(BARESSPI_CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${BARESSPI_CCACHE})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
  endif()
endif()

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON) # clang-tidy reads it
endif()

# The two include paths of every translation unit: <baresspi/...> and "core/...", "config/...", "port/...". Installed, both
# are one folder.
function(baresspi_use_headers target)
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/core/include>
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/baresspi-${PROJECT_VERSION_MAJOR}>)
endfunction()

# Sources that we wrote: the language and the warnings that they are held to.
function(baresspi_own_code target)
  set_target_properties(${target} PROPERTIES
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
    C_STANDARD 99 C_STANDARD_REQUIRED ON)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wconversion -Wshadow $<$<BOOL:${BARESSPI_WERROR}>:-Werror>
    -ffunction-sections -fdata-sections)
endfunction()

# What runs with no C++ runtime and no C library: exceptions, RTTI and guarded statics would need one. (UBSan's vptr check needs
# RTTI; there is nothing virtual here for it to look at.)
function(baresspi_freestanding target)
  target_compile_options(${target} PRIVATE
    -ffreestanding
    $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-use-cxa-atexit>)
endfunction()
