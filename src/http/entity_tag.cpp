#include "http/entity_tag.hpp"

#include "core/digest.hpp"

#include <array>
#include <charconv>
#include <ctime>

namespace nestcpp::detail {

namespace {

void append_base64(std::string& to, const std::array<std::uint8_t, 20>& bytes, std::size_t characters) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::uint32_t bits = 0;
  int count = 0;
  std::size_t at = 0;
  while (characters-- > 0) {
    if (count < 6) {
      bits = (bits << 8U) | (at < bytes.size() ? bytes[at] : 0U);
      ++at;
      count += 8;
    }
    count -= 6;
    to += digits[(bits >> static_cast<unsigned>(count)) & 63U];
  }
}

std::string_view strong(std::string_view tag) noexcept {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return tag;
}

bool lists(std::string_view header, std::string_view tag) noexcept {
  while (!header.empty()) {
    const std::string_view item = header.substr(0, header.find(','));
    header.remove_prefix(std::min(item.size() + 1, header.size()));
    const auto first = item.find_first_not_of(' ');
    if (first == std::string_view::npos) continue;
    const auto last = item.find_last_not_of(' ');
    if (strong(item.substr(first, last - first + 1)) == strong(tag)) return true;
  }
  return false;
}

bool has_no_cache(std::string_view header) noexcept {
  while (!header.empty()) {
    std::string_view item = header.substr(0, header.find(','));
    header.remove_prefix(std::min(item.size() + 1, header.size()));
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (item == "no-cache") return true;
  }
  return false;
}

std::time_t parse_date(std::string_view text) noexcept {
  std::tm utc{};
  const std::string copy{text};
  if (::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &utc) == nullptr) return -1;
  return ::timegm(&utc);
}

}  // namespace

std::string entity_tag(std::string_view body) {
  std::array<char, 16> size;
  const auto end = std::to_chars(size.data(), size.data() + size.size(), body.size(), 16).ptr;
  std::string tag = "W/\"";
  tag.append(size.data(), end);
  tag += '-';
  append_base64(tag, sha1(body), 27);
  tag += '"';
  return tag;
}

bool is_fresh(const http_request& request, const http_headers& answer) noexcept {
  const auto since = request.headers.get("If-Modified-Since");
  const auto none_of = request.headers.get("If-None-Match");
  if (!since && !none_of) return false;
  if (has_no_cache(request.headers.get("Cache-Control").value_or(""))) return false;
  if (none_of) {
    if (*none_of == "*") return true;
    const auto tag = answer.get("ETag");
    return tag && lists(*none_of, *tag);
  }
  const auto modified = answer.get("Last-Modified");
  if (!modified) return false;
  const std::time_t theirs = parse_date(*since);
  const std::time_t ours = parse_date(*modified);
  return theirs >= 0 && ours >= 0 && ours <= theirs;
}

bool range_applies(const http_request& request, const http_headers& answer) noexcept {
  const auto condition = request.headers.get("If-Range");
  if (!condition) return true;
  if (condition->find('"') != std::string_view::npos) return answer.get("ETag") == *condition;
  const std::time_t theirs = parse_date(*condition);
  const std::time_t ours = parse_date(answer.get("Last-Modified").value_or(""));
  return theirs >= 0 && ours >= 0 && ours <= theirs;
}

}  // namespace nestcpp::detail
