#pragma once
/// @file nestcpp/core/version.hpp
/// @brief The library's version, as numbers for the preprocessor and as text.

#define NESTCPP_VERSION_MAJOR 0
#define NESTCPP_VERSION_MINOR 1
#define NESTCPP_VERSION_PATCH 0

namespace nestcpp {

/// "major.minor.patch".
inline constexpr const char* version = "0.1.0";

}  // namespace nestcpp
