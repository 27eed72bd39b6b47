#include <nestcpp/http/http_headers.hpp>

#include <algorithm>
#include <stdexcept>

namespace nestcpp {

namespace detail {

namespace {
constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool is_http_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

}  // namespace detail

namespace {
void check(std::string_view name, std::string_view value) {
  if (!detail::is_http_token(name)) {
    throw std::invalid_argument{"'" + std::string{name} +
                                "' cannot be a header's name: letters, digits and !#$%&'*+-.^_`|~ can"};
  }
  if (!detail::is_header_value(value)) {
    throw std::invalid_argument{"the value of header '" + std::string{name} + "' has control characters"};
  }
}
}  // namespace

std::string_view detail::trim_blanks(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::string_view> http_headers::get(std::string_view name) const noexcept {
  for (const field& each : fields_) {
    if (detail::equals_ignoring_case(each.first, name)) return each.second;
  }
  return std::nullopt;
}

std::size_t http_headers::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(std::count_if(fields_.begin(), fields_.end(), [&](const field& each) {
    return detail::equals_ignoring_case(each.first, name);
  }));
}

void http_headers::set(std::string_view name, std::string value) {
  check(name, value);
  remove(name);
  fields_.emplace_back(std::string{name}, std::move(value));
}

void http_headers::add(std::string_view name, std::string value) {
  check(name, value);
  fields_.emplace_back(std::string{name}, std::move(value));
}

void http_headers::remove(std::string_view name) noexcept {
  std::erase_if(fields_, [&](const field& each) { return detail::equals_ignoring_case(each.first, name); });
}

}  // namespace nestcpp
