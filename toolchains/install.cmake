# SPDX-License-Identifier: Apache-2.0
# Installation: licence and bill of materials, headers in one folder that serves as both include paths, the archives, and what
# find_package(baresspi) reads.
include(CMakePackageConfigHelpers)

# An mbed TLS that a firmware builds in the same project is in no export of ours, and CMake would not write one without it.
if(BARESSPI_MBEDTLS_TARGET AND TARGET ${BARESSPI_MBEDTLS_TARGET})
  get_target_property(is_imported ${BARESSPI_MBEDTLS_TARGET} IMPORTED)
  if(NOT is_imported)
    return()
  endif()
endif()

set(header_dir ${CMAKE_INSTALL_INCLUDEDIR}/baresspi-${PROJECT_VERSION_MAJOR})
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/baresspi)
install(FILES LICENSE NOTICE SECURITY.md toolchains/baresspi.spdx.json DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY core/include/ DESTINATION ${header_dir} FILES_MATCHING PATTERN "*.h")
install(FILES port/port.h DESTINATION ${header_dir}/port)
install(DIRECTORY config/ DESTINATION ${header_dir}/config FILES_MATCHING PATTERN "*.h")

install(TARGETS baresspi baresspi_compat EXPORT baresspi ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET baresspi_mbedtls)
  install(TARGETS baresspi_mbedtls EXPORT baresspi ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
if(TARGET baresspi::port)
  install(TARGETS baresspi_port_${BARESSPI_PORT} EXPORT baresspi ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
if(TARGET baresspi_port_posix OR TARGET baresspi_shared)
  install(FILES port/posix/posix.h DESTINATION ${header_dir}/port/posix)
endif()
if(TARGET baresspi_shared)
  install(TARGETS baresspi_shared EXPORT baresspi LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
install(EXPORT baresspi NAMESPACE baresspi:: FILE baresspi-targets.cmake DESTINATION ${package_dir})
install(FILES toolchains/baresspi-config.cmake DESTINATION ${package_dir})
if(BARESSPI_MBEDTLS_TARGET MATCHES "^([^:]+)::") # of a package, which whoever finds ours has to find too
  file(WRITE ${PROJECT_BINARY_DIR}/baresspi-dependencies.cmake
    "include(CMakeFindDependencyMacro)\nif(NOT TARGET ${BARESSPI_MBEDTLS_TARGET})\n  find_dependency(${CMAKE_MATCH_1})\nendif()\n")
  install(FILES ${PROJECT_BINARY_DIR}/baresspi-dependencies.cmake DESTINATION ${package_dir})
endif()
write_basic_package_version_file(${PROJECT_BINARY_DIR}/baresspi-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/baresspi-config-version.cmake DESTINATION ${package_dir})
