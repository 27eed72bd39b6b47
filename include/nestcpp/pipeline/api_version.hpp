#pragma once
/// @file nestcpp/pipeline/api_version.hpp
/// @brief NestJS's `@Version()`: which versions of an API a controller or a route serves.

#include <nestcpp/pipeline/metadata.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace nestcpp {

/// Some versions, at most eight; literals. None: served whatever the version (NestJS's VERSION_NEUTRAL).
struct api_versions {
  std::array<std::string_view, 8> values{};
  std::size_t count = 0;
};

/// For `NEST_CONTROLLER` and routes, where `application::enable_versioning` was called; a route's goes before its
/// controller's. `api_version("1", "2")`: both; `api_version()`: every version, and none.
template <class... Version>
  requires(sizeof...(Version) <= 8)
[[nodiscard]] constexpr auto api_version(Version... versions) {
  return set_metadata(api_versions{{std::string_view{versions}...}, sizeof...(Version)});
}

}  // namespace nestcpp
