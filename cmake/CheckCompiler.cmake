# Refuses compilers that compile coroutines wrongly or not at all, whoever chose them.
include(${CMAKE_CURRENT_LIST_DIR}/WayOut.cmake)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR "nestcpp: GCC ${CMAKE_CXX_COMPILER_VERSION} destroys temporaries in co_await expressions twice. "
                      "${NESTCPP_WAY_OUT}")
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 16)
  message(FATAL_ERROR "nestcpp: Clang ${CMAKE_CXX_COMPILER_VERSION} is too old. ${NESTCPP_WAY_OUT}")
endif()
