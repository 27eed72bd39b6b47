#include "messaging/client_proxy_base.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/with_deadline.hpp>
#include <nestcpp/dto/json_writer.hpp>
#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/messaging/metadata.hpp>
#include <nestcpp/messaging/pattern.hpp>
#include <nestcpp/pipeline/execution_context.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace nestcpp::detail {

namespace {

using boost::asio::use_awaitable;

// An object pattern travels as it is, anything else as a JSON string.
std::string pattern_json(std::string_view pattern) {
  if (!pattern.empty() && (pattern.front() == '{' || pattern.front() == '[')) return std::string{pattern};
  std::string json;
  append_json_string(json, pattern);
  return json;
}

std::string metadata_for(deadline limit) {
  const auto* context = execution_context::current();
  return make_metadata(context == nullptr ? std::string_view{} : std::string_view{context->request_id()}, limit);
}

}  // namespace

client_proxy_base::client_proxy_base(runtime& run, std::string name, std::chrono::milliseconds timeout,
                                     std::shared_ptr<session_opener> opener)
    : name_{std::move(name)}, timeout_{timeout} {
  for (std::size_t i = 0; i < run.loop_count(); ++i) sides_.push_back(std::make_shared<loop_side>(run.loop(i), opener));
}

client_proxy_base::~client_proxy_base() { close(); }

client_proxy_base::loop_side* client_proxy_base::current_side() noexcept {
  event_loop* loop = event_loop::current();
  if (loop == nullptr || loop->index() >= sides_.size() || sides_[loop->index()]->loop != loop) return nullptr;
  return sides_[loop->index()].get();
}

task<reply> client_proxy_base::send_text(std::string pattern, std::string payload, call_options options) {
  deadline limit = deadline::after(options.timeout.value_or(timeout_));
  if (const auto* context = execution_context::current()) limit = earlier(limit, context->get_deadline());
  std::string metadata = metadata_for(limit);
  if (loop_side* side = current_side()) {
    co_return co_await send_on(*side, std::move(pattern), std::move(payload), limit, std::move(metadata));
  }
  loop_side& side = *sides_.front();
  auto sending = send_on(side, std::move(pattern), std::move(payload), limit, std::move(metadata));
  co_return co_await boost::asio::co_spawn(side.loop->executor(), std::move(sending), use_awaitable);
}

task<void> client_proxy_base::emit_text(std::string pattern, std::string payload) {
  std::string metadata = metadata_for(deadline::never());
  if (loop_side* side = current_side()) {
    co_await emit_on(*side, std::move(pattern), std::move(payload), std::move(metadata));
  } else {
    loop_side& first = *sides_.front();
    auto sending = emit_on(first, std::move(pattern), std::move(payload), std::move(metadata));
    co_await boost::asio::co_spawn(first.loop->executor(), std::move(sending), use_awaitable);
  }
}

task<void> client_proxy_base::connect() {
  loop_side* current = current_side();
  loop_side& side = current != nullptr ? *current : *sides_.front();
  auto connecting = session_on(side, deadline::after(timeout_));
  if (current != nullptr) {
    co_await std::move(connecting);
  } else {
    co_await boost::asio::co_spawn(side.loop->executor(), std::move(connecting), use_awaitable);
  }
}

void client_proxy_base::close() {
  for (auto& side : sides_) {
    auto closing = [side] {
      if (const session_ptr session = std::exchange(side->session, nullptr)) session->close();
    };
    if (event_loop::current() == side->loop) {
      closing();
    } else {
      boost::asio::post(side->loop->executor(), closing);
    }
  }
}

task<void> client_proxy_base::connect_side(std::shared_ptr<loop_side> side) {
  std::exception_ptr failure;
  try {
    side->session = co_await side->opener->open(*side->loop);
  } catch (...) {
    failure = std::current_exception();
  }
  side->failure = failure;
  side->connecting = false;
  side->connected.cancel();
}

task<void> client_proxy_base::wait_connected(std::shared_ptr<loop_side> side) {
  boost::system::error_code ended;
  while (side->connecting && ended != boost::asio::error::operation_aborted) {
    co_await side->connected.async_wait(boost::asio::redirect_error(use_awaitable, ended));
  }
}

task<session_ptr> client_proxy_base::session_on(loop_side& side_ref, deadline limit) {
  const std::shared_ptr<loop_side> side = sides_[side_ref.loop->index()];
  if (side->session && side->session->open()) co_return side->session;
  if (!side->connecting) {
    side->connecting = true;
    side->failure = nullptr;
    side->connected.expires_at(deadline::clock::time_point::max());
    boost::asio::co_spawn(side->loop->executor(), connect_side(side), boost::asio::detached);
  }
  if (side->connecting) {
    auto waiting = wait_connected(side);
    bool late = false;
    try {
      co_await with_deadline(std::move(waiting), limit);
    } catch (const deadline_exceeded&) {
      late = true;
    }
    if (late) throw timeout_exception{name_};
  }
  if (side->failure) std::rethrow_exception(side->failure);
  if (!side->session || !side->session->open()) {  // a service that is dying may accept and close at once
    throw unavailable_exception{name_, "Connection closed", unavailable_exception::request::never_sent};
  }
  co_return side->session;
}

task<reply> client_proxy_base::send_on(loop_side& side, std::string pattern, std::string payload, deadline limit,
                                       std::string metadata) {
  const session_ptr session = co_await session_on(side, limit);
  if (limit.expired()) throw timeout_exception{name_};
  const request_id id = session->next_id();
  append_request(session->output(), pattern_json(pattern), payload, metadata, id.token());
  session->flush_later();

  boost::asio::steady_timer timer{side.loop->context()};
  if (!limit.is_never()) {
    timer.expires_at(limit.at());
    timer.async_wait([session, key = id.key, name = name_](boost::system::error_code cancelled) {
      if (!cancelled) session->give_up(key, std::make_exception_ptr(timeout_exception{name}));
    });
  }
  auto wait_for_reply = [session, key = id.key](auto handler) {
    // Erased first: that takes the handler's own slot for itself.
    client_session::completion done{std::move(handler)};
    auto slot = boost::asio::get_associated_cancellation_slot(done);
    if (slot.is_connected()) {
      slot.assign([session, key](boost::asio::cancellation_type) {
        // Later, as the completion ends the slot, and with it this function.
        boost::asio::post(session->loop().executor(), [session, key] {
          session->give_up(key,
                           std::make_exception_ptr(boost::system::system_error{boost::asio::error::operation_aborted}));
        });
      });
    }
    session->expect(key, std::move(done));
  };
  try {
    co_return co_await boost::asio::async_initiate<decltype(use_awaitable), void(std::exception_ptr, reply)>(
        std::move(wait_for_reply), use_awaitable);
  } catch (const rpc_exception&) {
    // A service that knows our deadline gives up with us; its "Request Timeout" is no answer of its handler.
    if (!limit.expired()) throw;
  }
  throw timeout_exception{name_};
}

task<void> client_proxy_base::emit_on(loop_side& side, std::string pattern, std::string payload, std::string metadata) {
  const session_ptr session = co_await session_on(side, deadline::after(timeout_));
  std::string route;  // events carry the normalised pattern, as a string
  append_json_string(route, route_of_text(pattern));
  append_event(session->output(), route, payload, metadata);
  session->flush_later();
}

}  // namespace nestcpp::detail
