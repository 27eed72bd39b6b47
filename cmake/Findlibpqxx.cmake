# libpqxx as Debian packages it: a pkg-config file only. Defines nestcpp_dep::pqxx.
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBPQXX IMPORTED_TARGET GLOBAL libpqxx libpq)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(libpqxx REQUIRED_VARS LIBPQXX_FOUND VERSION_VAR LIBPQXX_libpqxx_VERSION
                                  REASON_FAILURE_MESSAGE "on Debian: apt-get install libpqxx-dev")
if(libpqxx_FOUND AND NOT TARGET nestcpp_dep::pqxx)
  add_library(nestcpp_dep::pqxx ALIAS PkgConfig::LIBPQXX)
endif()
