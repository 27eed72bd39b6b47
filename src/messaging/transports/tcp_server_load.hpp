#pragma once
// What the connections of a server share: how many there are, how many calls they have under way, and who waits until
// there are fewer.

#include <nestcpp/core/runtime.hpp>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <unordered_set>
#include <vector>

namespace nestcpp::detail {

class loop_connections;
class tcp_server_connection;

// All loops use it.
class tcp_server_load {
 public:
  // @param max_calls 0: no limit
  explicit tcp_server_load(std::size_t max_calls) : max_calls_{max_calls} {}

  // Before the server listens.
  [[nodiscard]] static std::shared_ptr<loop_connections> add_loop(const std::shared_ptr<tcp_server_load>& load,
                                                                  event_loop& loop);

  std::atomic<std::size_t> connections{0};  // open ones, and those that are on their way to their loop

  [[nodiscard]] bool is_full() const noexcept { return max_calls_ != 0 && calls_.load() >= max_calls_; }
  void call_started() noexcept {
    if (max_calls_ != 0) calls_.fetch_add(1);
  }
  // Of all connections together. @param limit 0: none
  [[nodiscard]] bool add_stream(std::size_t limit) noexcept {
    if (streams_.fetch_add(1, std::memory_order_relaxed) < limit || limit == 0) return true;
    remove_stream();
    return false;
  }
  void remove_stream() noexcept { streams_.fetch_sub(1, std::memory_order_relaxed); }
  // Whoever waits has seen at least max_calls, so one of the calls that are under way is yet to come past here.
  void call_ended() {
    if (max_calls_ != 0 && calls_.fetch_sub(1) == max_calls_) wake_loops();
  }

 private:
  void wake_loops();

  const std::size_t max_calls_;
  std::atomic<std::size_t> calls_{0};
  std::atomic<std::size_t> streams_{0};
  std::vector<std::weak_ptr<loop_connections>> loops_;
};

// The connections of one loop; touched on that loop only, but for what tcp_server_load touches.
class loop_connections : public std::enable_shared_from_this<loop_connections> {
 public:
  loop_connections(std::shared_ptr<tcp_server_load> load, event_loop& loop) : load_{std::move(load)}, loop_{&loop} {}

  std::unordered_set<tcp_server_connection*> open;

  [[nodiscard]] tcp_server_load& load() noexcept { return *load_; }

  // Where the load is full: takes the connection down, to have it go on when there is room. False where there is room.
  [[nodiscard]] bool must_wait(tcp_server_connection& connection);
  // Nobody will go on any more.
  void forget_waiting();

  // Says that the connection has read; whether others have within the last moments. Then it pays to serve all that are
  // ready before any is sent to: the first reply wakes the peers' core, the others find it awake.
  [[nodiscard]] bool others_read(const tcp_server_connection& connection,
                                 std::chrono::steady_clock::time_point now) noexcept {
    constexpr std::chrono::microseconds moments{50};
    const bool others = last_reader_ != &connection && now - last_read_ < moments;
    last_reader_ = &connection;
    last_read_ = now;
    return others;
  }

 private:
  friend class tcp_server_load;
  void wake();  // on any thread
  void serve_waiting();

  std::shared_ptr<tcp_server_load> load_;
  event_loop* loop_;
  std::deque<boost::intrusive_ptr<tcp_server_connection>> waiting_;
  std::atomic<bool> to_be_woken_{false};
  const tcp_server_connection* last_reader_ = nullptr;  // to be compared only
  std::chrono::steady_clock::time_point last_read_{};
};

}  // namespace nestcpp::detail
