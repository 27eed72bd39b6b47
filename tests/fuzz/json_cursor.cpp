// Walking a text value by value accepts the same texts as skipping it at once, and its spans are JSON by themselves.
#include <nestcpp/dto/json_cursor.hpp>

#include "fuzz/expect.hpp"

#include <nestcpp/dto/json_writer.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace {

using nestcpp::json_cursor;
using nestcpp::json_kind;

bool walk(json_cursor& in) {
  std::string scratch;
  std::string_view text;
  double number = 0;
  bool flag = false;
  switch (in.peek()) {
    case json_kind::object:
      if (!in.begin_object()) return false;
      while (in.next_member(text, scratch)) {
        if (!walk(in)) return false;
      }
      return !in.failed();
    case json_kind::array:
      if (!in.begin_array()) return false;
      while (in.next_item()) {
        if (!walk(in)) return false;
      }
      return !in.failed();
    case json_kind::string: {
      json_cursor before = in;
      std::string copy;
      if (!in.read_string(text, scratch)) return false;
      EXPECT(before.read_string(copy));
      EXPECT(copy == text);
      std::string written;
      nestcpp::append_json_string(written, text);
      json_cursor again{written};
      EXPECT(again.read_string(copy) && again.at_end());
      EXPECT(copy == text);
      return true;
    }
    case json_kind::number: return in.read_number(number);
    case json_kind::boolean: return in.read_bool(flag);
    case json_kind::null: return in.read_null();
    case json_kind::undefined: return in.fail();
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  json_cursor skipping{text, 64};
  const bool skipped = skipping.skip_value() && skipping.at_end();
  json_cursor walking{text, 64};
  EXPECT((walk(walking) && walking.at_end()) == skipped);
  json_cursor whole{text, 64};
  std::string_view span;
  if (whole.raw_value(span)) {
    json_cursor own{span, 64};
    EXPECT(own.skip_value() && own.at_end());
  }
  return 0;
}
