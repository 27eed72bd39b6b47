#pragma once
/// @file nestcpp/core/config.hpp
/// @brief Configuration from the process environment and `.env` files; everything that is wrong is reported at once.
///
/// @code
/// auto env = nest::config_source::from_process();
/// env.add_default_file(".env");
/// nest::config_reader read{env};
/// settings.port = read.port("HTTP_PORT", 4000);
/// settings.pool = read.integer("DB_POOL_SIZE", 10, {.min = 1, .max = 1000});
/// settings.timeout = read.milliseconds("CLIENT_TIMEOUT_MS", 5s, {.min = 1ms});
/// read.finish();  // throws config_error
/// @endcode

#include <nestcpp/core/exceptions.hpp>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

/// Every variable that cannot be used, in one message, a line each.
class config_error : public startup_error {
 public:
  explicit config_error(std::vector<std::string> problems);
  /// For example `HTTP_PORT="70000": a whole number from 0 to 65535 is accepted`.
  [[nodiscard]] const std::vector<std::string>& problems() const noexcept { return problems_; }

 private:
  std::vector<std::string> problems_;
};

/// Names and values. What was there first wins: the process environment over files, a file over those added later.
/// A name with an empty value counts as not set, and hides what a file says.
class config_source {
 public:
  config_source() = default;
  explicit config_source(std::map<std::string, std::string, std::less<>> values) : values_{std::move(values)} {}
  /// A copy of the environment as it is now.
  [[nodiscard]] static config_source from_process();

  /// Adds a file in dotenv syntax: `NAME=value` a line, optionally after `export`; comments from `#` at the start of a
  /// line or after a space; values in single quotes or backticks as they are, in double quotes with
  /// `\n \r \t \" \\ \$`; quoted values may span lines. Variables in values are not expanded.
  ///
  /// A file that cannot be read and lines that are no assignment are problems, which `config_reader::finish` reports.
  void add_file(const std::filesystem::path& path);
  /// The same, but a file that does not exist is fine.
  void add_default_file(const std::filesystem::path& path = ".env");

  /// The value, unless it is empty.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& problems() const noexcept { return problems_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::vector<std::string> problems_;
};

/// The inclusive limits of a number.
template <std::integral T>
struct number_limits {
  T min = std::numeric_limits<T>::min();
  T max = std::numeric_limits<T>::max();
};

/// The inclusive limits of a duration. Default: 0 to about 24 days, JavaScript's longest timer.
struct duration_limits {
  std::chrono::milliseconds min{0};
  std::chrono::milliseconds max{2'147'483'647};
};

/// Reads typed values. A value that cannot be used is noted, and the default returned; `finish()` throws all that was
/// noted. Texts whose name contains PASSWORD, SECRET, TOKEN or KEY are never shown.
class config_reader {
 public:
  /// @param source must outlive the reader.
  explicit config_reader(const config_source& source) : source_{source}, problems_{source.problems()} {}

  [[nodiscard]] bool is_set(std::string_view name) const { return source_.find(name).has_value(); }

  [[nodiscard]] std::string text(std::string_view name, std::string_view fallback) const;
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view name) const;
  /// Not set: a problem.
  [[nodiscard]] std::string required_text(std::string_view name);

  /// Decimal digits, with a `-` where negative numbers are allowed; nothing around them. The type follows the default.
  template <std::integral T>
  [[nodiscard]] T integer(std::string_view name, T fallback, std::type_identity_t<number_limits<T>> limits = {}) {
    constexpr auto largest = std::numeric_limits<std::int64_t>::max();
    const auto max = std::cmp_greater(limits.max, largest) ? largest : static_cast<std::int64_t>(limits.max);
    const auto min = std::cmp_greater(limits.min, largest) ? largest : static_cast<std::int64_t>(limits.min);
    const auto value = whole_number(name, min, max, "");
    return value ? static_cast<T>(*value) : fallback;
  }
  /// 0 to 65535; 0 stands for any free port.
  [[nodiscard]] std::uint16_t port(std::string_view name, std::uint16_t fallback) { return integer(name, fallback); }
  [[nodiscard]] std::chrono::milliseconds milliseconds(std::string_view name, std::chrono::milliseconds fallback,
                                                       duration_limits limits = {});
  /// true, false, 1, 0, yes, no, on or off, in any case.
  [[nodiscard]] bool boolean(std::string_view name, bool fallback);

  /// One of the texts, exactly.
  [[nodiscard]] std::string one_of(std::string_view name, std::initializer_list<std::string_view> accepted,
                                   std::string_view fallback);
  /// The value that stands beside one of the texts: `read.one_of("HTTP_ADAPTER", {{"beast", adapter::beast}}, …)`.
  template <class E>
    requires std::is_enum_v<E>
  [[nodiscard]] E one_of(std::string_view name,
                         std::type_identity_t<std::initializer_list<std::pair<std::string_view, E>>> accepted,
                         E fallback) {
    const auto value = source_.find(name);
    if (!value) return fallback;
    std::vector<std::string_view> names;
    for (const auto& [text, meaning] : accepted) {
      if (text == *value) return meaning;
      names.push_back(text);
    }
    refuse(name, list_of(names));
    return fallback;
  }
  /// What `parse(std::string_view)` makes of the value; nullopt is a problem.
  /// @param accepted completes "… is accepted", for example "a URL".
  template <class T, class Parse>
  [[nodiscard]] T parsed(std::string_view name, T fallback, Parse parse, std::string_view accepted) {
    const auto value = source_.find(name);
    if (!value) return fallback;
    if (auto result = parse(*value)) return T(*std::move(result));  // T may be an optional itself
    refuse(name, accepted);
    return fallback;
  }

  /// Notes that the value of `name` cannot be used; for what only the caller can judge.
  /// @param accepted completes "… is accepted".
  void refuse(std::string_view name, std::string_view accepted);

  /// @throws config_error if anything was noted, here or in the source.
  void finish() const;

 private:
  enum class shown { unless_secret, always };
  std::optional<std::int64_t> whole_number(std::string_view name, std::int64_t min, std::int64_t max,
                                           std::string_view unit);
  void note(std::string_view name, std::string_view accepted, shown value);
  static std::string list_of(const std::vector<std::string_view>& names);

  const config_source& source_;
  std::vector<std::string> problems_;
};

}  // namespace nestcpp
