# SPDX-License-Identifier: Apache-2.0
# find_package(baresspi): baresspi::baresspi; baresspi::compat, one more include path, for programs written for Windows; and
# baresspi::port, unless it was built with BARESSPI_PORT=none. baresspi::shared, instead of the archives, where it was built with
# BARESSPI_SHARED: libbaresspi.so, with the POSIX port in it.
include("${CMAKE_CURRENT_LIST_DIR}/baresspi-dependencies.cmake" OPTIONAL) # an mbed TLS that is not ours
include("${CMAKE_CURRENT_LIST_DIR}/baresspi-targets.cmake")

# The archives are C++ inside but need nothing of a C++ runtime: a project that is all C links them with its C compiler.
foreach(baresspi_target baresspi::baresspi baresspi::port)
  if(TARGET ${baresspi_target})
    get_target_property(baresspi_configurations ${baresspi_target} IMPORTED_CONFIGURATIONS)
    foreach(baresspi_configuration IN LISTS baresspi_configurations)
      set_target_properties(${baresspi_target} PROPERTIES
        IMPORTED_LINK_INTERFACE_LANGUAGES_${baresspi_configuration} C)
    endforeach()
  endif()
endforeach()
unset(baresspi_target)
unset(baresspi_configuration)
unset(baresspi_configurations)
