// Logging's sinks. The only file that includes spdlog.

#include "core/log_capture.hpp"
#include "core/log_render.hpp"

#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>

#include <unistd.h>

namespace nestcpp {

namespace {

// Trivially destructible, so that lines of a thread's last destructors can still read it.
thread_local std::string_view request_id;
std::atomic<detail::request_id_source> request_id_of_call{nullptr};

// Lines arrive rendered, so that the sink's lock is held for the write only.
class rendered : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& line, spdlog::memory_buf_t& out) override {
    out.append(line.payload.data(), line.payload.data() + line.payload.size());
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<rendered>(); }
};

bool wants_colours(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  return (no_color == nullptr || *no_color == '\0') && ::isatty(descriptor) != 0;
}

log_format default_format() { return ::isatty(STDOUT_FILENO) != 0 ? log_format::pretty : log_format::json; }

struct log_state {
  log_state() {
    out.set_formatter(std::make_unique<rendered>());
    err.set_formatter(std::make_unique<rendered>());
  }

  spdlog::sinks::stdout_sink_mt out;
  spdlog::sinks::stderr_sink_mt err;
  const bool out_colours = wants_colours(STDOUT_FILENO);
  const bool err_colours = wants_colours(STDERR_FILENO);
  std::atomic<log_format> format = default_format();
  std::mutex services_mutex;
  std::deque<std::string> services{{}};  // all there ever were: lines being written may still read a former one
  std::atomic<const std::string*> service = &services.front();
  std::mutex capture_mutex;
  std::atomic<detail::log_capture*> capture = nullptr;
};

// Never destroyed: static objects and detached threads may log until the very end of the process.
log_state& state() {
  static log_state& instance = *new log_state;
  return instance;
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

void write_line(log_level level, std::string_view context, std::string_view message,
                std::span<const log_field> fields = {}) {
  if (level >= log_level::off) return;
  log_state& log = state();
  const bool to_err = level >= log_level::warn;
  const detail::log_event event{.level = level,
                                .at = timestamp::now(),
                                .pid = ::getpid(),
                                .service = *log.service.load(std::memory_order_acquire),
                                .context = context,
                                .message = message,
                                .request_id = current_request_id(),
                                .fields = fields};
  const bool captured = log.capture.load(std::memory_order_acquire) != nullptr;
  std::string line;
  if (log.format.load(std::memory_order_relaxed) == log_format::json) {
    render_json(line, event);
  } else {
    render_pretty(line, event, !captured && (to_err ? log.err_colours : log.out_colours));
  }
  if (captured) {
    const std::lock_guard lock{log.capture_mutex};
    if (auto* capture = log.capture.load(std::memory_order_relaxed)) {
      line.pop_back();
      return capture->add(level, line);
    }
  }
  const spdlog::details::log_msg rendered_line{spdlog::string_view_t{}, spdlog::level::info,
                                               spdlog::string_view_t{line.data(), line.size()}};
  if (to_err) {
    log.err.log(rendered_line);
  } else {
    log.out.log(rendered_line);
  }
}

}  // namespace

void configure_logging(const log_options& options) {
  log_state& log = state();
  log.format.store(options.format.value_or(default_format()), std::memory_order_relaxed);
  {
    const std::lock_guard lock{log.services_mutex};
    if (options.service != log.services.back()) log.services.push_back(options.service);
    log.service.store(&log.services.back(), std::memory_order_release);
  }
  detail::log_threshold.store(options.level, std::memory_order_relaxed);
}

std::optional<log_level> parse_log_level(std::string_view text) {
  const std::string name = lower(text);
  if (name == "trace" || name == "verbose") return log_level::trace;
  if (name == "debug") return log_level::debug;
  if (name == "info" || name == "log") return log_level::info;
  if (name == "warn") return log_level::warn;
  if (name == "error") return log_level::error;
  if (name == "fatal") return log_level::fatal;
  if (name == "off") return log_level::off;
  return {};
}

std::optional<log_format> parse_log_format(std::string_view text) {
  const std::string name = lower(text);
  if (name == "pretty") return log_format::pretty;
  if (name == "json") return log_format::json;
  return {};
}

std::string_view current_request_id() noexcept {
  if (!request_id.empty()) return request_id;
  const auto source = request_id_of_call.load(std::memory_order_relaxed);
  return source == nullptr ? std::string_view{} : source();
}

void detail::set_request_id_source(request_id_source source) noexcept {
  request_id_of_call.store(source, std::memory_order_relaxed);
}

log_request_scope::log_request_scope(std::string_view id) noexcept : former_{request_id} { request_id = id; }
log_request_scope::~log_request_scope() { request_id = former_; }

namespace detail {

void log_line(log_level level, std::string_view context, std::string_view message) noexcept {
  try {
    write_line(level, context, message);
  } catch (...) {  // out of memory, or the stream is gone: there is nowhere left to say so
    std::fputs("nestcpp: a log line was lost\n", stderr);
  }
}

void log_formatted(log_level level, std::string_view context, std::span<const log_field> fields, fmt::string_view text,
                   fmt::format_args args) noexcept {
  try {
    write_line(level, context, fmt::vformat(text, args), fields);
  } catch (const std::exception& failure) {
    log_line(level, context, failure.what());
  } catch (...) {
    log_line(level, context, "a log line whose arguments could not be formatted");
  }
}

log_capture::log_capture(log_level level, log_format format)
    : former_level_{log_threshold.exchange(level, std::memory_order_relaxed)},
      former_format_{state().format.exchange(format, std::memory_order_relaxed)} {
  state().capture.store(this, std::memory_order_release);
}

log_capture::~log_capture() {
  const std::lock_guard lock{state().capture_mutex};
  state().capture.store(nullptr, std::memory_order_release);
  state().format.store(former_format_, std::memory_order_relaxed);
  log_threshold.store(former_level_, std::memory_order_relaxed);
}

std::vector<log_capture::line> log_capture::lines() const {
  const std::lock_guard lock{mutex_};
  return lines_;
}

bool log_capture::contains(std::string_view text) const {
  const std::lock_guard lock{mutex_};
  return std::ranges::any_of(lines_, [text](const line& l) { return l.text.find(text) != std::string::npos; });
}

void log_capture::add(log_level level, std::string_view text) {
  const std::lock_guard lock{mutex_};
  lines_.push_back({level, std::string{text}});
}

}  // namespace detail

}  // namespace nestcpp
