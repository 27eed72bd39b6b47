#include <nestcpp/messaging/frame.hpp>

#include "dto/utf8.hpp"

#include <nestcpp/dto/json_writer.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>
#include <optional>

namespace nestcpp {
namespace {

// An empty buffer above this is given back before the next read, so that one large frame does not hold memory for ever.
constexpr std::size_t kept_capacity{256 * 1024};
// `ddd#`: most packets have between 100 and 999 units.
constexpr std::size_t guessed_header{4};

// JavaScript's white space and line terminators at the front, as `parseInt` skips them.
std::string_view skip_js_whitespace(std::string_view text) {
  static constexpr std::string_view wide[]{"\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9",
                                           "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80", "\xEF\xBB\xBF"};
  for (;;) {
    if (text.empty()) return text;
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead == ' ' || (lead >= '\t' && lead <= '\r')) {
      text.remove_prefix(1);
      continue;
    }
    const auto found = std::ranges::find_if(wide, [&](std::string_view space) { return text.starts_with(space); });
    if (found != std::end(wide)) {
      text.remove_prefix(found->size());
    } else if (text.size() >= 3 && text.starts_with("\xE2\x80") && static_cast<unsigned char>(text[2]) >= 0x80 &&
               static_cast<unsigned char>(text[2]) <= 0x8A) {  // U+2000 to U+200A
      text.remove_prefix(3);
    } else {
      return text;
    }
  }
}

struct js_integer {
  std::string_view digits;
  bool negative;
};

// JavaScript's `parseInt(text, 10)` up to the value; nothing for NaN.
std::optional<js_integer> parse_int(std::string_view text) {
  text = skip_js_whitespace(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto size = std::min(text.find_first_not_of("0123456789"), text.size());
  if (size == 0) return std::nullopt;
  return js_integer{text.substr(0, size), negative};
}

std::string js_number(std::string_view digits) {
  double value{};
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec == std::errc::result_out_of_range) {
    value = std::numeric_limits<double>::infinity();
  }
  if (std::isinf(value)) return "Infinity";
  std::string text;
  append_json_number(text, value);
  return text;
}

void append_header(std::string& out, std::size_t units) {
  char header[24];
  char* end = std::to_chars(header, header + 20, units).ptr;
  *end++ = '#';
  out.append(header, end);
}

}  // namespace

std::span<char> frame_decoder::prepare(std::size_t n) {
  repaired_.clear();
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (capacity_ > kept_capacity && capacity_ / 4 > n) release_idle();
  }
  if (capacity_ - end_ < n) {
    const std::size_t live{end_ - begin_};
    if (live + n <= capacity_ && live <= begin_) {  // costs no more than what was consumed before
      std::memmove(memory_.get(), memory_.get() + begin_, live);
      begin_ = 0;
      end_ = live;
    } else {
      reserve(std::max(live + n, capacity_ + capacity_ / 2));
    }
  }
  return {memory_.get() + end_, capacity_ - end_};
}

void frame_decoder::reserve(std::size_t capacity) {
  const std::size_t live{end_ - begin_};
  if (begin_ == 0) {  // large blocks are remapped without copying
    auto* grown = static_cast<char*>(std::realloc(memory_.get(), capacity));
    if (grown == nullptr) throw std::bad_alloc{};
    static_cast<void>(memory_.release());
    memory_.reset(grown);
  } else {
    auto* fresh = static_cast<char*>(std::malloc(capacity));
    if (fresh == nullptr) throw std::bad_alloc{};
    std::memcpy(fresh, memory_.get() + begin_, live);
    memory_.reset(fresh);
    begin_ = 0;
    end_ = live;
  }
  capacity_ = capacity;
}

void frame_decoder::commit(std::size_t n) noexcept {
  if (error_ == frame_error::none) end_ += std::min(n, capacity_ - end_);
}

void frame_decoder::release_idle() noexcept {
  if (begin_ != end_) return;
  memory_.reset();
  capacity_ = begin_ = end_ = 0;
  repaired_.clear();
}

frame_decoder::status frame_decoder::next(std::string_view& text) {
  if (!in_body_) {
    if (take_plain(text)) return status::frame;
    if (error_ != frame_error::none) return status::error;
    if (const auto outcome = read_header(); outcome != status::frame) return outcome;
  }
  if (!scan_body()) return status::need_more;
  text = take_body();
  return status::frame;
}

// The usual frame: a few digits, all of it there, all of it ASCII.
bool frame_decoder::take_plain(std::string_view& text) noexcept {
  const char* const begin = memory_.get() + begin_;
  const char* const end = memory_.get() + end_;
  const char* at = begin;
  std::size_t length{0};
  for (unsigned digit{}; at != end && at - begin < 9 && (digit = static_cast<unsigned char>(*at) - '0') < 10; ++at) {
    length = length * 10 + digit;
  }
  if (at == begin || at == end || *at != '#') return false;
  ++at;
  if (length > max_units_ || length > static_cast<std::size_t>(end - at)) return false;
  if (detail::skip_ascii(at, at + length) != at + length) return false;
  text = {at, length};
  begin_ += static_cast<std::size_t>(at - begin) + length;
  scanned_ = 0;
  return true;
}

// `frame` when the header was consumed.
frame_decoder::status frame_decoder::read_header() {
  if (begin_ == end_) return status::need_more;
  const char* const begin = memory_.get() + begin_;
  const auto available = std::min<std::size_t>(end_ - begin_, max_header_size + 1);
  const auto* at = static_cast<const char*>(std::memchr(begin + scanned_, '#', available - scanned_));
  if (at == nullptr) {
    if (available > max_header_size) return fail(frame_error::corrupted_length, std::string{begin, available});
    scanned_ = available;
    return status::need_more;
  }
  const std::string_view header{begin, static_cast<std::size_t>(at - begin)};
  const auto value = parse_int(header);
  if (!value) return fail(frame_error::corrupted_length, std::string{header});
  std::uint64_t length{0};
  if (!value->negative) {
    const auto [_, range] = std::from_chars(value->digits.data(), value->digits.data() + value->digits.size(), length);
    if (range != std::errc{} || length > max_units_) {
      return fail(frame_error::max_length_exceeded, js_number(value->digits));
    }
  }
  begin_ += static_cast<std::size_t>(at + 1 - begin);
  scanned_ = 0;
  wanted_ = length;
  units_ = 0;
  in_body_ = true;
  return status::frame;
}

bool frame_decoder::hopeless() const noexcept {
  if (in_body_ || begin_ == end_) return false;
  const std::string_view header = skip_js_whitespace({memory_.get() + begin_, end_ - begin_});
  const auto is_digit = [&](std::size_t at) { return header[at] >= '0' && header[at] <= '9'; };
  if (header.empty() || static_cast<unsigned char>(header[0]) >= 0x80) return false;  // white space, or a part of one
  if (header[0] != '-' && header[0] != '+') return !is_digit(0);
  return header.size() > 1 && !is_digit(1);
}

// True when the body is complete: `scanned_` bytes.
bool frame_decoder::scan_body() noexcept {
  const char* at = memory_.get() + begin_ + scanned_;
  const char* const end = memory_.get() + end_;
  while (units_ < wanted_) {
    const auto possible = std::min<std::uint64_t>(static_cast<std::uint64_t>(end - at), wanted_ - units_);
    const char* const stop = detail::skip_ascii(at, at + possible);
    units_ += static_cast<std::uint64_t>(stop - at);
    at = stop;
    bool incomplete = at == end;
    while (units_ < wanted_ && at != end && static_cast<unsigned char>(*at) >= 0x80) {
      const auto part = detail::read_utf8_part(at, end);
      incomplete = part.cut_off;
      if (incomplete) break;
      ill_formed_ |= !part.well_formed;
      units_ += part.units();
      at += part.bytes;
      incomplete = at == end;
    }
    if (incomplete) break;
  }
  if (units_ > wanted_) {
    units_ = wanted_;
    split_pair_ = true;
  }
  scanned_ = static_cast<std::size_t>(at - (memory_.get() + begin_));
  return units_ == wanted_;
}

std::string_view frame_decoder::take_body() {
  std::string_view body{memory_.get() + begin_, scanned_};
  if (ill_formed_ || split_pair_) {
    auto& copy = repaired_.emplace_front();
    if (split_pair_) body.remove_suffix(4);
    detail::append_repaired_utf8(copy, body);
    if (split_pair_) copy += detail::replacement_character;
    body = copy;
  }
  begin_ += scanned_;
  scanned_ = 0;
  in_body_ = ill_formed_ = split_pair_ = false;
  return body;
}

frame_decoder::status frame_decoder::fail(frame_error error, std::string text) {
  error_ = error;
  if (error == frame_error::corrupted_length) {
    error_text_ = "Corrupted length value \"";
    detail::append_repaired_utf8(error_text_, text);
    error_text_ += "\" supplied in a packet";
  } else {
    error_text_ = fmt::format("The packet length ({}) exceeds the maximum allowed length", text);
  }
  begin_ = end_;  // texts taken before stay valid, so the memory stays as well
  scanned_ = 0;
  return status::error;
}

void append_frame(std::string& out, std::string_view json) {
  const auto measure = detail::measure_utf8(json);
  append_header(out, measure.units);
  if (measure.ill_formed) {
    detail::append_repaired_utf8(out, json);
  } else {
    out.append(json);
  }
}

frame_writer::frame_writer(std::string& out) : out_{&out}, start_{out.size()} { out.append(guessed_header, '#'); }

frame_writer::~frame_writer() {
  if (out_ != nullptr) out_->resize(start_);
}

std::string_view frame_writer::written() const noexcept {
  return std::string_view{*out_}.substr(start_ + guessed_header);
}

void frame_writer::finish() {
  auto& out = *out_;
  const auto measure = detail::measure_utf8(written());
  if (measure.ill_formed) {
    std::string repaired;
    detail::append_repaired_utf8(repaired, written());
    out.replace(start_ + guessed_header, std::string::npos, repaired);
  }
  char header[24];
  const auto size = static_cast<std::size_t>(std::to_chars(header, header + 20, measure.units).ptr - header) + 1;
  header[size - 1] = '#';
  if (size == guessed_header) {
    std::memcpy(out.data() + start_, header, guessed_header);
  } else {
    out.replace(start_, guessed_header, header, size);  // a wrong guess moves the body
  }
  out_ = nullptr;
}

}  // namespace nestcpp
