#include <nestcpp/http/http_method.hpp>

#include <array>

namespace nestcpp {

namespace {
constexpr std::array<std::string_view, http_method_count + 2> names{"GET",    "HEAD",    "POST",  "PUT", "PATCH",
                                                                    "DELETE", "OPTIONS", "other", "ALL"};
}  // namespace

std::string_view to_string(http_method method) noexcept { return names[static_cast<std::size_t>(method)]; }

http_method parse_http_method(std::string_view text) noexcept {
  for (std::size_t i = 0; i < http_method_count; ++i) {
    if (names[i] == text) return static_cast<http_method>(i);
  }
  return http_method::other;
}

}  // namespace nestcpp
