#include <nestcpp/dto/json_scan.hpp>

#include <nestcpp/dto/text.hpp>

#include <algorithm>
#include <limits>

namespace nestcpp::detail {
namespace {

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

// Four hex digits at p, or -1.
int hex_4(const char* p, const char* end) {
  if (end - p < 4) return -1;
  int value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = p[i];
    int digit = 0;
    if (is_digit(c)) {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else {
      return -1;
    }
    value = value * 16 + digit;
  }
  return value;
}

void append_code_point(std::string& out, unsigned code) {
  const auto put = [&out](unsigned byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | (code >> 6));
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3f));
    put(0x80 | ((code >> 6) & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

// p stands behind the backslash.
const char* read_escape(const char* p, const char* end, std::string& out) {
  if (p == end) return nullptr;
  switch (*p++) {
    case '"': out.push_back('"'); return p;
    case '\\': out.push_back('\\'); return p;
    case '/': out.push_back('/'); return p;
    case 'b': out.push_back('\b'); return p;
    case 'f': out.push_back('\f'); return p;
    case 'n': out.push_back('\n'); return p;
    case 'r': out.push_back('\r'); return p;
    case 't': out.push_back('\t'); return p;
    case 'u': break;
    default: return nullptr;
  }
  const int unit = hex_4(p, end);
  if (unit < 0) return nullptr;
  p += 4;
  auto code = static_cast<unsigned>(unit);
  if (unit >= 0xd800 && unit < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
    const int low = hex_4(p + 2, end);
    if (low >= 0xdc00 && low < 0xe000) {
      code = 0x10000u + ((code - 0xd800u) << 10) + (static_cast<unsigned>(low) - 0xdc00u);
      p += 6;
    }
  }
  append_code_point(out, code);
  return p;
}

}  // namespace

const char* skip_space_slow(const char* p, const char* end) noexcept {
  while (p != end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) ++p;
  return p;
}

const char* read_text_slow(const char* p, const char* stop, const json_input& in, std::string& out) {
  for (;;) {
    out.append(p, static_cast<std::size_t>(stop - p));
    p = stop;
    if (p == in.end) return nullptr;
    if (*p == '"') return p + 1;
    if (*p == '\\') {
      p = read_escape(p + 1, in.end, out);
      if (p == nullptr) return nullptr;
    } else if (static_cast<unsigned char>(*p) < 0x20) {
      return nullptr;
    } else {
      const char* const run = p;
      int step = 0;
      while (p != in.end && static_cast<unsigned char>(*p) >= 0x80 && (step = utf8_step(p, in.end)) > 0) p += step;
      out.append(run, static_cast<std::size_t>(p - run));
      if (step < 0) {
        out.append("\xef\xbf\xbd");
        p -= step;
      }
    }
    stop = find_special(p, in.begin, in.end);
  }
}

const char* skip_text(const char* p, const json_input& in) noexcept {
  for (;;) {
    p = find_special(p, in.begin, in.end);
    if (p == in.end) return nullptr;
    if (*p == '"') return p + 1;
    if (*p == '\\') {
      if (++p == in.end) return nullptr;
      if (*p == 'u') {
        if (hex_4(p + 1, in.end) < 0) return nullptr;
        p += 5;
      } else if (std::string_view{"\"\\/bfnrt"}.find(*p) != std::string_view::npos) {
        ++p;
      } else {
        return nullptr;
      }
    } else if (static_cast<unsigned char>(*p) < 0x20) {
      return nullptr;
    } else {
      while (p != in.end && static_cast<unsigned char>(*p) >= 0x80) ++p;
    }
  }
}

const char* skip_number(const char* p, const char* end, bool& integral) noexcept {
  integral = true;
  if (p != end && *p == '-') ++p;
  if (p == end || !is_digit(*p)) return nullptr;
  if (*p == '0') {
    ++p;
    if (p != end && is_digit(*p)) return nullptr;
  } else {
    while (p != end && is_digit(*p)) ++p;
  }
  if (p != end && *p == '.') {
    integral = false;
    ++p;
    if (p == end || !is_digit(*p)) return nullptr;
    while (p != end && is_digit(*p)) ++p;
  }
  if (p != end && (*p == 'e' || *p == 'E')) {
    integral = false;
    ++p;
    if (p != end && (*p == '+' || *p == '-')) ++p;
    if (p == end || !is_digit(*p)) return nullptr;
    while (p != end && is_digit(*p)) ++p;
  }
  return p;
}

namespace {

// Whether a number's magnitude is 1 or more, for one that is known to be far from 1. The text is a valid number.
bool is_huge(const char* p, const char* stop) {
  if (*p == '-') ++p;
  const char* const exponent = std::find_if(p, stop, [](char c) { return c == 'e' || c == 'E'; });
  const char* const point = std::find(p, exponent, '.');
  const char* const leading = std::find_if(p, exponent, [](char c) { return c != '0' && c != '.'; });
  // The decimal exponent of the leading digit.
  const auto own = leading < point ? point - leading - 1 : point - leading;
  long long power = 0;
  if (exponent != stop) {
    const char* digits = exponent + 1;
    if (*digits == '+') ++digits;
    const auto [rest, error] = std::from_chars(digits, stop, power);
    if (error != std::errc{}) return *digits != '-';
  }
  return power + own > 0;
}

template <class Float>
const char* read_floating(const char* p, const json_input& in, Float& out) noexcept {
  bool integral = false;
  const char* stop = skip_number(p, in.end, integral);
  if (stop == nullptr) return nullptr;
  const auto [rest, error] = std::from_chars(p, stop, out);
  if (error == std::errc::result_out_of_range) {
    out = is_huge(p, stop) ? std::numeric_limits<Float>::infinity() : Float{0};
    if (*p == '-') out = -out;
  }
  return stop;
}

}  // namespace

const char* read_double(const char* p, const json_input& in, double& out) noexcept { return read_floating(p, in, out); }
const char* read_float(const char* p, const json_input& in, float& out) noexcept { return read_floating(p, in, out); }

const char* skip_value(const char* p, const json_input& in, unsigned depth) noexcept {
  p = skip_space(p, in.end);
  if (p == in.end) return nullptr;
  bool ignored = false;
  switch (*p) {
    case '"': return skip_text(p + 1, in);
    case 't':
    case 'f': return read_boolean(p, in, ignored);
    case 'n': return read_null(p, in);
    case '{':
    case '[': break;
    default: return skip_number(p, in.end, ignored);
  }
  if (depth == 0) return nullptr;
  const bool object = *p == '{';
  const char close = object ? '}' : ']';
  p = skip_space(p + 1, in.end);
  if (p != in.end && *p == close) return p + 1;
  for (;;) {
    if (object) {
      if (p == in.end || *p != '"') return nullptr;
      p = skip_text(p + 1, in);
      if (p == nullptr) return nullptr;
      p = skip_space(p, in.end);
      if (p == in.end || *p != ':') return nullptr;
      ++p;
    }
    p = skip_value(p, in, depth - 1);
    if (p == nullptr) return nullptr;
    p = skip_space(p, in.end);
    if (p == in.end) return nullptr;
    if (*p == close) return p + 1;
    if (*p != ',') return nullptr;
    p = skip_space(p + 1, in.end);
  }
}

}  // namespace nestcpp::detail
