# At the top level, where nothing chose a compiler and the default one compiles coroutines wrongly (GCC < 13) or cannot
# compile them at all (Clang < 16), take the newest clang++-N on the path.
if(NOT CMAKE_CURRENT_SOURCE_DIR STREQUAL CMAKE_SOURCE_DIR OR DEFINED CMAKE_CXX_COMPILER OR DEFINED ENV{CXX}
   OR CMAKE_TOOLCHAIN_FILE)
  return()
endif()
foreach(_version RANGE 30 16 -1)
  find_program(NESTCPP_CLANG_${_version} clang++-${_version})
  if(NESTCPP_CLANG_${_version})
    message(STATUS "nestcpp: compiling with ${NESTCPP_CLANG_${_version}} (choose another with CXX or -DCMAKE_CXX_COMPILER)")
    set(CMAKE_CXX_COMPILER ${NESTCPP_CLANG_${_version}} CACHE FILEPATH "C++ compiler")
    return()
  endif()
endforeach()
