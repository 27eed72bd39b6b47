#include <nestcpp/observability/health.hpp>

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>

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

void health_check::add(std::string name, check_function check) {
  if (std::any_of(indicators_.begin(), indicators_.end(), [&](const indicator& each) { return each.name == name; })) {
    throw startup_error{"two health indicators are named '" + name + "'"};
  }
  indicators_.push_back({std::move(name), std::move(check)});
}

task<health_check::result> health_check::check() const {
  boost::json::object up;
  boost::json::object down;
  for (const indicator& each : indicators_) {
    indicator_result found = co_await each.check();
    found.data.erase("status");
    found.data.emplace("status", found.is_up ? "up" : "down");
    (found.is_up ? up : down).emplace(each.name, std::move(found.data));
  }
  const bool healthy = down.empty();
  if (!healthy) log.error("Health Check has failed! {}", boost::json::serialize(down));
  const bool stopping = is_shutting_down();
  const std::string_view status = stopping ? "shutting_down" : healthy ? "ok" : "error";
  co_return result{stopping || !healthy ? 503 : 200, answer_of(status, std::move(up), std::move(down))};
}

health_check::result health_check::check_live() const { return {200, answer_of("ok", {}, {})}; }

}  // namespace nestcpp
