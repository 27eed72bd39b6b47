#include <nestcpp/dto/json_writer.hpp>

#include <nestcpp/dto/json_scan.hpp>
#include <nestcpp/dto/text.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace nestcpp {
namespace {

constexpr std::size_t longest_number = 32;

// ECMAScript's Number::toString.
template <class Float>
char* put_number(char* out, Float value) {
  const auto put = [&out](std::string_view text) { out = std::copy(text.begin(), text.end(), out); };
  if (!std::isfinite(value)) {
    put("null");
    return out;
  }
  if (value == 0) {
    *out++ = '0';  // also for -0
    return out;
  }
  if (std::abs(value) < Float{1e15f} && std::trunc(value) == value) {
    return std::to_chars(out, out + longest_number, static_cast<std::int64_t>(value)).ptr;
  }
  if (value < 0) {
    *out++ = '-';
    value = -value;
  }
  // The shortest digits that read back, as d.ddde±xx.
  char scientific[longest_number];
  const char* const from = scientific;
  const char* const end =
      std::to_chars(scientific, scientific + sizeof scientific, value, std::chars_format::scientific).ptr;
  const char* const mark = std::find(from, end, 'e');
  char digits[longest_number];
  const auto count = std::copy_if(from, mark, digits, [](char c) { return c != '.'; }) - digits;
  int exponent = 0;
  std::from_chars(mark + (mark[1] == '+' ? 2 : 1), end, exponent);
  const int point = exponent + 1;  // digits before the point
  const std::string_view all{digits, static_cast<std::size_t>(count)};
  if (point >= count && point <= 21) {
    put(all);
    out = std::fill_n(out, point - count, '0');
  } else if (point > 0 && point <= 21) {
    put(all.substr(0, static_cast<std::size_t>(point)));
    *out++ = '.';
    put(all.substr(static_cast<std::size_t>(point)));
  } else if (point > -6 && point <= 0) {
    put("0.");
    out = std::fill_n(out, -point, '0');
    put(all);
  } else {
    *out++ = all.front();
    if (count > 1) {
      *out++ = '.';
      put(all.substr(1));
    }
    *out++ = 'e';
    *out++ = exponent < 0 ? '-' : '+';
    out = std::to_chars(out, out + 4, std::abs(exponent)).ptr;
  }
  return out;
}

constexpr char hex[] = "0123456789abcdef";

}  // namespace

void json_writer::open(std::size_t wanted) {
  const std::size_t used = out_.size();
  out_.resize(used + wanted);
  at_ = out_.data() + used;
  end_ = out_.data() + out_.size();
}

void json_writer::grow(std::size_t bytes) {
  const std::size_t used = size();
  out_.resize(used + std::max(bytes + slack, used));
  at_ = out_.data() + used;
  end_ = out_.data() + out_.size();
}

void json_writer::string(std::string_view text) {
  ensure(text.size() + string_overhead);
  const char* p = text.data();
  const char* const end = p + text.size();
  *at_++ = '"';
#if defined(__SSE2__)
  // Copied and looked at in one go; what is not plain ends the run.
  if (text.size() >= 16) {
    while (end - p >= 16) {
      const __m128i bytes = detail::load_16(p);
      if (detail::special_mask(bytes) != 0) return string_slow(p, end);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(at_), bytes);
      p += 16;
      at_ += 16;
    }
    if (p != end) {
      const auto left = end - p;
      const __m128i bytes = detail::load_16(end - 16);
      if ((detail::special_mask(bytes) >> (16 - left)) != 0) return string_slow(p, end);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(at_ + left - 16), bytes);
      at_ += left;
    }
    *at_++ = '"';
    return;
  }
  // Two looks that overlap take in any size from one of them to two.
  const std::size_t size = text.size();
  if (size >= 8) {
    const __m128i first = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
    const __m128i last = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(end - 8));
    if (detail::special_mask(_mm_unpacklo_epi64(first, last)) != 0) return string_slow(p, end);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(at_), first);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(at_ + size - 8), last);
    at_[size] = '"';
    at_ += size + 1;
    return;
  }
  if (size >= 4) {
    int first = 0;
    int last = 0;
    std::memcpy(&first, p, 4);
    std::memcpy(&last, end - 4, 4);
    if (detail::special_mask(_mm_set_epi32(first, last, first, last)) != 0) return string_slow(p, end);
    std::memcpy(at_, &first, 4);
    std::memcpy(at_ + size - 4, &last, 4);
    at_[size] = '"';
    at_ += size + 1;
    return;
  }
#endif
  char* to = at_;
  while (p != end && !detail::is_special(*p)) *to++ = *p++;
  at_ = to;
  if (p != end) return string_slow(p, end);
  *at_++ = '"';
}

// Writes what is left of a string, with its closing quote.
void json_writer::string_slow(const char* p, const char* end) {
  constexpr std::size_t longest_escape = 6;
  while (p != end) {
    // Room for the rest, were it plain, and for one escape: the common text has few.
    ensure(static_cast<std::size_t>(end - p) + longest_escape + 1);
    const char* const stop = detail::find_special(p, p, end);
    std::memcpy(at_, p, static_cast<std::size_t>(stop - p));
    at_ += stop - p;
    p = stop;
    if (p == end) break;
    const auto byte = static_cast<unsigned char>(*p);
    if (byte < 0x80) {
      *at_++ = '\\';
      switch (byte) {
        case '"':
        case '\\': *at_++ = *p; break;
        case '\b': *at_++ = 'b'; break;
        case '\t': *at_++ = 't'; break;
        case '\n': *at_++ = 'n'; break;
        case '\f': *at_++ = 'f'; break;
        case '\r': *at_++ = 'r'; break;
        default:
          std::memcpy(at_, "u00", 3);
          at_[3] = hex[byte >> 4];
          at_[4] = hex[byte & 15];
          at_ += 5;
      }
      ++p;
    } else if (const int step = detail::utf8_step(p, end); step > 0) {
      std::memcpy(at_, p, static_cast<std::size_t>(step));
      at_ += step;
      p += step;
    } else if (detail::is_wtf8_surrogate(p, end)) {
      const unsigned code =
          0xd000u | (static_cast<unsigned char>(p[1]) & 0x3fu) << 6 | (static_cast<unsigned char>(p[2]) & 0x3fu);
      const char escape[] = {'\\', 'u', 'd', hex[code >> 8 & 15], hex[code >> 4 & 15], hex[code & 15]};
      std::memcpy(at_, escape, sizeof escape);
      at_ += sizeof escape;
      p += 3;
    } else {
      std::memcpy(at_, "\xef\xbf\xbd", 3);
      at_ += 3;
      p -= step;
    }
  }
  ensure(1);
  *at_++ = '"';
}

void json_writer::number(double value) {
  ensure(longest_number);
  at_ = put_number(at_, value);
}
void json_writer::number(float value) {
  ensure(longest_number);
  at_ = put_number(at_, value);
}
void json_writer::signed_number(std::int64_t value) {
  ensure(longest_number);
  at_ = std::to_chars(at_, at_ + longest_number, value).ptr;
}
void json_writer::unsigned_number(std::uint64_t value) {
  ensure(longest_number);
  at_ = std::to_chars(at_, at_ + longest_number, value).ptr;
}

void json_writer::value(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return null();
    case boost::json::kind::bool_: return boolean(value.get_bool());
    case boost::json::kind::int64: return signed_number(value.get_int64());
    case boost::json::kind::uint64: return unsigned_number(value.get_uint64());
    case boost::json::kind::double_: return number(value.get_double());
    case boost::json::kind::string: return string(value.get_string());
    case boost::json::kind::array: {
      raw('[');
      bool first = true;
      for (const auto& item : value.get_array()) {
        if (!first) raw(',');
        first = false;
        this->value(item);
      }
      return raw(']');
    }
    case boost::json::kind::object: {
      raw('{');
      bool first = true;
      for (const auto& entry : value.get_object()) {
        if (!first) raw(',');
        first = false;
        string(entry.key());
        raw(':');
        this->value(entry.value());
      }
      return raw('}');
    }
  }
}

void append_json_string(std::string& out, std::string_view text) {
  json_writer writer{out, text.size() + json_writer::string_overhead};
  writer.string(text);
}

void append_json_value(std::string& out, const boost::json::value& value) {
  json_writer writer{out, 64};
  writer.value(value);
}

void append_json_number(std::string& out, double value) {
  char text[longest_number];
  out.append(text, put_number(text, value));
}

}  // namespace nestcpp
