#pragma once
// Ends a call on a connection when whoever waits for it is cancelled.

#include "messaging/client_session.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <cstdint>
#include <exception>

namespace nestcpp::detail {

inline std::exception_ptr cancelled_call() {
  return std::make_exception_ptr(boost::system::system_error{boost::asio::error::operation_aborted});
}

// The session outlives the call, and thus the handler's slot; a strong reference here would keep both for ever where
// the loop ends first.
template <class Handler>
void give_up_on_cancellation(const Handler& handler, client_session& session, std::uint64_t key) {
  auto slot = boost::asio::get_associated_cancellation_slot(handler);
  if (!slot.is_connected()) return;
  slot.assign([&session, key](boost::asio::cancellation_type) {
    // Later, as the completion ends the slot, and with it this function.
    boost::asio::post(session.loop().executor(),
                      [kept = session_ptr{&session}, key] { kept->give_up(key, cancelled_call()); });
  });
}

}  // namespace nestcpp::detail
