# cpp-httplib as Debian packages it: a pkg-config file only. Defines nestcpp_dep::httplib.
find_package(PkgConfig REQUIRED)
pkg_check_modules(CPP_HTTPLIB IMPORTED_TARGET GLOBAL cpp-httplib)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(cpp-httplib REQUIRED_VARS CPP_HTTPLIB_FOUND VERSION_VAR CPP_HTTPLIB_VERSION
                                  REASON_FAILURE_MESSAGE "on Debian: apt-get install libcpp-httplib-dev")
if(cpp-httplib_FOUND AND NOT TARGET nestcpp_dep::httplib)
  add_library(nestcpp_dep::httplib ALIAS PkgConfig::CPP_HTTPLIB)
endif()
