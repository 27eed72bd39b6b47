#pragma once
/// @file nestcpp/core/log.hpp
/// @brief Logging with levels, a context name and the current request's id in every line.

#include <fmt/format.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace nestcpp {

/// NestJS's levels under C++ names: `trace` is its `verbose`, `info` its `log`; lines show NestJS's names.
enum class log_level : std::uint8_t { trace, debug, info, warn, error, fatal, off };
enum class log_format : std::uint8_t { pretty, json };

struct log_options {
  log_level level = log_level::info;  ///< Default: info.
  /// Default: pretty where stdout is a terminal, JSON elsewhere.
  std::optional<log_format> format{};
  /// The service's name, in every line; empty: left out.
  std::string service{};
};

/// Sets level and format of the process. Lines go to stdout; warn and above to stderr. Each is written at once, whole.
///
/// Pretty: `[service] pid  - 2026-11-22T21:54:35.342Z     LOG [Context] message request=id`, in colours on a terminal
/// unless `NO_COLOR` is set. JSON: one object a line, with the keys `level, pid, timestamp, service, context, message,
/// requestId` and those of `logger::with`, where `timestamp` is in milliseconds and empty texts are left out. Invalid
/// UTF-8 is shown as U+FFFD.
/// @par Thread safety Safe, but lines written meanwhile may have either form.
void configure_logging(const log_options& options);

/// Parses `trace` (or `verbose`), `debug`, `info` (or `log`), `warn`, `error`, `fatal`, `off`, in any case; nullopt for
/// anything else.
[[nodiscard]] std::optional<log_level> parse_log_level(std::string_view text);
/// Parses `pretty` and `json`, in any case; nullopt for anything else.
[[nodiscard]] std::optional<log_format> parse_log_format(std::string_view text);

/// A further key of a JSON line: `log.with({{"status", 201}, {"route", route}}).info("…")`.
struct log_field {
  log_field(std::string_view key, std::string_view text) : name{key}, value{text} {}
  log_field(std::string_view key, const char* text) : name{key}, value{std::string_view{text}} {}
  log_field(std::string_view key, const std::string& text) : name{key}, value{std::string_view{text}} {}
  log_field(std::string_view key, std::int64_t number) : name{key}, value{number} {}
  log_field(std::string_view key, int number) : name{key}, value{std::int64_t{number}} {}
  log_field(std::string_view key, double number) : name{key}, value{number} {}

  std::string_view name;
  std::variant<std::string_view, std::int64_t, double> value;
};

namespace detail {
inline constinit std::atomic<log_level> log_threshold{log_level::info};
[[nodiscard]] inline bool log_enabled(log_level level) noexcept {
  return level >= log_threshold.load(std::memory_order_relaxed);
}
// Never throw: a failing log line must not fail the request it reports.
void log_line(log_level level, std::string_view context, std::string_view message) noexcept;
void log_formatted(log_level level, std::string_view context, std::span<const log_field> fields, fmt::string_view text,
                   fmt::format_args args) noexcept;
}  // namespace detail

namespace detail {
/// Asked for the id where no `log_request_scope` is open; the pipeline tells it, so that lines of a call cost nothing
/// until they are written.
using request_id_source = std::string_view (*)() noexcept;
void set_request_id_source(request_id_source source) noexcept;
}  // namespace detail

/// The id of the request that this thread serves, by `log_request_scope` or by the call under way; empty outside of
/// both.
[[nodiscard]] std::string_view current_request_id() noexcept;

/// The request id that lines of this thread carry; restores the former one at the end of the scope.
/// Handlers need not use it: the framework sets it around every handler and at every resumption it drives.
class log_request_scope {
 public:
  /// @param id must outlive the scope.
  explicit log_request_scope(std::string_view id) noexcept;
  ~log_request_scope();
  log_request_scope(const log_request_scope&) = delete;
  log_request_scope& operator=(const log_request_scope&) = delete;

 private:
  std::string_view former_;
};

/// A named logger: `nest::logger log{"UsersService"}; log.info("created {}", id);`. Cheap to make and to copy. A line
/// below the level costs one relaxed load; its arguments are not formatted.
/// @par Thread safety Safe, also while static objects are destroyed.
class logger {
 public:
  /// @param context must outlive the logger
  constexpr explicit logger(std::string_view context) : context_{context} {}

  template <class... A>
  void trace(fmt::format_string<A...> text, A&&... args) const {
    write(log_level::trace, text, std::forward<A>(args)...);
  }
  template <class... A>
  void debug(fmt::format_string<A...> text, A&&... args) const {
    write(log_level::debug, text, std::forward<A>(args)...);
  }
  template <class... A>
  void info(fmt::format_string<A...> text, A&&... args) const {
    write(log_level::info, text, std::forward<A>(args)...);
  }
  template <class... A>
  void warn(fmt::format_string<A...> text, A&&... args) const {
    write(log_level::warn, text, std::forward<A>(args)...);
  }
  template <class... A>
  void error(fmt::format_string<A...> text, A&&... args) const {
    write(log_level::error, text, std::forward<A>(args)...);
  }
  template <class... A>
  void fatal(fmt::format_string<A...> text, A&&... args) const {
    write(log_level::fatal, text, std::forward<A>(args)...);
  }
  /// A logger whose lines have these keys in JSON, behind the others; pretty lines do not show them.
  /// @par Lifetime The statement that it is used in.
  [[nodiscard]] logger with(std::initializer_list<log_field> fields) const noexcept {
    logger made{context_};
    made.fields_ = fields.begin();
    made.field_count_ = fields.size();
    return made;
  }
  [[nodiscard]] static bool enabled(log_level level) noexcept { return detail::log_enabled(level); }

 private:
  template <class... A>
  void write(log_level level, fmt::string_view text, A&&... args) const {
    if (detail::log_enabled(level))
      detail::log_formatted(level, context_, {fields_, field_count_}, text, fmt::make_format_args(args...));
  }

  std::string_view context_;
  const log_field* fields_ = nullptr;
  std::size_t field_count_ = 0;
};

}  // namespace nestcpp
