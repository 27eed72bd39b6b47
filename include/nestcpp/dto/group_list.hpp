#pragma once
/// @file nestcpp/dto/group_list.hpp
/// @brief Names of validation and exposure groups.

#include <array>
#include <cstddef>
#include <initializer_list>
#include <stdexcept>
#include <string_view>

namespace nestcpp {

/// Up to eight names: `.groups = {"create", "admin"}`.
/// @par Lifetime Of the texts: they are kept as views, so write literals.
/// @par Exceptions `std::length_error` for more than eight; in a DTO's description that is a compile error.
class group_list {
 public:
  static constexpr std::size_t capacity = 8;

  constexpr group_list() = default;
  constexpr group_list(std::initializer_list<std::string_view> names) {  // NOLINT: written as a list
    if (names.size() > capacity) throw std::length_error{"nestcpp: at most 8 groups can be named together"};
    for (const auto name : names) names_[size_++] = name;
  }

  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] constexpr const std::string_view* begin() const noexcept { return names_.data(); }
  [[nodiscard]] constexpr const std::string_view* end() const noexcept { return names_.data() + size_; }

  /// Whether the two have a name in common.
  [[nodiscard]] constexpr bool intersects(const group_list& other) const noexcept {
    for (const auto mine : *this) {
      for (const auto theirs : other) {
        if (mine == theirs) return true;
      }
    }
    return false;
  }

 private:
  std::array<std::string_view, capacity> names_{};
  std::size_t size_ = 0;
};

}  // namespace nestcpp
