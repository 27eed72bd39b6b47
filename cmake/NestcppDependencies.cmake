# What each component needs, written once for the build and for the installed package.

set(NESTCPP_ALL_COMPONENTS core messaging http database nestcpp)
set(NESTCPP_core_NEEDS "")
set(NESTCPP_messaging_NEEDS core)
set(NESTCPP_http_NEEDS core)
set(NESTCPP_database_NEEDS core)
set(NESTCPP_nestcpp_NEEDS core messaging http database)

# nestcpp_close_components(<list>): adds what the named components need, lower ones first.
macro(nestcpp_close_components list)
  set(_nestcpp_closed "")
  foreach(_nestcpp_name IN LISTS ${list})
    list(APPEND _nestcpp_closed core ${NESTCPP_${_nestcpp_name}_NEEDS} ${_nestcpp_name})
  endforeach()
  list(REMOVE_DUPLICATES _nestcpp_closed)
  set(${list} ${_nestcpp_closed})
endmacro()

# nestcpp_find_dependencies(<component> find_package REQUIRED), or (<component> find_dependency) in the package.
macro(nestcpp_find_dependencies component command)
  if("${component}" STREQUAL "core")
    set(THREADS_PREFER_PTHREAD_FLAG ON)
    cmake_language(CALL ${command} Threads ${ARGN})
    cmake_language(CALL ${command} Boost 1.81 ${ARGN} COMPONENTS json)
    cmake_language(CALL ${command} fmt ${ARGN})
    cmake_language(CALL ${command} spdlog ${ARGN})
  elseif("${component}" STREQUAL "http")
    cmake_language(CALL ${command} cpp-httplib MODULE ${ARGN})
  elseif("${component}" STREQUAL "database")
    cmake_language(CALL ${command} libpqxx MODULE ${ARGN})
    cmake_language(CALL ${command} SQLite3 ${ARGN})
  endif()
endmacro()
