#include "messaging/call_verdict.hpp"

#include "messaging/log_limit.hpp"

#include <nestcpp/core/log.hpp>
#include <nestcpp/resilience/rejections.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cmath>

namespace nestcpp::detail {

namespace {

constexpr logger log{"Client"};

std::optional<double> number_of(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double number = value->to_number<double>();
  return std::isfinite(number) ? std::optional{number} : std::nullopt;
}

// As a service's code may have it: `retryAfterMs` of more than a day is as good as one of a day.
std::optional<std::chrono::milliseconds> pushback_of(const boost::json::object& error) {
  const auto asked = number_of(error, "retryAfterMs");
  if (!asked) return std::nullopt;
  constexpr double day = 24.0 * 3600 * 1000;
  if (*asked < 0) return std::chrono::milliseconds{-1};
  return std::chrono::milliseconds{static_cast<std::int64_t>(std::ceil(std::min(*asked, day)))};
}

// What NestJS and nestcpp answer for an exception that nobody expected.
bool is_internal_error(const boost::json::object& error) {
  const auto* message = error.if_contains("message");
  const auto* status = error.if_contains("status");
  return status != nullptr && *status == "error" && message != nullptr && *message == "Internal server error";
}

log_limit predicate_lines;

// What a function of the application's says of an answer; one that throws has said nothing. The call goes on as if
// there were none: attempts beside it are under way, and its caller waits for the service's answer, not for this.
std::optional<bool> asked(bool (*predicate)(const rpc_exception&), const char* name,
                          const rpc_exception& error) noexcept {
  if (predicate == nullptr) return std::nullopt;
  const auto tell = [name](const char* why) {
    if (predicate_lines.may_log()) log.warn("{} has thrown, so the default decides: {}", name, why);
  };
  try {
    return predicate(error);
  } catch (const std::exception& thrown) {
    tell(thrown.what());
  } catch (...) {
    tell("no std::exception");
  }
  return std::nullopt;
}

}  // namespace

call_verdict judge(const rpc_exception& error, const retry_rules& rules, const circuit_breaker* breaker) {
  call_verdict verdict{.result = call_result::refused, .circuit = circuit_outcome::success};
  const auto* object = error.error().if_object();
  int status = 0;
  bool overload = false;
  if (object != nullptr) {
    if (const auto told = number_of(*object, "statusCode"); told && *told >= 100 && *told <= 999) {
      status = static_cast<int>(*told);
    }
    verdict.pushback = pushback_of(*object);
    overload = status == 429 || verdict.pushback.has_value();
    if (overload || (status >= 400 && status < 500)) {
      verdict.circuit = circuit_outcome::ignored;
    } else if (status >= 500 || is_internal_error(*object)) {
      verdict.circuit = circuit_outcome::failure;
    }
  }
  if (breaker != nullptr) {
    if (const auto failed = asked(breaker->is_failure, "circuit_breaker's is_failure", error)) {
      verdict.circuit = *failed ? circuit_outcome::failure : circuit_outcome::success;
    }
  }
  verdict.accepted = !overload && status != 503;
  const bool listed = asked(rules.when, "retry's when", error).value_or(rules.statuses.contains(status));
  verdict.wears_budget = listed || verdict.pushback.has_value();
  verdict.repeatable = verdict.wears_budget && !(verdict.pushback && verdict.pushback->count() < 0);
  return verdict;
}

call_verdict judge(const std::exception_ptr& failure, const retry_rules& rules, const circuit_breaker* breaker) {
  try {
    std::rethrow_exception(failure);
  } catch (const rpc_exception& error) {
    return judge(error, rules, breaker);
  } catch (const call_rejected_exception&) {
    return {.result = call_result::rejected, .never_sent = true};
  } catch (const unavailable_exception& down) {
    return {.result = call_result::unavailable,
            .circuit = circuit_outcome::failure,
            .accepted = false,
            .repeatable = true,
            .never_sent = down.state() == unavailable_exception::request::never_sent,
            .wears_budget = true};
  } catch (const timeout_exception&) {
    return {.result = call_result::late,
            .circuit = circuit_outcome::failure,
            .accepted = false,
            .repeatable = true,
            .wears_budget = true};
  } catch (...) {
    return {};
  }
}

}  // namespace nestcpp::detail
