#pragma once
/// @file nestcpp/core/log.hpp
/// @brief Logging with levels, a context name and the current request's id in every line; sinks are spdlog's, in `src/`.

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nestcpp {

enum class log_level : std::uint8_t { trace, debug, info, warn, error, fatal, off };
enum class log_format : std::uint8_t { pretty, json };

struct log_options {
  log_level level = log_level::info;  ///< Default: info.
  /// Default: pretty on a terminal, JSON elsewhere.
  std::optional<log_format> format{};
  /// The service's name, in every line; empty: left out.
  std::string service{};
};

/// Sets level and format of the process. Lines go to stdout; warn and above to stderr.
/// @par Thread safety Safe, but lines written meanwhile may have either form.
void configure_logging(const log_options& options);

/// Parses "debug" etc. (case-insensitive); nullopt for anything else.
[[nodiscard]] std::optional<log_level> parse_log_level(std::string_view text);

namespace detail {
[[nodiscard]] bool log_enabled(log_level level) noexcept;
void log_line(log_level level, std::string_view context, std::string_view message);
}  // namespace detail

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

/// A named logger: `nest::logger log{"UsersService"}; log.info("created {}", id);`. Cheap to make and to copy.
/// @par Thread safety Safe.
class logger {
 public:
  constexpr explicit logger(std::string_view context) : context_{context} {}  ///< @param context must outlive the logger

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
  [[nodiscard]] static bool enabled(log_level level) noexcept { return detail::log_enabled(level); }

 private:
  template <class... A>
  void write(log_level level, fmt::format_string<A...> text, A&&... args) const {
    if (!detail::log_enabled(level)) return;
    detail::log_line(level, context_, fmt::format(text, std::forward<A>(args)...));
  }

  std::string_view context_;
};

}  // namespace nestcpp
