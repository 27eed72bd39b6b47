// Whatever the text is, reading it into DTOs and into a document agrees with the cursor, what was read comes back the
// same after writing, and every refusal says why.
#include "fuzz/expect.hpp"
#include "unit/dto/dto_types.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace {

template <class T>
void check(std::string_view text, const nestcpp::validation_options& options, bool is_json) {
  T out{};
  const auto result = nestcpp::read_json(text, out, options);
  if (!text.empty()) EXPECT((result.syntax_error() == nullptr) == is_json);
  if (result.validation_failure() != nullptr) {
    // The reader refused what the rules have nothing to say about.
    EXPECT(result.validation_failure()->body().at("message") != boost::json::value("Validation failed"));
  }
  if (!result) return;
  const std::string written = nestcpp::to_json(out);
  EXPECT(nestcpp::is_valid_utf8(written));
  T again{};
  const auto second = nestcpp::read_json(written, again);
  // Infinity is written as null.
  if (second) EXPECT(nestcpp::to_json(again) == written);
  T reused = out;
  EXPECT(nestcpp::read_json(text, reused, options));
  EXPECT(nestcpp::to_json(reused) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const nestcpp::validation_options options{.forbid_non_whitelisted = (data[0] & 1) != 0,
                                            .stop_at_first_error = (data[0] & 2) != 0,
                                            .skip_undefined_properties = (data[0] & 4) != 0,
                                            .skip_null_properties = (data[0] & 8) != 0,
                                            .max_depth = 64};
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  nestcpp::json_cursor cursor{text, 64};
  const bool is_json = cursor.skip_value() && cursor.at_end();
  check<boost::json::value>(text, options, is_json);
  check<shop::CreateUserDto>(text, options, is_json);
  check<shop::Person>(text, options, is_json);
  check<shop::Everything>(text, options, is_json);
  check<shop::Tree>(text, options, is_json);
  check<std::string>(text, options, is_json);
  check<std::vector<std::optional<double>>>(text, options, is_json);
  return 0;
}
