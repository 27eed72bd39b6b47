#pragma once
/// @file nestcpp/app/cache_interceptor.hpp
/// @brief Answers a repeated call from memory: NestJS's CacheInterceptor.

#include <nestcpp/core/clock.hpp>
#include <nestcpp/pipeline/interceptor.hpp>
#include <nestcpp/pipeline/metadata.hpp>

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nestcpp {

/// Configured by the value of this type that a module provides; without one these defaults.
struct cache_options {
  std::chrono::milliseconds ttl{5000};  ///< How long an answer is kept; 0: not at all. Default: 5 s, as NestJS's.
  std::size_t max_entries = 1000;       ///< The one asked for longest ago goes first. Default: 1000.
};

namespace detail {
struct cache_key_value {
  std::string_view key;
};
struct cache_ttl_value {
  std::chrono::milliseconds ttl;
};
}  // namespace detail

/// NestJS's `@CacheKey(key)`: all calls of the handler share one answer, whatever their payload or URL. An option of
/// decorators: `NEST_GET(rates, "/rates", use_interceptors<nest::cache_interceptor>(), nest::cache_key("rates"))`.
/// @param key a literal; handlers with the same key share their answers
[[nodiscard]] constexpr auto cache_key(std::string_view key) { return set_metadata(detail::cache_key_value{key}); }
/// NestJS's `@CacheTTL(ttl)`: how long the answers of a handler or controller are kept.
[[nodiscard]] constexpr auto cache_ttl(std::chrono::milliseconds ttl) {
  return set_metadata(detail::cache_ttl_value{ttl});
}

/// `use_interceptors<cache_interceptor>()`: keeps what handlers answer under method and URL of a GET (of HTTP only GET
/// is cached), or under handler and payload of a message with a reply. What inner interceptors, pipes and the handler
/// throw is not kept, nor are streams, nor the absence of a value, nor answers of HTTP with another status than the
/// route's. Headers that the handler sets are not kept. The key does not know who calls: guards still run, but answers
/// that depend on the caller must not stand behind it, or override `key`.
///
/// One cache for each module that names it (as all interceptors), in this process's memory.
/// @par Thread safety Safe; one lock for a look-up and one for an insertion.
class cache_interceptor : public interceptor {
 public:
  /// @throws startup_error for a negative ttl or no entries
  explicit cache_interceptor(const cache_options& options);
  task<reply> intercept(execution_context& context, call_handler next) override;

  /// Forgets all answers.
  void clear();
  [[nodiscard]] std::size_t size() const;

 protected:
  /// NestJS's trackBy. nullopt: the call is not cached.
  [[nodiscard]] virtual std::optional<std::string> key(execution_context& context) const;

 private:
  struct entry {
    std::string key;
    reply answer;
    clock::time_point until;
  };

  [[nodiscard]] std::optional<reply> find(const std::string& key);
  void keep(std::string key, const reply& answer, std::chrono::milliseconds ttl);

  cache_options options_;
  mutable std::mutex mutex_;
  std::list<entry> entries_;  // the one asked for last in front
  std::unordered_map<std::string_view, std::list<entry>::iterator> by_key_;
};

}  // namespace nestcpp
