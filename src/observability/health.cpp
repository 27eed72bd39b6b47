#include <nestcpp/observability/health.hpp>

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/core/with_deadline.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <exception>
#include <memory>

namespace nestcpp {

namespace {

constexpr logger log{"HealthCheckService"};

boost::json::object answer_of(std::string_view status, boost::json::object up, boost::json::object down) {
  boost::json::object details = up;
  for (const auto& each : down) details.insert(each);
  boost::json::object body;
  body.emplace("status", status);
  body.emplace("info", std::move(up));
  body.emplace("error", std::move(down));
  body.emplace("details", std::move(details));
  return body;
}

}  // namespace

indicator_result indicator_result::down(std::string_view message) {
  indicator_result result{false, {}};
  result.data.emplace("message", message);
  return result;
}

void health_check::add(std::string name, check_function check, indicator_options options) {
  if (std::any_of(indicators_.begin(), indicators_.end(), [&](const indicator& each) { return each.name == name; })) {
    throw startup_error{"two health indicators are named '" + name + "'"};
  }
  indicators_.push_back({std::move(name), std::move(check), options});
}

task<indicator_result> health_check::ask(const indicator& each) {
  indicator_result found;
  try {
    found = co_await with_deadline(each.check(), deadline::after(each.options.timeout));
  } catch (const deadline_exceeded&) {
    found = indicator_result::down("timeout of " + std::to_string(each.options.timeout.count()) + "ms exceeded");
  }
  if (!found.is_up && !each.options.required) found.is_up = found.is_degraded = true;
  co_return found;
}

// All indicators at a time, on one loop.
class health_check::round {
 public:
  round(std::size_t count, const boost::asio::any_io_executor& on)
      : found_(count), left_{count}, done_{on, boost::asio::steady_timer::time_point::max()} {}

  static task<std::vector<indicator_result>> run(const std::vector<indicator>& indicators) {
    const auto on = co_await boost::asio::this_coro::executor;
    const auto self = std::make_shared<round>(indicators.size(), on);
    for (std::size_t i = 0; i < indicators.size(); ++i) {
      boost::asio::co_spawn(on, ask(indicators[i]), [self, i](std::exception_ptr failure, indicator_result result) {
        self->found_[i] = std::move(result);
        if (failure && !self->failure_) self->failure_ = failure;
        if (--self->left_ == 0) self->done_.cancel();
      });
    }
    while (self->left_ > 0) {
      boost::system::error_code ended;
      co_await self->done_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
    }
    if (self->failure_) std::rethrow_exception(self->failure_);
    co_return std::move(self->found_);
  }

 private:
  std::vector<indicator_result> found_;
  std::size_t left_;
  std::exception_ptr failure_;
  boost::asio::steady_timer done_;
};

task<health_check::result> health_check::check() const {
  std::vector<indicator_result> results = co_await round::run(indicators_);
  boost::json::object up;
  boost::json::object down;
  bool degraded = false;
  for (std::size_t i = 0; i < results.size(); ++i) {
    indicator_result& found = results[i];
    degraded = degraded || found.is_degraded;
    found.data.erase("status");
    found.data.emplace("status", found.is_degraded ? "degraded" : found.is_up ? "up" : "down");
    (found.is_up ? up : down).emplace(indicators_[i].name, std::move(found.data));
  }
  const bool healthy = down.empty();
  if (!healthy) log.error("Health Check has failed! {}", boost::json::serialize(down));
  const bool stopping = is_shutting_down();
  const std::string_view status = stopping ? "shutting_down" : !healthy ? "error" : degraded ? "degraded" : "ok";
  co_return result{stopping || !healthy ? 503 : 200, answer_of(status, std::move(up), std::move(down))};
}

health_check::result health_check::check_live() const { return {200, answer_of("ok", {}, {})}; }

}  // namespace nestcpp
