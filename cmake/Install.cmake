include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(NESTCPP_INSTALL_CMAKEDIR ${CMAKE_INSTALL_LIBDIR}/cmake/nestcpp CACHE STRING "Where the CMake package goes")

# Each component is an export set of its own, so that find_package(nestcpp COMPONENTS …) needs only what these link.
function(nestcpp_install_component name target)
  if(NOT NESTCPP_INSTALL)
    return()
  endif()
  install(TARGETS ${target} EXPORT nestcpp-${name}
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
          LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
          RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(EXPORT nestcpp-${name} NAMESPACE nestcpp:: FILE nestcpp-${name}.cmake
          DESTINATION ${NESTCPP_INSTALL_CMAKEDIR})
endfunction()

if(NESTCPP_INSTALL)
  if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(_compatibility SameMinorVersion)
  else()
    set(_compatibility SameMajorVersion)
  endif()
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/nestcppConfigVersion.cmake COMPATIBILITY ${_compatibility})
  install(FILES cmake/nestcppConfig.cmake
                cmake/NestcppDependencies.cmake
                cmake/Findcpp-httplib.cmake
                cmake/Findlibpqxx.cmake
                ${PROJECT_BINARY_DIR}/nestcppConfigVersion.cmake
          DESTINATION ${NESTCPP_INSTALL_CMAKEDIR})
  install(DIRECTORY include/nestcpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
