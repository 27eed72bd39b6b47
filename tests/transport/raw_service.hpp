#pragma once
// A service that a test plays by hand, byte by byte, and a client of it.

#include "support/nest_frames.hpp"
#include "support/socket.hpp"
#include "support/wait.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/stream.hpp>
#include <nestcpp/core/task.hpp>
#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/messaging/transports/tcp/tcp_client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace raw {

namespace nest = nestcpp;
using namespace std::chrono_literals;
using support::eventually;

// A request as it came.
struct request {
  std::string text;
  boost::json::object packet;

  [[nodiscard]] std::string id() const { return boost::json::serialize(packet.at("id")); }
};

// One connection of the client.
class peer {
 public:
  explicit peer(support::tcp_stream stream) : stream_{std::move(stream)} {}

  // Waits for the next packet, request or event.
  request receive() {
    for (;;) {
      if (auto text = frames_.next()) return {*text, boost::json::parse(*text).as_object()};
      const std::string bytes = stream_.receive();
      if (bytes.empty()) throw std::runtime_error{"the client has closed"};
      frames_.append(bytes);
    }
  }
  // @param body the reply with $ for the id
  void answer(const request& to, std::string body) {
    if (const auto at = body.find('$'); at != std::string::npos) body.replace(at, 1, to.id());
    stream_.send(support::to_frame(body));
  }
  // Has the client closed?
  [[nodiscard]] bool closed(std::chrono::milliseconds limit = support::patience) {
    try {
      while (!stream_.receive(limit).empty()) {
      }
      return true;
    } catch (const std::system_error& error) {
      return error.code() != std::errc::timed_out;
    }
  }
  support::tcp_stream& stream() { return stream_; }

 private:
  support::tcp_stream stream_;
  support::frame_reader frames_;
};

inline std::string status_text(nest::client_status status) { return std::string{to_string(status)}; }

// The statuses that a client told.
class status_log {
 public:
  void note(nest::client_status status) {
    const std::lock_guard lock{mutex_};
    seen_.push_back(status_text(status));
  }
  [[nodiscard]] std::vector<std::string> all() const {
    const std::lock_guard lock{mutex_};
    return seen_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> seen_;
};

class RawService : public testing::Test {
 protected:
  RawService() { loops_.start(); }
  ~RawService() override {
    end_loops();
    client_.reset();
  }

  // For tests with loops of their own, before those go: one of these may still be waking one of them.
  void end_loops() {
    if (client_) client_->close();
    loops_.stop();
    loops_.join();
  }

  // Options for a client of the listener.
  [[nodiscard]] nest::tcp_client_options options() const {
    nest::tcp_client_options made{.host = "127.0.0.1", .port = port_, .timeout = 10s};
    return made;
  }
  nest::client_proxy& connect_to(nest::tcp_client_options to) {
    client_ = nest::make_tcp_client(loops_, "raw-service", std::move(to));
    return *client_;
  }
  nest::client_proxy& client() { return client_ ? *client_ : connect_to(options()); }

  template <class T>
  std::future<T> start(nest::task<T> work) {
    return boost::asio::co_spawn(loops_.loop(0).executor(), std::move(work), boost::asio::use_future);
  }
  std::future<nest::reply> send(std::string pattern = "sum", nest::call_options how = {}) {
    return start(client().send_text(std::move(pattern), "1", how));
  }
  template <class T>
  static T get(std::future<T> result) {
    if (result.wait_for(support::patience) != std::future_status::ready) {
      ADD_FAILURE() << "a call hangs";
      std::abort();
    }
    return result.get();
  }
  // Reads a stream to its end: "1, 2, undefined" and how it ended: "" or as outcome() says.
  static nest::task<std::string> read_all(nest::stream<nest::reply> values) {
    std::string seen;
    const auto note = [&seen](const std::string& what) { seen += (seen.empty() ? "" : ", ") + what; };
    try {
      while (const auto value = co_await values.next()) note(value->has_value() ? value->text() : "undefined");
      note("end");
    } catch (const nest::rpc_exception& refused) {
      note("refused: " + boost::json::serialize(refused.error()));
    } catch (const nest::timeout_exception&) {
      note("late");
    } catch (const nest::client_exception& down) {
      note(std::string{"failed: "} + down.what());
    }
    co_return seen;
  }
  std::future<std::string> stream(std::string pattern = "sum", nest::call_options how = {}) {
    return start(read_all(client().send_stream_text(std::move(pattern), "1", how)));
  }

  // "value: …", "no value", "refused: …", "late", or "unavailable: …"
  static std::string outcome(std::future<nest::reply> call) {
    try {
      const nest::reply answer = get(std::move(call));
      return answer.has_value() ? "value: " + answer.text() : "no value";
    } catch (const nest::rpc_exception& refused) {
      return "refused: " + boost::json::serialize(refused.error());
    } catch (const nest::timeout_exception&) {
      return "late";
    } catch (const nest::unavailable_exception& down) {
      return std::string{"unavailable: "} + down.what();
    }
  }

  std::optional<support::tcp_stream> try_accept(std::chrono::milliseconds limit) { return listener_->accept(limit); }
  peer accept() {
    auto stream = listener_->accept(support::patience);
    if (!stream) throw std::runtime_error{"the client did not connect"};
    return peer{std::move(*stream)};
  }
  void stop_listening() { listener_.reset(); }
  void listen_again() { listener_.emplace(port_); }

  std::optional<support::tcp_listener> listener_{std::in_place};
  std::uint16_t port_ = listener_->port();
  nest::runtime loops_{{.io_threads = 2}};
  std::unique_ptr<nest::client_proxy> client_;
};

}  // namespace raw
