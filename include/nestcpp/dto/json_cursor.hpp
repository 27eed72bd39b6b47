#pragma once
/// @file nestcpp/dto/json_cursor.hpp
/// @brief A pull scanner over JSON text: strict as JavaScript's `JSON.parse`, without a document and without copies.

#include <nestcpp/dto/json_scan.hpp>
#include <nestcpp/dto/rule_value.hpp>

#include <concepts>
#include <string>
#include <string_view>

namespace nestcpp {

/// Walks a text value by value. Every function that reads one value skips white space before it, and gives false where
/// the text is malformed or holds another kind; a failure is final: all later calls give false too.
///
///     json_cursor in{text};
///     std::string scratch;
///     std::string_view key, pattern;
///     if (!in.begin_object()) …
///     while (in.next_member(key, scratch)) {
///       if (key == "pattern") in.raw_value(pattern); else in.skip_value();
///     }
///     if (!in.at_end()) …   // also false after a failure
///
/// Differences to a document: a repeated key is met twice (the last one counts in JavaScript); no number is rounded.
/// @par Lifetime The text must outlive the cursor; views given out point into it or into the caller's scratch string.
class json_cursor {
 public:
  /// @param max_depth arrays and objects within one another.
  explicit json_cursor(std::string_view text, unsigned max_depth = 512) noexcept
      : in_{text.data(), text.data() + text.size(), max_depth}, at_{text.data()} {
    if (text.data() == nullptr) in_.begin = in_.end = at_ = "";
  }

  [[nodiscard]] bool failed() const noexcept { return at_ == nullptr; }
  /// Marks the text as unfit, for readers that find it so.
  bool fail() noexcept {
    at_ = nullptr;
    return false;
  }

  /// The kind the next value has by its first character; `undefined` where none begins.
  [[nodiscard]] json_kind peek() noexcept;

  bool begin_object() noexcept { return begin('{'); }
  /// Moves to the next member and gives its key, unescaped. False: the object ended, or a failure.
  bool next_member(std::string_view& key, std::string& scratch);
  bool begin_array() noexcept { return begin('['); }
  /// Moves to the next item. False: the array ended, or a failure.
  bool next_item() noexcept;

  /// Skips one value, strictly checking it.
  bool skip_value() noexcept;
  /// The next value's own text, strictly checked.
  bool raw_value(std::string_view& span) noexcept;

  /// Replaces `out` by the unescaped string. Lone surrogates arrive as three bytes (WTF-8), invalid UTF-8 as U+FFFD.
  bool read_string(std::string& out);
  /// The same as a view, without a copy where the text has no escapes and is ASCII.
  bool read_string(std::string_view& out, std::string& scratch);
  bool read_bool(bool& out) noexcept;
  bool read_null() noexcept;
  /// Numbers beyond a double's range become infinite, as in JavaScript.
  bool read_number(double& out) noexcept;
  /// Whole numbers (5.0 and 1e2 are some) that fit the type.
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  bool read_integer(Integer& out) noexcept {
    return start() && done(detail::read_integer(at_, in_, out));
  }

  /// Whether everything has been read and nothing but white space is left.
  [[nodiscard]] bool at_end() noexcept;
  /// What has not been read yet; empty after a failure.
  [[nodiscard]] std::string_view rest() const noexcept {
    return at_ == nullptr ? std::string_view{} : std::string_view{at_, static_cast<std::size_t>(in_.end - at_)};
  }

 private:
  bool begin(char bracket) noexcept;
  bool start() noexcept {
    if (at_ == nullptr) return false;
    at_ = detail::skip_space(at_, in_.end);
    return true;
  }
  bool done(const char* after) noexcept {
    at_ = after;
    first_ = false;
    return after != nullptr;
  }

  detail::json_input in_;
  const char* at_;
  bool first_ = false;  // the innermost bracket has just been opened
};

}  // namespace nestcpp
