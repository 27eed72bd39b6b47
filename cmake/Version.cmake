# include/nestcpp/core/version.hpp is the one place that holds the version: sets NESTCPP_VERSION.
set(_header ${CMAKE_CURRENT_LIST_DIR}/../include/nestcpp/core/version.hpp)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${_header})
file(STRINGS ${_header} _lines REGEX "^#define NESTCPP_VERSION_(MAJOR|MINOR|PATCH) [0-9]+$")
string(REGEX REPLACE "[^;0-9]" "" _numbers "${_lines}")
list(JOIN _numbers "." NESTCPP_VERSION)
if(NOT NESTCPP_VERSION MATCHES "^[0-9]+\\.[0-9]+\\.[0-9]+$")
  message(FATAL_ERROR "nestcpp: ${_header} should define NESTCPP_VERSION_MAJOR, _MINOR and _PATCH in this order")
endif()
