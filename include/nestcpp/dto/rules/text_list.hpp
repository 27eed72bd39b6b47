#pragma once
/// @file nestcpp/dto/rules/text_list.hpp
/// @brief A few texts or numbers in a rule's options.

#include <array>
#include <cstddef>
#include <initializer_list>
#include <stdexcept>
#include <string_view>

namespace nestcpp::rules {

/// Up to eight values.
template <class T>
class value_list {
 public:
  constexpr value_list() = default;
  constexpr value_list(std::initializer_list<T> values) {
    if (values.size() > values_.size()) throw std::length_error{"nestcpp: a rule's list takes at most 8 values"};
    for (const T& value : values) values_[size_++] = value;
  }

  constexpr const T* begin() const { return values_.data(); }
  constexpr const T* end() const { return values_.data() + size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr bool has(const T& value) const {
    for (const T& own : *this) {
      if (own == value) return true;
    }
    return false;
  }

 private:
  std::array<T, 8> values_{};
  std::size_t size_ = 0;
};

/// Texts that outlive the rule, as literals do: `{"http", "https"}`.
using text_list = value_list<std::string_view>;

}  // namespace nestcpp::rules

namespace nestcpp::detail {

/// Whether a word stands in a list of words, each between spaces.
constexpr bool has_word(std::string_view words, std::string_view word) {
  if (word.empty() || word.find(' ') != std::string_view::npos) return false;
  for (std::size_t at = words.find(word); at != std::string_view::npos; at = words.find(word, at + 1)) {
    if (at > 0 && words[at - 1] == ' ' && words.substr(at + word.size(), 1) == " ") return true;
  }
  return false;
}

}  // namespace nestcpp::detail
