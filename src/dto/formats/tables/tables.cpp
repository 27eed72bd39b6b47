#include "dto/formats/tables/tables.hpp"

#include "dto/formats/pattern.hpp"

#include <algorithm>

namespace nestcpp::detail {

bool code_table::has(std::string_view code) const {
  if (code.size() != size) return false;
  std::size_t low = 0, high = codes.size() / size;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const int order = codes.substr(middle * size, size).compare(code);
    if (order == 0) return true;
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  return false;
}

const pattern_entry* find_entry(std::span<const pattern_entry> table, std::string_view key) {
  const auto found = std::lower_bound(table.begin(), table.end(), key,
                                      [](const pattern_entry& entry, std::string_view k) { return entry.key < k; });
  return found != table.end() && found->key == key ? &*found : nullptr;
}

bool matches_entry(const pattern_entry& entry, std::string_view text) {
  std::string_view expression = entry.text;
  const bool any_case = expression.ends_with("/i");
  if (any_case) expression.remove_suffix(2);
  return compiled_pattern(expression, any_case ? "i" : "").test(text);
}

}  // namespace nestcpp::detail
