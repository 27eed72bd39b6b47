#include <nestcpp/dto/parse_text.hpp>

#include <cmath>

namespace nestcpp {
namespace {

template <class Float>
bool parse_floating(std::string_view text, Float& out) noexcept {
  Float value{};
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || rest != text.data() + text.size() || !std::isfinite(value)) return false;
  out = value;
  return true;
}

}  // namespace

bool parse_text(std::string_view text, double& out) noexcept { return parse_floating(text, out); }
bool parse_text(std::string_view text, float& out) noexcept { return parse_floating(text, out); }

bool parse_text(std::string_view text, bool& out) noexcept {
  if (text != "true" && text != "false") return false;
  out = text == "true";
  return true;
}

bool parse_text(std::string_view text, uuid& out) noexcept {
  const auto value = uuid::parse(text);
  if (value) out = *value;
  return value.has_value();
}

bool parse_text(std::string_view text, timestamp& out) {
  const auto value = timestamp::parse_iso8601(text);
  if (value) out = *value;
  return value.has_value();
}

}  // namespace nestcpp
