set(_way_out "On Debian 12: apt-get install clang-19, then configure with -DCMAKE_CXX_COMPILER=clang++-19")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR "nestcpp: GCC ${CMAKE_CXX_COMPILER_VERSION} destroys temporaries in co_await expressions twice; "
                      "GCC 13 or later, or Clang 16 or later, is needed. ${_way_out}")
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 16)
  message(FATAL_ERROR "nestcpp: Clang ${CMAKE_CXX_COMPILER_VERSION} is too old; Clang 16 or later, or GCC 13 or later, "
                      "is needed. ${_way_out}")
endif()
