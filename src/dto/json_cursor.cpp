#include <nestcpp/dto/json_cursor.hpp>

namespace nestcpp {

json_kind json_cursor::peek() noexcept {
  if (!start() || at_ == in_.end) return json_kind::undefined;
  switch (*at_) {
    case '"': return json_kind::string;
    case '{': return json_kind::object;
    case '[': return json_kind::array;
    case 't':
    case 'f': return json_kind::boolean;
    case 'n': return json_kind::null;
    case '-': return json_kind::number;
    default: return *at_ >= '0' && *at_ <= '9' ? json_kind::number : json_kind::undefined;
  }
}

bool json_cursor::begin(char bracket) noexcept {
  if (!start()) return false;
  if (at_ == in_.end || *at_ != bracket || in_.depth == 0) return fail();
  --in_.depth;
  ++at_;
  first_ = true;
  return true;
}

bool json_cursor::next_member(std::string_view& key, std::string& scratch) {
  if (!start()) return false;
  if (at_ == in_.end) return fail();
  if (*at_ == '}') {
    ++in_.depth;
    done(at_ + 1);
    return false;
  }
  if (!first_) {
    if (*at_ != ',') return fail();
    at_ = detail::skip_space(at_ + 1, in_.end);
  }
  bool ascii = false;
  if (!done(detail::read_text_view(at_, in_, key, scratch, ascii))) return false;
  at_ = detail::skip_space(at_, in_.end);
  if (at_ == in_.end || *at_ != ':') return fail();
  ++at_;
  return true;
}

bool json_cursor::next_item() noexcept {
  if (!start()) return false;
  if (at_ == in_.end) return fail();
  if (*at_ == ']') {
    ++in_.depth;
    done(at_ + 1);
    return false;
  }
  if (first_) {
    first_ = false;
    return true;
  }
  if (*at_ != ',') return fail();
  ++at_;
  return true;
}

bool json_cursor::skip_value() noexcept { return start() && done(detail::skip_value(at_, in_)); }

bool json_cursor::raw_value(std::string_view& span) noexcept {
  if (!start()) return false;
  const char* const from = at_;
  if (!skip_value()) return false;
  span = {from, static_cast<std::size_t>(at_ - from)};
  return true;
}

bool json_cursor::read_string(std::string& out) {
  bool ascii = false;
  return start() && done(detail::read_text(at_, in_, out, ascii));
}

bool json_cursor::read_string(std::string_view& out, std::string& scratch) {
  bool ascii = false;
  return start() && done(detail::read_text_view(at_, in_, out, scratch, ascii));
}

bool json_cursor::read_bool(bool& out) noexcept { return start() && done(detail::read_boolean(at_, in_, out)); }
bool json_cursor::read_null() noexcept { return start() && done(detail::read_null(at_, in_)); }
bool json_cursor::read_number(double& out) noexcept { return start() && done(detail::read_double(at_, in_, out)); }

bool json_cursor::at_end() noexcept { return start() && at_ == in_.end; }

}  // namespace nestcpp
