#include <nestcpp/messaging/envelope.hpp>

#include "messaging/json_scan.hpp"

#include <nestcpp/dto/json_error.hpp>
#include <nestcpp/dto/json_scan.hpp>

namespace nestcpp {
namespace {

// Calls `visit(key, value)` for each member of the object in `text`; `whole` is the value without white space. Other
// values have no members. False if `text` is not JSON.
template <class Visit>
bool for_each_member(std::string_view text, std::string_view& whole, Visit visit) {
  const char* const end = text.data() + text.size();
  const char* const begin = detail::skip_space(text.data(), end);
  if (begin == end || *begin != '{') {
    whole = detail::trim_json(text);
    return !whole.empty();
  }
  const char* at = detail::skip_space(begin + 1, end);
  if (at != end && *at == '}') {
    ++at;
  } else {
    const detail::json_input in{.begin = text.data(), .end = end, .depth = 0};
    std::string unescaped;
    for (;;) {
      if (at == end || *at != '"') return false;
      const char* const name = at + 1;
      if ((at = detail::skip_string(at, in)) == nullptr) return false;
      std::string_view key{name, static_cast<std::size_t>(at - name - 1)};
      if (key.find('\\') != std::string_view::npos) key = unescaped = detail::unquote_json({name - 1, at});
      at = detail::skip_space(at, end);
      if (at == end || *at != ':') return false;
      const char* const value = detail::skip_space(at + 1, end);
      if ((at = detail::skip_json_value(value, end)) == nullptr) return false;
      visit(key, std::string_view{value, static_cast<std::size_t>(at - value)});
      at = detail::skip_space(at, end);
      if (at == end) return false;
      if (*at == '}') {
        ++at;
        break;
      }
      if (*at != ',') return false;
      at = detail::skip_space(at + 1, end);
    }
  }
  whole = {begin, static_cast<std::size_t>(at - begin)};
  return detail::skip_space(at, end) == end;
}

// What NestJS writes, in its order and without white space; whatever else there is, `for_each_member` reads.
class nestjs_order {
 public:
  explicit nestjs_order(std::string_view text) noexcept
      : in_{.begin = text.data(), .end = text.data() + text.size(), .depth = 0}, at_{text.data()} {}

  template <std::size_t N>
  bool take(const char (&literal)[N]) noexcept {
    if (!detail::starts_with(at_, in_.end, literal)) return false;
    at_ += N - 1;
    return true;
  }
  bool take_value(std::string_view& value) {
    const char* const stop = detail::skip_json_value(at_, in_.end);
    if (stop == nullptr) return false;
    value = {at_, static_cast<std::size_t>(stop - at_)};
    at_ = stop;
    return true;
  }
  [[nodiscard]] bool at_end() const noexcept { return at_ == in_.end; }

 private:
  detail::json_input in_;
  const char* at_;
};

bool scan_usual_request(std::string_view text, request_envelope& out) {
  nestjs_order in{text};
  return in.take("{\"pattern\":") && in.take_value(out.pattern) && in.take(",\"data\":") && in.take_value(out.data) &&
         (!in.take(",\"metadata\":") || in.take_value(out.metadata)) &&
         (!in.take(",\"id\":") || in.take_value(out.id)) && in.take("}") && in.at_end();
}

bool scan_usual_reply(std::string_view text, reply_envelope& out) {
  nestjs_order in{text};
  if (!in.take("{\"response\":") || !in.take_value(out.response)) return false;
  out.is_disposed = in.take(",\"isDisposed\":true");
  out.text = text;
  return in.take(",\"id\":") && in.take_value(out.id) && in.take("}") && in.at_end();
}

// JavaScript's truth of a JSON value.
bool is_truthy(std::string_view token) {
  if (token.empty() || token == "false" || token == "null" || token == "\"\"") return false;
  if (token.front() != '-' && (token.front() < '0' || token.front() > '9')) return true;
  double value{};
  const detail::json_input in{.begin = token.data(), .end = token.data() + token.size(), .depth = 0};
  return detail::read_double(in.begin, in, value) != nullptr && value != 0;
}

}  // namespace

bool scan_request(std::string_view text, request_envelope& out, std::string& error) {
  out = {};
  if (scan_usual_request(text, out)) return true;
  out = {};
  std::string_view whole;
  const bool json = for_each_member(text, whole, [&out](std::string_view key, std::string_view value) {
    if (key == "pattern") {
      out.pattern = value;
    } else if (key == "data") {
      out.data = value;
    } else if (key == "id") {
      out.id = value;
    } else if (key == "metadata") {
      out.metadata = value;
    }
  });
  if (!json) error = find_json_error(text).value_or(json_error{}).message;
  if (!json || out.external()) out = {};
  return json;
}

bool scan_reply(std::string_view text, reply_envelope& out, std::string& error, reply_rules rules) {
  out = {};
  if (scan_usual_reply(text, out)) return true;
  out = {};
  std::string_view is_disposed;
  bool unknown_key{false}, empty{true};
  const bool json = for_each_member(text, out.text, [&](std::string_view key, std::string_view value) {
    empty = false;
    if (key == "response") {
      out.response = value;
    } else if (key == "isDisposed") {
      is_disposed = value;
    } else if (key == "id") {
      out.id = value;
    } else if (key == "err") {
      out.err = value;
    } else if (key != "status") {
      unknown_key = true;
    }
  });
  if (!json) {
    out = {};
    error = find_json_error(text).value_or(json_error{}).message;
    return false;
  }
  out.is_disposed = is_truthy(is_disposed);
  out.failed = is_truthy(out.err);
  out.foreign =
      rules == reply_rules::v12 ? empty || unknown_key : out.response.empty() && out.err.empty() && is_disposed.empty();
  return true;
}

}  // namespace nestcpp
