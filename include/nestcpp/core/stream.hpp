#pragma once
/// @file nestcpp/core/stream.hpp
/// @brief Many values over time: what NestJS's Observable is to a handler.

#include <nestcpp/core/detail/mapped_stream.hpp>
#include <nestcpp/core/detail/stream_coroutine.hpp>
#include <nestcpp/core/detail/stream_source.hpp>
#include <nestcpp/core/task.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace nestcpp {

/// A lazily started sequence of values. As a coroutine it gives them with `co_yield` and may await tasks in between:
///
///     nest::stream<Tick> ticks(TicksDto dto) {
///       for (int i = 0; i < dto.count; ++i) {
///         co_await nest::sleep_for(20ms);
///         co_yield Tick{i};
///       }
///     }
///
/// Its consumer asks for one value after the other, `while (auto tick = co_await ticks.next())`; between two questions
/// nothing runs, so that a slow consumer slows the producer down.
/// @par Thread safety Not safe: a stream has one consumer, on one event loop.
/// @par Cancellation Destroying the stream ends it: objects in its scope are destroyed; a task it awaits is cancelled
/// and waited for.
/// @par Lifetime Arguments taken by reference must outlive the stream: coroutines take by value what they keep. (The
/// arguments of a handler outlive its stream.)
template <class T>
class [[nodiscard]] stream {
 public:
  using value_type = T;
  using promise_type = detail::stream_promise<T, stream>;

  /// Ends without a value.
  stream() = default;
  /// Takes values from something else than a coroutine.
  explicit stream(detail::stream_source<T>* source) noexcept : source_{source} {}

  /// The next value, or nullopt when all were given. @throws what the producer throws; the stream has ended then
  /// @par Cancellation Cancels what the producer awaits; it ends as the producer does then.
  [[nodiscard]] task<std::optional<T>> next() {
    const auto executor = co_await boost::asio::this_coro::executor;
    auto step = advance(executor);
    if (step == detail::stream_step::pending) {
      step = co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(detail::stream_step)>(
          [this](auto done) { wait(detail::stream_completion{std::move(done)}); }, boost::asio::use_awaitable);
    }
    if (step == detail::stream_step::value) {
      try {
        co_return take();
      } catch (...) {
        source_ = nullptr;
        throw;
      }
    }
    const auto ended = std::move(source_);
    if (const auto failure = ended ? ended->failure() : nullptr) std::rethrow_exception(failure);
    co_return std::nullopt;
  }

  /// RxJS's `map`: the values as `function` makes them, `std::move(values).map([](Tick tick) { return tick.number; })`.
  /// Costs no coroutine. Where the end of the stream is known together with its last value, it stays so.
  /// @param function called for each value, in order; what it throws ends the stream
  template <class F>
  [[nodiscard]] auto map(F function) && {
    using mapped = std::invoke_result_t<F&, T>;
    return stream<mapped>{new detail::mapped_stream<mapped, F, stream>{std::move(function), std::move(*this)}};
  }

  /// @name For those who consume without a coroutine; see detail/stream_source.hpp
  /// @{
  [[nodiscard]] detail::stream_step advance(const boost::asio::any_io_executor& executor) {
    return source_ ? source_->advance(executor) : detail::stream_step::end;
  }
  void wait(detail::stream_completion done) { source_->wait(std::move(done)); }
  [[nodiscard]] T take() { return source_->take(); }
  /// After the last value: why the producer failed; null: it did not.
  [[nodiscard]] std::exception_ptr failure() const noexcept { return source_ ? source_->failure() : nullptr; }
  /// @}

 private:
  std::unique_ptr<detail::stream_source<T>, detail::release_stream_source> source_;
};

namespace detail {
template <class T>
struct stream_value {
  using type = T;
  static constexpr bool is_stream = false;
};
template <class T>
struct stream_value<stream<T>> {
  using type = T;
  static constexpr bool is_stream = true;
};
}  // namespace detail

/// Whether `T` is a `stream<U>`.
template <class T>
inline constexpr bool is_stream_v = detail::stream_value<T>::is_stream;

/// `U` for `stream<U>`, and `T` itself for anything else.
template <class T>
using stream_value_t = typename detail::stream_value<T>::type;

}  // namespace nestcpp
