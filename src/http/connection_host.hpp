#pragma once
// Accepts connections, keeps idle ones without a thread, and gives those with a request to a pool of threads.

#include "http/connection.hpp"
#include "http/elastic_pool.hpp"

#include <nestcpp/core/clock.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>

namespace nestcpp::detail {

/// @par Thread safety Safe.
class connection_host {
 public:
  /// Serves the request that has begun to arrive; false: the connection is to be closed. Called on pool threads; must
  /// not throw.
  using server = std::function<bool(connection&)>;

  connection_host(const http_server_options& options, server serve);
  /// Closes.
  ~connection_host();
  connection_host(const connection_host&) = delete;
  connection_host& operator=(const connection_host&) = delete;

  /// @throws startup_error naming address and port
  void start();
  [[nodiscard]] std::uint16_t port() const noexcept { return port_.load(); }
  void stop_accepting();
  /// The host no longer accepts: connections should close after their answer.
  [[nodiscard]] bool is_stopping() const noexcept { return stopping_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool drain(deadline limit);
  /// The host is being closed: waiting for handlers is in vain.
  [[nodiscard]] bool is_closing() const noexcept { return closing_.load(std::memory_order_relaxed); }
  void close();

 private:
  // A connection waits for its next request on the host's thread (`waits`), or is with the pool.
  struct entry {
    std::shared_ptr<connection> link;
    deadline limit;
    bool waits = false;
  };

  void open();
  void accept();
  void park(std::shared_ptr<connection> link, std::chrono::milliseconds patience);
  void hand_over(connection* key);
  void serve(const std::shared_ptr<connection>& link);
  void forget(connection* key);
  void close_idle(bool all);
  void arm_timer();

  const http_server_options& options_;
  const server serve_;
  std::optional<tls_context> tls_;
  boost::asio::io_context context_{1};
  boost::asio::ip::tcp::acceptor acceptor_{context_};
  timer timer_{context_};
  timer accept_pause_{context_};
  bool timer_armed_ = false;
  elastic_pool pool_;
  std::thread thread_;
  std::atomic<std::uint16_t> port_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> closing_{false};

  std::mutex lifecycle_mutex_;  // start, stop and close one at a time
  bool started_ = false;
  bool closed_ = false;

  std::mutex mutex_;  // entries_, busy_
  std::condition_variable idle_;
  std::unordered_map<connection*, entry> entries_;
  std::size_t busy_ = 0;  // connections with the pool
};

}  // namespace nestcpp::detail
