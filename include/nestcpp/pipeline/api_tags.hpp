#pragma once
/// @file nestcpp/pipeline/api_tags.hpp
/// @brief NestJS's `@ApiTags()`: the groups of a controller's or route's operations in documents.

#include <nestcpp/pipeline/metadata.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace nestcpp {

struct api_tags_value {
  std::array<std::string_view, 8> names{};
  std::size_t count = 0;
};

/// Groups operations; on a controller or a route, whose own go before. Default: the controller's name without
/// "Controller".
template <class... Name>
  requires(sizeof...(Name) >= 1 && sizeof...(Name) <= 8)
[[nodiscard]] constexpr auto api_tags(Name... names) {
  return set_metadata(api_tags_value{{std::string_view{names}...}, sizeof...(Name)});
}

}  // namespace nestcpp
