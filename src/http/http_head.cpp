#include "http/http_head.hpp"

#include <algorithm>
#include <charconv>

namespace nestcpp::detail {

namespace {

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view cut_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find("\r\n"));
  text.remove_prefix(std::min(line.size() + 2, text.size()));
  return line;
}

bool names(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    if (equals_ignoring_case(trim(item), wanted)) return true;
    list.remove_prefix(std::min(item.size() + 1, list.size()));
  }
  return false;
}

class reader {
 public:
  explicit reader(http_head& head) : head_{head} {}

  int request_line(std::string_view line) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return 400;
    const std::string_view method = line.substr(0, first);
    const std::string_view target = line.substr(first + 1, last - first - 1);
    const std::string_view version = line.substr(last + 1);
    const bool visible = std::all_of(target.begin(), target.end(),
                                     [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7f; });
    if (!is_http_token(method) || target.empty() || !visible) return 400;
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return version.starts_with("HTTP/") ? 505 : 400;
    head_.is_http_1_0 = version == "HTTP/1.0";
    head_.closes = head_.is_http_1_0;
    head_.request = http_request{std::string{method}, std::string{target}};
    return 0;
  }

  int field(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return 400;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim(line.substr(colon + 1));
    if (!is_http_token(name) || !is_header_value(value)) return 400;
    head_.request.headers.add(name, std::string{value});
    if (equals_ignoring_case(name, "Content-Length")) return content_length(value);
    if (equals_ignoring_case(name, "Transfer-Encoding")) {
      if (head_.chunked || !equals_ignoring_case(value, "chunked")) return 400;
      head_.chunked = true;
    } else if (equals_ignoring_case(name, "Content-Encoding")) {
      head_.content_encoding = equals_ignoring_case(value, "identity") ? std::string{} : lower_case(value);
    } else if (equals_ignoring_case(name, "Connection")) {
      if (names(value, "close")) head_.closes = true;
      if (head_.is_http_1_0 && names(value, "keep-alive")) head_.closes = false;
    } else if (equals_ignoring_case(name, "Expect")) {
      if (!equals_ignoring_case(value, "100-continue")) return 417;
      head_.expects_continue = !head_.is_http_1_0;
    } else if (equals_ignoring_case(name, "Host")) {
      if (has_host_) return 400;
      has_host_ = true;
    }
    return 0;
  }

  [[nodiscard]] int end() const {
    if (head_.chunked && (head_.content_length || head_.is_http_1_0)) return 400;
    return has_host_ || head_.is_http_1_0 ? 0 : 400;
  }

 private:
  int content_length(std::string_view value) {
    std::uint64_t length = 0;
    const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (value.empty() || error != std::errc{} || stop != value.data() + value.size() || head_.content_length)
      return 400;
    head_.content_length = length;
    return 0;
  }

  http_head& head_;
  bool has_host_ = false;
};

}  // namespace

head_scanner::status head_scanner::scan(std::string_view input, std::size_t max_target_size,
                                        std::size_t max_head_size) noexcept {
  while (true) {
    const auto newline = input.find('\n', scanned_);
    const bool in_first_line = scanned_ == 0;
    const std::size_t seen = std::min(newline, input.size());
    // 24: the longest method, two blanks and the version.
    if (in_first_line && seen > max_target_size + 24) return status::target_too_long;
    if (seen > max_head_size) return status::too_large;
    if (newline == std::string_view::npos) return status::incomplete;
    if (newline == 0 || input[newline - 1] != '\r') return status::malformed;
    const bool empty_line = newline == scanned_ + 1;
    scanned_ = newline + 1;
    if (empty_line) return status::complete;
  }
}

http_head parse_http_head(std::string_view text) {
  http_head head;
  reader read{head};
  head.refused = read.request_line(cut_line(text));
  while (head.refused == 0) {
    const std::string_view line = cut_line(text);
    if (line.empty()) {
      head.refused = read.end();
      break;
    }
    head.refused = read.field(line);
  }
  return head;
}

}  // namespace nestcpp::detail
