// Whatever the text is, its normal form exists where the text is JSON, is JSON, and is its own normal form.
#include <nestcpp/dto/json_text.hpp>

#include "fuzz/expect.hpp"

#include <nestcpp/dto/json_cursor.hpp>

#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr unsigned depth = 64;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  nestcpp::json_cursor cursor{text, depth};
  const bool is_json = cursor.skip_value() && cursor.at_end();

  std::string normal = "before";
  EXPECT(nestcpp::append_normalized_json(normal, text, depth) == is_json);
  EXPECT(normal.starts_with("before"));
  if (!is_json) {
    EXPECT(normal == "before");
    return 0;
  }
  normal.erase(0, 6);
  nestcpp::json_cursor again{normal, depth};
  EXPECT(again.skip_value() && again.at_end());
  std::string twice;
  EXPECT(nestcpp::append_normalized_json(twice, normal, depth));
  EXPECT(twice == normal);
  return 0;
}
