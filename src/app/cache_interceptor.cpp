#include <nestcpp/app/cache_interceptor.hpp>

#include <nestcpp/core/deadline.hpp>
#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/http/http_context.hpp>
#include <nestcpp/messaging/rpc_context.hpp>

#include <utility>

namespace nestcpp {

cache_interceptor::cache_interceptor(const cache_options& options) : options_{options} {
  if (options_.ttl < std::chrono::milliseconds::zero()) {
    throw startup_error{"cache_options: ttl is negative; a duration of 0 or more is accepted"};
  }
  if (options_.max_entries == 0) {
    throw startup_error{"cache_options: max_entries is 0; a number of 1 or more is accepted"};
  }
}

std::optional<std::string> cache_interceptor::key(execution_context& context) const {
  const auto* named = context.metadata<detail::cache_key_value>();
  if (context.get_type() == context_type::http) {
    const http_request& request = context.switch_to_http().request();
    if (request.method() != http_method::get) return std::nullopt;
    if (named == nullptr) return "GET " + request.target();
    // Plain text is no answer to a message, nor JSON one to a request for text: they share no entry.
    return (context.replies_with_text() ? "text " : "") + std::string{named->key};
  }
  if (!context.switch_to_rpc().is_request()) return std::nullopt;
  if (named != nullptr) return std::string{named->key};
  std::string key{context.get_class()};
  key.append(".").append(context.get_handler()).append(" ").append(context.route()).append(" ");
  return key.append(context.payload_text());
}

task<reply> cache_interceptor::intercept(execution_context& context, call_handler next) {
  std::optional<std::string> wanted = key(context);
  if (!wanted) co_return co_await next.handle();
  if (std::optional<reply> known = find(*wanted)) co_return *std::move(known);
  const bool over_http = context.get_type() == context_type::http;
  const int status = over_http ? context.switch_to_http().response().status : 0;
  reply answer = co_await next.handle();
  const bool as_expected = !over_http || context.switch_to_http().response().status == status;
  if (as_expected && answer.has_value()) {
    const auto* own = context.metadata<detail::cache_ttl_value>();
    keep(*std::move(wanted), answer, own != nullptr ? own->ttl : options_.ttl);
  }
  co_return answer;
}

std::optional<reply> cache_interceptor::find(const std::string& key) {
  const std::lock_guard lock{mutex_};
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return std::nullopt;
  const auto at = found->second;
  if (clock::now() >= at->until) {
    by_key_.erase(found);
    entries_.erase(at);
    return std::nullopt;
  }
  entries_.splice(entries_.begin(), entries_, at);
  return at->answer;
}

void cache_interceptor::keep(std::string key, const reply& answer, std::chrono::milliseconds ttl) {
  if (ttl <= std::chrono::milliseconds::zero()) return;
  const deadline until = deadline::after(ttl);
  const std::lock_guard lock{mutex_};
  if (const auto found = by_key_.find(key); found != by_key_.end()) {  // two calls at a time: the later answer counts
    found->second->answer = answer;
    found->second->until = until.at();
    entries_.splice(entries_.begin(), entries_, found->second);
    return;
  }
  if (entries_.size() >= options_.max_entries) {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({std::move(key), answer, until.at()});
  by_key_.emplace(entries_.front().key, entries_.begin());
}

void cache_interceptor::clear() {
  const std::lock_guard lock{mutex_};
  by_key_.clear();
  entries_.clear();
}

std::size_t cache_interceptor::size() const {
  const std::lock_guard lock{mutex_};
  return entries_.size();
}

}  // namespace nestcpp
