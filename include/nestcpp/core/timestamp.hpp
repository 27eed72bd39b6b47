#pragma once
/// @file nestcpp/core/timestamp.hpp
/// @brief A moment in UTC with the resolution of a JavaScript `Date`: milliseconds.

#include <fmt/format.h>

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp {

/// Milliseconds since 1970-01-01T00:00:00Z. As text: `2026-11-22T21:54:35.342Z`.
class timestamp {
 public:
  using clock = std::chrono::system_clock;
  using duration = std::chrono::milliseconds;
  using time_point = std::chrono::time_point<clock, duration>;

  /// 1970-01-01T00:00:00.000Z.
  constexpr timestamp() = default;
  constexpr explicit timestamp(time_point at) : ms_{at.time_since_epoch().count()} {}

  [[nodiscard]] static timestamp now() { return timestamp{std::chrono::floor<duration>(clock::now())}; }
  [[nodiscard]] static constexpr timestamp from_unix_ms(std::int64_t ms) { return timestamp{time_point{duration{ms}}}; }

  [[nodiscard]] constexpr std::int64_t unix_ms() const { return ms_; }
  [[nodiscard]] constexpr time_point at() const { return time_point{duration{ms_}}; }

  /// What JavaScript's `toISOString()` gives: 24 characters for the years 0 to 9999, `±YYYYYY-…` beyond.
  [[nodiscard]] std::string to_iso8601() const;
  void append_to(std::string& out) const;

  /// Reads a date and time with a zone: what `append_to` writes, RFC 3339, and PostgreSQL's text of a `timestamptz`
  /// (`2026-11-22 21:54:35.342+00`). Seconds and their fraction may be missing; digits below a millisecond are cut off.
  /// nullopt for anything else: no zone, a date alone, a day that does not exist.
  [[nodiscard]] static std::optional<timestamp> parse_iso8601(std::string_view text);

  friend constexpr auto operator<=>(timestamp, timestamp) = default;
  friend constexpr timestamp operator+(timestamp a, duration b) { return from_unix_ms(a.ms_ + b.count()); }
  friend constexpr timestamp operator-(timestamp a, duration b) { return from_unix_ms(a.ms_ - b.count()); }
  friend constexpr duration operator-(timestamp a, timestamp b) { return duration{a.ms_ - b.ms_}; }

 private:
  std::int64_t ms_ = 0;
};

}  // namespace nestcpp

template <>
struct std::hash<nestcpp::timestamp> {
  std::size_t operator()(nestcpp::timestamp at) const noexcept { return std::hash<std::int64_t>{}(at.unix_ms()); }
};

template <>
struct fmt::formatter<nestcpp::timestamp> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(nestcpp::timestamp at, Context& context) const {
    return fmt::formatter<fmt::string_view>::format(at.to_iso8601(), context);
  }
};
