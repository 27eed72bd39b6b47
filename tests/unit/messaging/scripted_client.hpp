#pragma once
// A typed client whose service is a script, and time that a test moves: what its policies make of a call, attempt by
// attempt.

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/messaging/typed_client.hpp>
#include <nestcpp/testing/mock_clock.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace scripted {

namespace nest = nestcpp;
using namespace std::chrono_literals;
using milliseconds = std::chrono::milliseconds;
using never_or_maybe = nest::unavailable_exception::request;

// What the service does with an attempt.
using act = std::function<nest::task<nest::reply>(nest::call_options)>;

inline act answer(std::string json = "1") {
  return [json](nest::call_options) -> nest::task<nest::reply> { co_return nest::reply::from_text(json); };
}
inline act refuse(std::string err) {
  return [err](nest::call_options) -> nest::task<nest::reply> {
    throw nest::rpc_exception{boost::json::parse(err), nest::rpc_exception::origin::service};
    co_return nest::reply{};
  };
}
inline act down(never_or_maybe state = never_or_maybe::never_sent) {
  return [state](nest::call_options) -> nest::task<nest::reply> {
    throw nest::unavailable_exception{"scripted-service", "it is down", state};
    co_return nest::reply{};
  };
}
inline act keep_silent() {
  return [](nest::call_options options) -> nest::task<nest::reply> {
    co_await nest::sleep_for(*options.timeout);
    throw nest::timeout_exception{"scripted-service"};
  };
}
inline act after(milliseconds wait, act then) {
  return [wait, then](nest::call_options options) -> nest::task<nest::reply> {
    co_await nest::sleep_for(wait);
    co_return co_await then(options);
  };
}

class scripted_proxy final : public nest::client_proxy {
 public:
  struct attempt {
    nest::call_options options;
    milliseconds at;
  };

  explicit scripted_proxy(nest::testing::mock_clock* time) : time_{time} {}

  // The acts of the next attempts; the last one stays.
  std::vector<act> script{answer()};
  [[nodiscard]] std::vector<attempt> attempts() const {
    const std::lock_guard lock{mutex_};
    return attempts_;
  }
  // Attempts that were given up.
  [[nodiscard]] int cancelled() const {
    const std::lock_guard lock{mutex_};
    return cancelled_;
  }

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] milliseconds timeout() const noexcept override { return 5s; }
  nest::task<nest::reply> send_text(std::string, std::string, nest::call_options options) override {
    const act next = begin(options);
    try {
      co_return co_await next(options);
    } catch (const boost::system::system_error&) {
      const std::lock_guard lock{mutex_};
      ++cancelled_;
      throw;
    }
  }
  nest::stream<nest::reply> send_stream_text(std::string, std::string, nest::call_options options) override {
    const act next = begin(options);
    co_yield co_await next(options);
    co_yield co_await next(options);
  }
  nest::task<void> emit_text(std::string, std::string) override { co_return; }
  nest::task<void> emit_acknowledged_text(std::string pattern, std::string payload,
                                          nest::call_options options) override {
    co_await send_text(std::move(pattern), std::move(payload), options);
  }
  [[nodiscard]] std::optional<nest::client_status> status() const override { return std::nullopt; }
  [[nodiscard]] nest::client_status_subscription on_status(nest::client_status_listener) override { return {}; }
  nest::task<void> connect() override { co_return; }
  void close() override {}

 private:
  act begin(nest::call_options options) {
    const std::lock_guard lock{mutex_};
    const auto elapsed = time_ == nullptr ? nest::clock::duration{} : time_->elapsed();
    attempts_.push_back({options, std::chrono::duration_cast<milliseconds>(elapsed)});
    act next = script.front();
    if (script.size() > 1) script.erase(script.begin());
    return next;
  }

  std::string name_ = "scripted-service";
  nest::testing::mock_clock* time_;
  mutable std::mutex mutex_;
  std::vector<attempt> attempts_;
  int cancelled_ = 0;
};

class ScriptedClient final : public nest::typed_client {
 public:
  using typed_client::typed_client;
};

template <class... Options>
std::unique_ptr<ScriptedClient> make_client(scripted_proxy*& proxy, nest::testing::mock_clock* time,
                                            const Options&... options) {
  auto made = std::make_unique<scripted_proxy>(time);
  proxy = made.get();
  return std::make_unique<ScriptedClient>(std::move(made), nest::make_client_policy(options...));
}

// "1 after 300 ms", "refused …", "late …", "unavailable: …"
inline nest::task<std::string> describe(nest::testing::mock_clock& time, nest::task<nest::reply> call) {
  const auto began = time.now();
  std::string how;
  try {
    const nest::reply got = co_await std::move(call);
    how = got.text();
  } catch (const nest::rpc_exception& error) {
    how = "refused " + boost::json::serialize(error.error());
  } catch (const nest::timeout_exception&) {
    how = "late";
  } catch (const nest::circuit_open_exception&) {
    how = "circuit open";
  } catch (const nest::bulkhead_full_exception&) {
    how = "bulkhead full";
  } catch (const nest::rate_limited_exception&) {
    how = "rate limited";
  } catch (const nest::throttled_exception&) {
    how = "throttled";
  } catch (const nest::unavailable_exception&) {
    how = "unavailable";
  }
  co_return how + " after " + std::to_string(std::chrono::duration_cast<milliseconds>(time.now() - began).count()) +
      " ms";
}

class Scripted : public testing::Test {
 protected:
  Scripted() : loops_{{.io_threads = 1}} { loops_.start(); }
  ~Scripted() override {
    loops_.stop();
    loops_.join();
  }

  template <class... Options>
  void make(const Options&... options) {
    client_ = make_client(proxy_, &time_, options...);
  }
  std::future<std::string> start() { return start(client_->send_text("sum", "1")); }
  std::future<std::string> start(const nest::client_policy& call, std::string pattern = "sum") {
    return start(client_->send_text(std::move(pattern), "1", call));
  }
  std::future<std::string> start(nest::task<nest::reply> call) {
    auto started =
        boost::asio::co_spawn(loops_.loop(0).executor(), describe(time_, std::move(call)), boost::asio::use_future);
    time_.advance(0s);
    return started;
  }
  // Ends within a minute of the clock.
  std::string finish(std::future<std::string> call) {
    for (int i = 0; i < 600 && !ready(call); ++i) time_.advance(100ms);
    return call.get();
  }
  std::string run() { return finish(start()); }
  std::string run(const nest::client_policy& call, std::string pattern = "sum") {
    return finish(start(call, std::move(pattern)));
  }
  static bool ready(const std::future<std::string>& call) { return call.wait_for(0s) == std::future_status::ready; }

  std::vector<long> times() const {
    std::vector<long> at;
    for (const auto& each : proxy_->attempts()) at.push_back(each.at.count());
    return at;
  }
  std::size_t attempts() const { return proxy_->attempts().size(); }
  double value(std::string_view policy, std::string_view name, std::string_view call = {}) const {
    for (const auto& each : client_->policies()) {
      if (each.policy == policy && each.call == call) return each.value(name);
    }
    return -1;
  }

  nest::testing::mock_clock time_;
  nest::runtime loops_;
  scripted_proxy* proxy_ = nullptr;
  std::unique_ptr<ScriptedClient> client_;
};

// Options as NEST_CLIENT has them.
using namespace nest::client_options;
inline constexpr nest::exponential_backoff plain_backoff{.attempts = 3, .jitter = nest::backoff_jitter::none};

}  // namespace scripted
