#pragma once
/// @file nestcpp/core/version.hpp
/// @brief The library's version, as numbers for the preprocessor and as text; CMake reads the numbers here.

#define NESTCPP_VERSION_MAJOR 0
#define NESTCPP_VERSION_MINOR 1
#define NESTCPP_VERSION_PATCH 0

namespace nestcpp {

#define NESTCPP_DETAIL_TEXT_OF(x) #x
#define NESTCPP_DETAIL_VERSION(major, minor, patch) \
  NESTCPP_DETAIL_TEXT_OF(major) "." NESTCPP_DETAIL_TEXT_OF(minor) "." NESTCPP_DETAIL_TEXT_OF(patch)

/// "major.minor.patch".
inline constexpr const char* version =
    NESTCPP_DETAIL_VERSION(NESTCPP_VERSION_MAJOR, NESTCPP_VERSION_MINOR, NESTCPP_VERSION_PATCH);

#undef NESTCPP_DETAIL_VERSION
#undef NESTCPP_DETAIL_TEXT_OF

}  // namespace nestcpp
