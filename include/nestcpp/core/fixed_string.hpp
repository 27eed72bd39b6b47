#pragma once
/// @file nestcpp/core/fixed_string.hpp
/// @brief A string literal that can be a template argument: `path<"id", uuid>`, `message<"user.create", …>`.

#include <cstddef>
#include <string_view>

namespace nestcpp {

template <std::size_t N>
struct fixed_string {
  char data[N]{};

  constexpr fixed_string(const char (&literal)[N]) {  // NOLINT: implicit, so that a literal can be written
    for (std::size_t i = 0; i < N; ++i) data[i] = literal[i];
  }
  [[nodiscard]] constexpr std::string_view view() const { return {data, N - 1}; }
};

}  // namespace nestcpp
