#include "http/body_scanner.hpp"

#include <algorithm>

namespace nestcpp::detail {

namespace {

constexpr std::size_t max_digits = 16;
constexpr std::size_t least_overhead = 64 * 1024;

constexpr int hex_value(char digit) noexcept {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const char lower = static_cast<char>(digit | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

constexpr bool is_control(char c) noexcept { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

constexpr bool is_token(char c) noexcept {
  const bool alphanumeric = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  return alphanumeric || (c != '\0' && std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos);
}

}  // namespace

body_scanner::body_scanner(const body_form& form, std::size_t max_extras) noexcept
    : state_{form.content_length ? state::content : state::size},
      left_{form.content_length.value_or(0)},
      room_{form.limit},
      overhead_left_{form.limit + least_overhead},
      max_extras_{max_extras} {}

body_scanner::progress body_scanner::scan(std::string_view input) noexcept {
  if (state_ == state::content) return scan_content(input);
  std::size_t at = 0;
  std::size_t wire = 0;
  while (at < input.size()) {
    if (state_ == state::data) {
      const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size() - at));
      at += taken;
      wire = at;
      left_ -= taken;
      if (left_ == 0) state_ = state::data_cr;
      continue;
    }
    const bool of_trailers = in_trailers();
    if (!of_trailers && overhead_left_-- == 0) return {at, wire, status::too_large};
    const status what = take(input[at]);
    if (what != status::needs_more && what != status::done) return {at, wire, what};
    ++at;
    if (!of_trailers) wire = at;
    if (what == status::done) return {at, wire, what};
  }
  return {at, wire, status::needs_more};
}

body_scanner::progress body_scanner::scan_content(std::string_view input) noexcept {
  const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
  left_ -= taken;
  return {taken, taken, left_ == 0 ? status::done : status::needs_more};
}

body_scanner::status body_scanner::take(char next) noexcept {
  switch (state_) {
    case state::size: return take_size(next);
    case state::size_or_end:
      if (next == '\r') return go_to(state::size_lf);
      if (next == ';') return go_to(state::extension);
      return take_size(next);
    case state::size_lf:
      digits_ = 0;
      room_ -= left_;
      if (left_ != 0) return expect(next, '\n', state::data);
      extras_ = 0;  // trailers have a limit of their own
      return expect(next, '\n', state::trailer_or_end);
    case state::data_cr: return expect(next, '\r', state::data_lf);
    case state::data_lf: return expect(next, '\n', state::size);
    case state::trailer_or_end:
      if (next == '\r') return go_to(state::end_lf);
      state_ = state::trailer;
      return take_trailer(next);
    case state::trailer: return next == '\r' ? go_to(state::trailer_lf) : take_trailer(next);
    case state::trailer_lf: return expect(next, '\n', state::trailer_or_end);
    case state::end_lf: return next == '\n' ? status::done : status::malformed;
    case state::content:
    case state::data: return status::malformed;
    default: return take_extension(next);
  }
}

// ";name", ";name=token" or ";name=\"quoted\"", without spaces.
body_scanner::status body_scanner::take_extension(char next) noexcept {
  if (const status counted = count_extra(); counted != status::needs_more) return counted;
  switch (state_) {
    case state::extension: return is_token(next) ? go_to(state::extension_or_end) : status::malformed;
    case state::value:
      if (next == '"') return go_to(state::quoted);
      return is_token(next) ? go_to(state::value_or_end) : status::malformed;
    case state::quoted:
      if (next == '"') return go_to(state::quoted_end);
      if (next == '\\') return go_to(state::escaped);
      return is_control(next) ? status::malformed : status::needs_more;
    case state::escaped: return is_control(next) ? status::malformed : go_to(state::quoted);
    default: break;  // the name, the value, or a quoted one may be over
  }
  if (next == '\r') return go_to(state::size_lf);
  if (next == ';') return go_to(state::extension);
  if (next == '=' && state_ == state::extension_or_end) return go_to(state::value);
  return is_token(next) && state_ != state::quoted_end ? status::needs_more : status::malformed;
}

body_scanner::status body_scanner::take_trailer(char next) noexcept {
  return is_control(next) ? status::malformed : count_extra();
}

body_scanner::status body_scanner::take_size(char digit) noexcept {
  const int value = hex_value(digit);
  if (value < 0 || ++digits_ > max_digits) return status::malformed;
  if (digits_ == 1) left_ = 0;
  left_ = left_ * 16 + static_cast<std::uint64_t>(value);
  state_ = state::size_or_end;
  return left_ > room_ ? status::too_large : status::needs_more;
}

body_scanner::status body_scanner::count_extra() noexcept {
  return ++extras_ > max_extras_ ? status::extras_too_large : status::needs_more;
}

body_scanner::status body_scanner::go_to(state next) noexcept {
  state_ = next;
  return status::needs_more;
}

body_scanner::status body_scanner::expect(char next, char wanted, state then) noexcept {
  return next == wanted ? go_to(then) : status::malformed;
}

}  // namespace nestcpp::detail
