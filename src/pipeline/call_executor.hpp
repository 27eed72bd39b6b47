#pragma once
// The executor a call's coroutine runs on: its loop's, with the call made the current one around whatever is executed.
// This is how request id, deadline and context travel through every co_await without the handler's help.

#include <nestcpp/pipeline/call.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include <type_traits>
#include <utility>

namespace nestcpp::detail {

template <class Inner>
class call_executor {
 public:
  call_executor(Inner inner, boost::intrusive_ptr<call> owner) noexcept
      : inner_{std::move(inner)}, call_{std::move(owner)} {}
  // intrusive_ptr does not say that its copies throw nothing, which executors must.
  call_executor(const call_executor& other) noexcept : inner_{other.inner_}, call_{other.call_} {}
  call_executor(call_executor&& other) noexcept : inner_{std::move(other.inner_)}, call_{std::move(other.call_)} {}
  call_executor& operator=(const call_executor&) = delete;
  ~call_executor() = default;

  template <class Property>
  auto query(const Property& property) const
      -> std::enable_if_t<boost::asio::can_query<const Inner&, Property>::value,
                          typename boost::asio::query_result<const Inner&, Property>::type> {
    return boost::asio::query(inner_, property);
  }

  template <class Property>
  auto require(const Property& property) const -> std::enable_if_t<
      boost::asio::can_require<const Inner&, Property>::value,
      call_executor<std::decay_t<typename boost::asio::require_result<const Inner&, Property>::type>>> {
    return {boost::asio::require(inner_, property), call_};
  }

  template <class Property>
  auto prefer(const Property& property) const -> std::enable_if_t<
      boost::asio::can_prefer<const Inner&, Property>::value,
      call_executor<std::decay_t<typename boost::asio::prefer_result<const Inner&, Property>::type>>> {
    return {boost::asio::prefer(inner_, property), call_};
  }

  template <class F>
  void execute(F&& work) const {
    inner_.execute([owner = call_, work = std::forward<F>(work)]() mutable {
      const context_scope scope{owner->context()};
      std::move(work)();
    });
  }

  friend bool operator==(const call_executor& a, const call_executor& b) noexcept {
    return a.inner_ == b.inner_ && a.call_ == b.call_;
  }
  friend bool operator!=(const call_executor& a, const call_executor& b) noexcept { return !(a == b); }

 private:
  Inner inner_;
  boost::intrusive_ptr<call> call_;
};

}  // namespace nestcpp::detail
