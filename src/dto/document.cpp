#include <nestcpp/dto/detail/document.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace nestcpp::detail {
namespace {

// -0 is a double, as it is no integer; integers beyond 64 bits are doubles.
const char* read_number(const char* p, const json_input& in, boost::json::value& out, bool digits) {
  bool integral = false;
  const char* stop = skip_number(p, in.end, integral);
  if (stop == nullptr) return nullptr;
  if (integral && !(stop - p == 2 && p[0] == '-' && p[1] == '0')) {
    std::int64_t whole = 0;
    if (std::from_chars(p, stop, whole).ec == std::errc{}) {
      out = whole;
      return stop;
    }
    std::uint64_t large = 0;
    if (*p != '-' && std::from_chars(p, stop, large).ec == std::errc{}) {
      out = large;
      return stop;
    }
  }
  if (digits) {
    out.emplace_string() = std::string_view{p, static_cast<std::size_t>(stop - p)};
    return stop;
  }
  double value = 0;
  p = read_double(p, in, value);
  out = value;
  return p;
}

// Brackets within one another are bounded by in.depth.
const char* read_any(const char* p, const json_input& in, unsigned depth, boost::json::value& out, std::string& scratch,
                     bool digits) {
  p = skip_space(p, in.end);
  if (p == in.end) return nullptr;
  bool flag = false;
  switch (*p) {
    case '"': {
      std::string_view text;
      p = read_text_view(p, in, text, scratch, flag);
      if (p != nullptr) out.emplace_string() = text;
      return p;
    }
    case 't':
    case 'f':
      p = read_boolean(p, in, flag);
      out = flag;
      return p;
    case 'n': out = nullptr; return read_null(p, in);
    case '{':
    case '[': break;
    default: return read_number(p, in, out, digits);
  }
  if (depth == 0) return nullptr;
  const bool is_object = *p == '{';
  const char close = is_object ? '}' : ']';
  boost::json::object* object = is_object ? &out.emplace_object() : nullptr;
  boost::json::array* array = is_object ? nullptr : &out.emplace_array();
  p = skip_space(p + 1, in.end);
  if (p != in.end && *p == close) return p + 1;
  for (;;) {
    boost::json::value* slot = nullptr;
    if (is_object) {
      std::string_view key;
      p = read_text_view(p, in, key, scratch, flag);
      if (p == nullptr) return nullptr;
      p = skip_space(p, in.end);
      if (p == in.end || *p != ':') return nullptr;
      ++p;
      slot = &(*object)[key];
    } else {
      slot = &array->emplace_back(nullptr);
    }
    p = read_any(p, in, depth - 1, *slot, scratch, digits);
    if (p == nullptr) return nullptr;
    p = skip_space(p, in.end);
    if (p == in.end) return nullptr;
    if (*p == close) return p + 1;
    if (*p != ',') return nullptr;
    p = skip_space(p + 1, in.end);
  }
}

}  // namespace

const char* read_document(const char* p, const json_input& in, boost::json::value& out) {
  std::string scratch;
  return read_any(p, in, in.depth, out, scratch, false);
}

boost::json::value digits_document(std::string_view text) {
  const json_input in{text.data(), text.data() + text.size(), std::numeric_limits<unsigned>::max()};
  boost::json::value document;
  std::string scratch;
  if (read_any(in.begin, in, in.depth, document, scratch, true) == nullptr) document = nullptr;
  return document;
}

rule_value see(const boost::json::value& value) noexcept {
  rule_value seen;
  switch (value.kind()) {
    case boost::json::kind::null: seen.kind = json_kind::null; break;
    case boost::json::kind::bool_:
      seen.kind = json_kind::boolean;
      seen.boolean = value.get_bool();
      break;
    case boost::json::kind::int64:
      seen.kind = json_kind::number;
      seen.number = static_cast<double>(value.get_int64());
      break;
    case boost::json::kind::uint64:
      seen.kind = json_kind::number;
      seen.number = static_cast<double>(value.get_uint64());
      break;
    case boost::json::kind::double_:
      seen.kind = json_kind::number;
      seen.number = value.get_double();
      break;
    case boost::json::kind::string:
      seen.kind = json_kind::string;
      seen.text = value.get_string();
      break;
    case boost::json::kind::array:
      seen.kind = json_kind::array;
      seen.document = &value;
      seen.size = value.get_array().size();
      break;
    case boost::json::kind::object:
      seen.kind = json_kind::object;
      seen.size = value.get_object().size();
      break;
  }
  return seen;
}

bool see_span(std::string_view span, const json_input& in, rule_value& seen) {
  thread_local boost::json::value value;
  const json_input own{span.data(), span.data() + span.size(), in.depth};
  if (read_document(own.begin, own, value) == nullptr) return false;
  seen = see(value);
  return true;
}

}  // namespace nestcpp::detail
