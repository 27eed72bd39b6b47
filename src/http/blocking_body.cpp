#include "http/blocking_body.hpp"

#include <nestcpp/core/log.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

namespace nestcpp::detail {

namespace {

constexpr logger log{"HttpServer"};
constexpr std::chrono::milliseconds check_interval{250};

}  // namespace

// Shared with the loop, which may still be at work when the thread has given up.
struct blocking_body::state {
  std::shared_ptr<http_body_source> source;
  std::string piece;                        // the loop's, while it is asked
  boost::asio::cancellation_signal cancel;  // the loop's
  std::mutex mutex;                         // all below
  std::condition_variable answered;
  bool asked = false;
  bool ended = false;  // the source has come to its end, or failed
  bool failed = false;
  bool given_up = false;

  // On the loop.
  void on_answer(const std::exception_ptr& failure, bool more) {
    std::unique_lock lock{mutex};
    asked = false;
    failed = failure != nullptr;
    ended = failed || !more;
    const bool abandoned = given_up && !ended;
    answered.notify_one();
    const bool told = failed && !given_up;
    lock.unlock();
    if (told) tell(failure);
    if (abandoned) source->abandon();
  }
  void give_up() {
    std::unique_lock lock{mutex};
    given_up = true;
    const bool waits = asked;
    const bool abandoned = !asked && !ended;
    lock.unlock();
    if (waits) cancel.emit(boost::asio::cancellation_type::terminal);
    if (abandoned) source->abandon();
  }
  static void tell(const std::exception_ptr& failure) {
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      log.warn("an answer was broken off: {}", error.what());
    } catch (...) {
      log.warn("an answer was broken off");
    }
  }
};

blocking_body::blocking_body(std::shared_ptr<http_body_source> source) : state_{std::make_shared<state>()} {
  state_->source = std::move(source);
}

blocking_body::~blocking_body() {
  auto executor = state_->source->loop().executor();
  // Which is the last to hold it.
  boost::asio::post(executor, [state = std::move(state_)] { state->give_up(); });
}

std::optional<std::uint64_t> blocking_body::size() const { return state_->source->size(); }

std::optional<std::string> blocking_body::next(const std::function<bool()>& given_up) {
  state& own = *state_;
  do {
    std::unique_lock lock{own.mutex};
    own.asked = true;
    own.piece.clear();
    boost::asio::co_spawn(own.source->loop().executor(), own.source->next(own.piece),
                          boost::asio::bind_cancellation_slot(
                              own.cancel.slot(), [state = state_](const std::exception_ptr& failure, bool more) {
                                state->on_answer(failure, more);
                              }));
    while (!own.answered.wait_for(lock, check_interval, [&own] { return !own.asked; })) {
      if (given_up()) return std::nullopt;
    }
    if (own.failed) return std::nullopt;
    if (own.ended) return std::string{};
  } while (own.piece.empty());
  return std::exchange(own.piece, {});
}

}  // namespace nestcpp::detail
