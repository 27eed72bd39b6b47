#include <nestcpp/core/with_deadline.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace nestcpp {

task<> sleep_until(deadline until) {
  timer alarm{co_await boost::asio::this_coro::executor, until.at()};
  co_await alarm.async_wait(boost::asio::use_awaitable);
}

namespace detail {

bool is_cancelled(const std::exception_ptr& failure) noexcept {
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    return error.code() == boost::asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

}  // namespace detail

}  // namespace nestcpp
