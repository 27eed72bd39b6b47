#include <nestcpp/app/concurrency_limit_interceptor.hpp>

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/http/http_context.hpp>

#include <boost/asio/error.hpp>
#include <boost/json/object.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <mutex>

namespace nestcpp {

namespace {
constexpr logger log{"ConcurrencyLimit"};
}

struct concurrency_limit_interceptor::handler_limit {
  handler_limit(const concurrency_limit& options, const execution_context& context)
      : limiter{options}, class_name{context.get_class()}, handler_name{context.get_handler()} {}

  concurrency_limiter limiter;
  const std::string class_name, handler_name;
  std::atomic<std::uint64_t> refused{0};
  std::atomic<clock::rep> logged_at{0};
};

namespace {

// A call that has begun, which always ends: where nothing is known of it, as one that says nothing. It may be destroyed
// after the interceptor.
template <class Limit>
class under_way {
 public:
  explicit under_way(std::shared_ptr<Limit> limit) : limit_{std::move(limit)} {}
  under_way(const under_way&) = delete;
  ~under_way() {
    const auto now = clock::now();
    limit_->limiter.end(measured_ ? now - began_ : std::chrono::nanoseconds{-1}, now);
  }
  void measure() noexcept { measured_ = true; }

 private:
  std::shared_ptr<Limit> limit_;
  clock::time_point began_ = clock::now();
  bool measured_ = false;
};

bool is_cancellation(const std::exception_ptr& failure) noexcept {
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    return error.code() == boost::asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

}  // namespace

concurrency_limit_interceptor::concurrency_limit_interceptor(const concurrency_limit_options& options)
    : options_{options} {
  options_.limit.validate();
  if (options_.retry_after.count() < 0) {
    detail::refuse_value("concurrency_limit_options", "retry_after", options_.retry_after, "0 or more");
  }
}

task<reply> concurrency_limit_interceptor::intercept(execution_context& context, call_handler next) {
  const auto limit = limit_of(context);
  if (!limit->limiter.try_begin()) {
    if (!options_.dry_run) refuse(context, *limit);
    limit->refused.fetch_add(1, std::memory_order_relaxed);
    co_return co_await next.handle();
  }
  under_way call{limit};
  std::exception_ptr failure;
  try {
    reply answer = co_await next.handle();
    call.measure();
    co_return answer;
  } catch (...) {
    failure = std::current_exception();
  }
  if (!is_cancellation(failure)) call.measure();
  std::rethrow_exception(failure);
}

std::shared_ptr<concurrency_limit_interceptor::handler_limit> concurrency_limit_interceptor::limit_of(
    const execution_context& context) {
  const void* const key = context.get_handler().data();
  {
    const std::shared_lock lock{mutex_};
    if (const auto found = limits_.find(key); found != limits_.end()) return found->second;
  }
  const std::lock_guard lock{mutex_};
  auto& limit = limits_[key];
  if (!limit) limit = std::make_shared<handler_limit>(options_.limit, context);
  return limit;
}

void concurrency_limit_interceptor::refuse(execution_context& context, handler_limit& limit) const {
  limit.refused.fetch_add(1, std::memory_order_relaxed);
  const clock::rep now = clock::now().time_since_epoch().count();
  clock::rep last = limit.logged_at.load(std::memory_order_relaxed);
  constexpr clock::duration pause = std::chrono::seconds{1};
  if ((last == 0 || now - last >= pause.count()) && limit.logged_at.compare_exchange_strong(last, now)) {
    log.warn("{}.{} is overloaded: {} calls are under way, {} have been refused so far", limit.class_name,
             limit.handler_name, limit.limiter.under_way(), limit.refused.load(std::memory_order_relaxed));
  }
  if (context.get_type() == context_type::http) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(options_.retry_after).count();
    context.switch_to_http().response().headers.set("Retry-After", std::to_string(seconds));
  }
  throw http_exception{boost::json::object{{"statusCode", 503},
                                           {"message", "overloaded"},
                                           {"error", http_status_title(503)},
                                           {"retryAfterMs", options_.retry_after.count()}},
                       503};
}

std::vector<metric_sample> concurrency_limit_interceptor::metrics() const {
  std::vector<metric_sample> samples;
  const std::shared_lock lock{mutex_};
  for (const auto& [key, limit] : limits_) {
    const auto add = [&](std::string name, double value, metric_kind kind) {
      samples.push_back({"nestcpp_server_" + std::move(name),
                         {{"class", limit->class_name}, {"handler", limit->handler_name}},
                         value,
                         kind});
    };
    add("concurrency_limit", limit->limiter.limit(), metric_kind::gauge);
    add("concurrency_calls", limit->limiter.under_way(), metric_kind::gauge);
    add("shed_total", static_cast<double>(limit->refused.load(std::memory_order_relaxed)), metric_kind::counter);
  }
  return samples;
}

}  // namespace nestcpp
