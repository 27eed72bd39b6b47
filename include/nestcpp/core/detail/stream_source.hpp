#pragma once
// What stands behind a stream<T>: a coroutine, or a class that makes values by other means.

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <exception>

namespace nestcpp::detail {

enum class stream_step : std::uint8_t {
  value,    // take() gives it
  end,      // nothing follows; failure() says whether by an exception
  pending,  // wait() tells when it is one of the others
};

using stream_completion = boost::asio::any_completion_handler<void(stream_step)>;

// One consumer, on one event loop. advance() and wait() follow each other as the steps say; after `end` neither is
// called.
template <class T>
class stream_source {
 public:
  // Goes on to the next value. What is awaited meanwhile runs on `executor`.
  [[nodiscard]] virtual stream_step advance(const boost::asio::any_io_executor& executor) = 0;
  // After `pending`: calls `done` once, on its executor, with `value` or `end`. Its cancellation slot ends what is
  // awaited.
  virtual void wait(stream_completion done) = 0;
  // After `value`, once.
  [[nodiscard]] virtual T take() = 0;
  // After `end`; null: all values were given.
  [[nodiscard]] virtual std::exception_ptr failure() const noexcept = 0;
  // Ends the production, in place of delete; what is awaited is cancelled.
  virtual void release() noexcept = 0;

 protected:
  ~stream_source() = default;
};

struct release_stream_source {
  template <class T>
  void operator()(stream_source<T>* source) const noexcept {
    source->release();
  }
};

}  // namespace nestcpp::detail
