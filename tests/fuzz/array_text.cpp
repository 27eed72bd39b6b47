// What is read as an array is the same after it was written, in either form.
#include "database/array_text.hpp"

#include "fuzz/expect.hpp"

#include <nestcpp/database/result_set.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using nestcpp::detail::result_data;

std::string_view text_of(const result_data& items, std::size_t index) {
  const auto& cell = items.cells[index];
  return std::string_view{items.text}.substr(cell.offset, cell.length);
}

void expect_same(const result_data& left, const result_data& right) {
  EXPECT(left.rows == right.rows);
  for (std::size_t i = 0; i < left.rows; ++i) {
    EXPECT(left.cells[i].type == right.cells[i].type);
    EXPECT(left.cells[i].type == result_data::kind::null || text_of(left, i) == text_of(right, i));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = nestcpp::detail::parse_array({reinterpret_cast<const char*>(data), size});
  if (!read) return 0;
  EXPECT(read->cells.size() == read->rows);
  nestcpp::detail::sql_array array;
  for (std::size_t i = 0; i < read->rows; ++i) {
    if (read->cells[i].type == result_data::kind::null) {
      array.items.emplace_back();
    } else {
      array.items.emplace_back(text_of(*read, i));
    }
  }
  const auto literal = nestcpp::detail::parse_array(nestcpp::detail::to_array_literal(array));
  EXPECT(literal.has_value());
  expect_same(*read, *literal);
  return 0;
}
