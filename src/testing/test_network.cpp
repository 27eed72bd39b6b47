#include <nestcpp/testing/test_network.hpp>

#include "testing/network_state.hpp"

#include <nestcpp/messaging/pattern.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace nestcpp::testing {

namespace {

class network_connector final : public client_connector {
 public:
  explicit network_connector(detail::network_state& network) : network_{network} {}
  std::unique_ptr<client_proxy> connect(runtime& loops, std::string_view service,
                                        std::chrono::milliseconds timeout) override {
    return detail::make_network_client(
        network_.weak_from_this(),
        make_in_memory_client(loops, std::string{service}, network_.memory, std::string{service}, timeout));
  }

 private:
  detail::network_state& network_;
};

}  // namespace

test_network::test_network() : state_{std::make_shared<detail::network_state>()} {
  state_->connector = std::make_unique<network_connector>(*state_);
}
test_network::~test_network() = default;

in_memory_network& test_network::memory() noexcept { return state_->memory; }
client_connector& test_network::connector() noexcept { return *state_->connector; }

void test_network::announce(std::string service) {
  const std::lock_guard lock{state_->mutex};
  state_->services.insert(std::move(service));
}

void test_network::withdraw(std::string_view service) {
  const std::lock_guard lock{state_->mutex};
  if (const auto found = state_->services.find(service); found != state_->services.end()) state_->services.erase(found);
}

void test_network::set_stub(std::string_view pattern, std::function<task<reply>(std::string)> stub) {
  const std::lock_guard lock{state_->mutex};
  state_->stubs.insert_or_assign(route_of_text(pattern), std::move(stub));
}

std::vector<sent_message> test_network::sent() const {
  const std::lock_guard lock{state_->mutex};
  return state_->sent;
}

void test_network::clear_sent() {
  const std::lock_guard lock{state_->mutex};
  state_->sent.clear();
}

void test_network::clear_faults() {
  const std::lock_guard lock{state_->mutex};
  state_->faults.clear();
}

fault_builder test_network::fault_at(std::string_view service, std::string_view pattern) const {
  return {state_, std::string{service}, pattern.empty() ? std::string{} : route_of_text(pattern)};
}

std::vector<std::string> test_network::payloads(std::string_view pattern) const {
  const std::lock_guard lock{state_->mutex};
  return state_->payloads_of(route_of_text(pattern));
}

std::vector<std::string> test_network::wait_for(std::string_view pattern, std::size_t count, bool exactly,
                                                std::chrono::milliseconds patience) const {
  const std::string route = route_of_text(pattern);
  const auto limit = std::chrono::steady_clock::now() + patience;
  for (;;) {
    settle();
    std::unique_lock lock{state_->mutex};
    auto found = state_->payloads_of(route);
    if (found.size() == count || (found.size() > count && !exactly)) return found;
    if (found.size() > count || std::chrono::steady_clock::now() >= limit) {
      throw expectation_failed{fmt::format("expected {} {}× to be published{}, but it was {}×; published were: {}",
                                           route, count, exactly ? "" : " at least", found.size(), state_->summary())};
    }
    // Whoever brings it may need the loop of this thread.
    state_->published.wait_for(lock, std::chrono::milliseconds{5});
  }
}

std::vector<std::string> detail::network_state::payloads_of(const std::string& route) const {
  std::vector<std::string> found;
  for (const sent_message& each : sent) {
    if (each.pattern == route) found.push_back(each.payload);
  }
  return found;
}

std::string detail::network_state::summary() const {
  std::vector<std::pair<std::string, std::size_t>> counts;
  for (const sent_message& each : sent) {
    const auto known =
        std::find_if(counts.begin(), counts.end(), [&](const auto& one) { return one.first == each.pattern; });
    if (known == counts.end()) {
      counts.emplace_back(each.pattern, 1);
    } else {
      ++known->second;
    }
  }
  std::string text;
  for (const auto& [pattern, count] : counts) {
    text += fmt::format("{}{} {}×", text.empty() ? "" : ", ", pattern, count);
  }
  return text.empty() ? "none" : text;
}

detail::network_state::decision detail::network_state::decide(const std::string& service, std::string_view pattern,
                                                              const std::string& payload) {
  std::string route = route_of_text(pattern);
  const std::lock_guard lock{mutex};
  decision made{.is_served = services.contains(service)};
  for (detail::fault_rule& rule : faults) {
    if ((!rule.service.empty() && rule.service != service) || (!rule.route.empty() && rule.route != route)) continue;
    ++rule.seen;
    if (rule.seen < rule.first || rule.seen > rule.last) continue;
    made.fault.delay += rule.fault.delay;
    if (made.fault.what == detail::call_fault::kind::none) {
      made.fault.what = rule.fault.what;
      made.fault.failure = rule.fault.failure;
    }
  }
  if (const auto stub = stubs.find(route); stub != stubs.end()) made.stub = stub->second;
  sent.push_back({service, std::move(route), payload});
  published.notify_all();
  return made;
}

fault_builder::fault_builder(std::shared_ptr<detail::network_state> network, std::string service, std::string route)
    : network_{std::move(network)}, rule_{.service = std::move(service), .route = std::move(route)} {}

fault_builder& fault_builder::nth_call(std::size_t n) {
  if (n == 0) throw std::invalid_argument{"calls are counted from 1"};
  rule_.first = rule_.last = n;
  return *this;
}

fault_builder& fault_builder::first_calls(std::size_t n) {
  if (n == 0) throw std::invalid_argument{"calls are counted from 1"};
  rule_.last = n;
  return *this;
}

void fault_builder::add(detail::call_fault fault) {
  rule_.fault = std::move(fault);
  const std::lock_guard lock{network_->mutex};
  network_->faults.push_back(rule_);
}

void fault_builder::unavailable() {
  fail(unavailable_exception{rule_.service.empty() ? "the service" : rule_.service,
                             "it cannot be reached, says the test", unavailable_exception::request::never_sent});
}
void fault_builder::reply_error(boost::json::value error) {
  fail(rpc_exception{std::move(error), rpc_exception::origin::service});
}
void fault_builder::drop() { add({.what = detail::call_fault::kind::drop}); }
void fault_builder::disconnect() { add({.what = detail::call_fault::kind::disconnect}); }
void fault_builder::delay(std::chrono::nanoseconds by) { add({.delay = by}); }

void fault_points::set(std::string point, std::size_t n, std::exception_ptr error) {
  if (n == 0) throw std::invalid_argument{"calls are counted from 1"};
  const std::lock_guard lock{mutex_};
  const std::size_t number = calls_[point] + n;
  failures_.insert_or_assign({std::move(point), number}, std::move(error));
}

void fault_points::pass(const std::string& point) {
  std::exception_ptr failure;
  {
    const std::lock_guard lock{mutex_};
    if (const auto found = failures_.find({point, ++calls_[point]}); found != failures_.end()) failure = found->second;
  }
  if (failure) std::rethrow_exception(failure);
}

std::size_t fault_points::calls(const std::string& point) const {
  const std::lock_guard lock{mutex_};
  const auto found = calls_.find(point);
  return found == calls_.end() ? 0 : found->second;
}

}  // namespace nestcpp::testing
