#pragma once
/// @file nestcpp/core/config.hpp
/// @brief Configuration from the process environment and `.env` files; everything that is wrong is reported at once.
///
/// nestcpp/dto/load_config.hpp reads whole structs; this is what it stands on, and the way for single values.
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
  /// `\n \r \t \" \\ \$`; quoted values may span lines. Variables in values are not expanded, unless
  /// `expand_variables()` is called.
  ///
  /// A file that cannot be read and lines that are no assignment are problems, which `config_reader::finish` reports.
  void add_file(const std::filesystem::path& path);
  /// The same, but a file that does not exist is fine.
  void add_default_file(const std::filesystem::path& path = ".env");
  /// The files that exist of `.env.<environment>.local`, `.env.local`, `.env.<environment>` and `.env`, of which each
  /// goes before those behind it; without an environment `.env.local` and `.env`.
  /// @param folder where they lie
  void add_default_files(std::string_view environment, const std::filesystem::path& folder = ".");
  /// Replaces `${NAME}` and `${NAME:-default}` in the values that files have given, as all files and the process say it
  /// (NestJS's expandVariables); what is not set or empty becomes the default, or nothing. Values in single quotes or
  /// backticks stay, and so does what follows `\$`. Call it once all files are added.
  ///
  /// Variables that refer to each other in a circle are a problem.
  void expand_variables();

  /// The value, unless it is empty.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  /// The same; where only `NAME_FILE` is set, the text of the file that it names, without the newline at its end, as
  /// containers hand out secrets.
  /// @param problems gets a line where both are set, and where the file cannot be read
  [[nodiscard]] std::optional<std::string> find_or_read(std::string_view name,
                                                        std::vector<std::string>& problems) const;
  [[nodiscard]] const std::vector<std::string>& problems() const noexcept { return problems_; }

 private:
  std::string expand(const std::string& name, std::vector<std::string_view>& path);

  std::map<std::string, std::string, std::less<>> values_;
  std::map<std::string, std::string, std::less<>> templates_;  // of files' values in which something is to be expanded
  std::vector<std::string> problems_;
};

namespace detail {
/// Whether a variable's name says that its text is a secret.
[[nodiscard]] bool is_secret_name(std::string_view name);
/// In quotes, on one line whatever it holds, cut where it is long; without the password of a URL.
[[nodiscard]] std::string quote_config_value(std::string_view value);
/// The value without the password of a URL.
[[nodiscard]] std::string mask_url_password(std::string_view value);
[[nodiscard]] std::optional<bool> parse_config_bool(std::string_view text);
/// `"a", "b" or "c"`.
[[nodiscard]] std::string list_of_texts(const std::vector<std::string_view>& names);
}  // namespace detail

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
    refuse(name, detail::list_of_texts(names));
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

  const config_source& source_;
  std::vector<std::string> problems_;
};

}  // namespace nestcpp
