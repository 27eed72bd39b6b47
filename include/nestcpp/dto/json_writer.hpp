#pragma once
/// @file nestcpp/dto/json_writer.hpp
/// @brief JSON text as JavaScript's `JSON.stringify` gives it, appended to a string.

#include <nestcpp/dto/serialize_options.hpp>

#include <boost/json/value.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace nestcpp {

/// Appends JSON to a string. Values and punctuation are the caller's to order; `write_json` and DTOs do that.
///
/// Numbers are written as JavaScript does (`1e21` → `1e+21`, `-0` → `0`, NaN and infinities → `null`, shortest text
/// that reads back as the same number), integers with all their digits. Strings are escaped as `JSON.stringify` escapes
/// them; lone surrogates in WTF-8 become `\udxxx`, bytes that are no UTF-8 become U+FFFD.
/// @par Lifetime The string must outlive the writer and must not be touched until the writer is gone or `finish()`ed.
class json_writer {
 public:
  /// @param expected how many bytes are about to come, roughly: saves growing.
  /// @param options for DTOs; must outlive the writer
  explicit json_writer(std::string& out, std::size_t expected = 0,
                       const serialize_options& options = default_serialize_options)
      : out_{out}, at_{nullptr}, end_{nullptr}, options_{options} {
    open(expected + slack);
  }
  ~json_writer() { finish(); }
  json_writer(const json_writer&) = delete;
  json_writer& operator=(const json_writer&) = delete;

  /// Cuts the string to what has been written. Later writes go on there.
  void finish() {
    out_.resize(static_cast<std::size_t>(at_ - out_.data()));
    end_ = at_;
  }

  void raw(char c) {
    ensure(1);
    *at_++ = c;
  }
  /// Text that is JSON already.
  void raw(std::string_view json) {
    ensure(json.size());
    std::memcpy(at_, json.data(), json.size());
    at_ += json.size();
  }
  template <std::size_t N>
  void raw(const char (&json)[N]) {
    ensure(N - 1);
    std::memcpy(at_, json, N - 1);
    at_ += N - 1;
  }

  template <std::size_t N>
  void raw(const std::array<char, N>& json) {
    ensure(N);
    std::memcpy(at_, json.data(), N);
    at_ += N;
  }

  void null() { raw("null"); }
  void boolean(bool value) {
    if (value) {
      raw("true");
    } else {
      raw("false");
    }
  }
  void string(std::string_view text);
  void number(double value);
  void number(float value);
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  void number(Integer value) {
    if constexpr (std::signed_integral<Integer>) {
      signed_number(value);
    } else {
      unsigned_number(value);
    }
  }
  void value(const boost::json::value& value);

  [[nodiscard]] const serialize_options& options() const noexcept { return options_; }

  /// How many bytes the string holds so far; with `patch`, to change one of them afterwards.
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(at_ - out_.data()); }
  void patch(std::size_t index, char c) { out_[index] = c; }

  /// Bytes that writing one string may take beyond its own, as long as nothing has to be escaped.
  static constexpr std::size_t string_overhead = 2;

 private:
  static constexpr std::size_t slack = 32;

  void open(std::size_t wanted);
  void ensure(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - at_) < bytes) [[unlikely]]
      grow(bytes);
  }
  void grow(std::size_t bytes);
  void signed_number(std::int64_t value);
  void unsigned_number(std::uint64_t value);
  void string_slow(const char* p, const char* end);

  std::string& out_;
  char* at_;
  char* end_;
  const serialize_options& options_;
};

/// Appends `text` as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

/// Appends any JSON value; keys in the order the value has them.
void append_json_value(std::string& out, const boost::json::value& value);

/// Appends a number as JavaScript prints it; `null` for NaN and infinities.
void append_json_number(std::string& out, double value);

}  // namespace nestcpp
