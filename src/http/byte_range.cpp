#include "http/byte_range.hpp"

#include <nestcpp/http/http_headers.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace nestcpp::detail {

namespace {

std::optional<std::uint64_t> number(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

byte_range parse_range(std::string_view header, std::uint64_t size) noexcept {
  constexpr std::string_view unit = "bytes=";
  if (!header.starts_with(unit)) return {};
  const std::string_view range = trim_blanks(header.substr(unit.size()));
  const auto dash = range.find('-');
  if (dash == std::string_view::npos || range.find(',') != std::string_view::npos) return {};
  const auto first = number(range.substr(0, dash));
  const auto last = number(range.substr(dash + 1));
  if (dash == 0) {  // the last so many
    if (!last) return {};
    const std::uint64_t count = std::min(*last, size);
    if (count == 0) return {byte_range::kind::unsatisfiable};
    return {byte_range::kind::part, size - count, count};
  }
  if (!first || (!last && dash + 1 != range.size()) || (last && *last < *first)) return {};
  if (*first >= size) return {byte_range::kind::unsatisfiable};
  return {byte_range::kind::part, *first, std::min(last.value_or(size - 1), size - 1) - *first + 1};
}

}  // namespace nestcpp::detail
