#include "messaging/client_proxy_base.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/dto/json_writer.hpp>
#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/messaging/metadata.hpp>
#include <nestcpp/messaging/pattern.hpp>
#include <nestcpp/pipeline/execution_context.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <stdexcept>

namespace nestcpp::detail {

namespace {

using boost::asio::use_awaitable;

constexpr const char* no_data = "The invalid data or message pattern (undefined/null)";  // NestJS's text

// An object pattern travels as it is, anything else as a JSON string.
void append_pattern(std::string& out, std::string_view pattern) {
  if (!pattern.empty() && (pattern.front() == '{' || pattern.front() == '[')) {
    out = pattern;
  } else {
    append_json_string(out, pattern);
  }
}

std::string metadata_for(deadline limit) {
  const auto* context = execution_context::current();
  return make_metadata(context == nullptr ? std::string_view{} : std::string_view{context->request_id()}, limit);
}

deadline limit_for(std::chrono::milliseconds timeout) {
  const deadline limit = deadline::after(timeout);
  const auto* context = execution_context::current();
  return context == nullptr ? limit : earlier(limit, context->get_deadline());
}

bool is_answer(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const rpc_exception&) {
    return true;
  } catch (...) {
    return false;
  }
}

std::exception_ptr cancelled() {
  return std::make_exception_ptr(boost::system::system_error{boost::asio::error::operation_aborted});
}

// Ends a call when its caller is cancelled. The session outlives the call, and thus the slot; a strong reference here
// would keep both for ever where the loop ends first.
template <class Handler>
void give_up_on_cancellation(const Handler& handler, client_session& session, std::uint64_t key) {
  auto slot = boost::asio::get_associated_cancellation_slot(handler);
  if (!slot.is_connected()) return;
  slot.assign([&session, key](boost::asio::cancellation_type) {
    // Later, as the completion ends the slot, and with it this function.
    boost::asio::post(session.loop().executor(),
                      [kept = session_ptr{&session}, key] { kept->give_up(key, cancelled()); });
  });
}

}  // namespace

client_proxy_base::client_proxy_base(runtime& run, std::shared_ptr<const client_settings> settings,
                                     std::shared_ptr<session_opener> opener)
    : settings_{std::move(settings)}, board_{std::make_shared<client_status_board>(settings_->name)} {
  const std::size_t loops = run.loop_count();
  const std::size_t wanted = settings_->loops == 0 ? loops : std::min(settings_->loops, loops);
  for (std::size_t i = 0; i < wanted; ++i) {
    sides_.push_back(std::make_shared<client_side>(run.loop(i), settings_, opener, board_));
  }
}

client_proxy_base::~client_proxy_base() { close(); }

client_side* client_proxy_base::own_side() const noexcept {
  const event_loop* const loop = event_loop::current();
  if (loop == nullptr || loop->index() >= sides_.size()) return nullptr;
  client_side* const side = sides_[loop->index()].get();
  return &side->loop() == loop ? side : nullptr;
}

client_side& client_proxy_base::side_for_others() const noexcept {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t number = threads.fetch_add(1, std::memory_order_relaxed);
  return *sides_[number % sides_.size()];
}

task<reply> client_proxy_base::send_text(std::string pattern, std::string payload, call_options options) {
  return request({.pattern = std::move(pattern), .payload = std::move(payload), .timeout = options.timeout});
}

task<void> client_proxy_base::emit_acknowledged_text(std::string pattern, std::string payload, call_options options) {
  co_await request(
      {.pattern = std::move(pattern), .payload = std::move(payload), .timeout = options.timeout, .to_the_end = true});
}

task<void> client_proxy_base::emit_text(std::string pattern, std::string payload) {
  return notify({.pattern = std::move(pattern), .payload = std::move(payload)});
}

task<reply> client_proxy_base::request(outgoing call) {
  if (call.payload.empty()) throw std::invalid_argument{no_data};
  if (!call.metadata) {
    call.limit = limit_for(call.timeout.value_or(settings_->timeout));
    call.metadata = metadata_for(call.limit);
  }
  client_side* const side = own_side();
  if (side == nullptr) {
    client_side& other = side_for_others();
    auto there = request(std::move(call));
    co_return co_await boost::asio::co_spawn(other.loop().executor(), std::move(there), use_awaitable);
  }
  const deadline limit = call.limit;
  client_session* session = side->pick();
  if (session == nullptr) {
    const session_ptr connected = co_await client_side::connect(side->shared_from_this(), limit);
    session = connected.get();
  }
  if (limit.expired()) throw timeout_exception{name()};
  const request_id id = writable(*session).next_id();
  std::string pattern;
  append_pattern(pattern, call.pattern);
  append_request(session->output(), pattern, call.payload, *call.metadata, id.token());
  session->flush_later();

  auto wait = [session, key = id.key, limit, to_the_end = call.to_the_end](auto handler) {
    // Erased first: that takes the handler's own slot for itself.
    client_session::completion done{std::move(handler)};
    give_up_on_cancellation(done, *session, key);
    session->expect(key, limit, std::move(done), to_the_end);
  };
  call_outcome outcome = co_await boost::asio::async_initiate<const boost::asio::deferred_t, void(call_outcome)>(
      std::move(wait), boost::asio::deferred);
  if (!outcome.failure) co_return std::move(outcome.value);
  // A service that knows our deadline gives up with us; its "Request Timeout" is no answer of its handler.
  if (limit.expired() && is_answer(outcome.failure)) throw timeout_exception{name()};
  std::rethrow_exception(std::move(outcome.failure));
}

task<void> client_proxy_base::notify(outgoing event) {
  if (event.payload.empty()) throw std::invalid_argument{no_data};
  if (!event.metadata) {
    event.limit = deadline::after(settings_->timeout);
    event.metadata = metadata_for(deadline::never());
  }
  client_side* const side = own_side();
  if (side == nullptr) {
    client_side& other = side_for_others();
    auto there = notify(std::move(event));
    co_await boost::asio::co_spawn(other.loop().executor(), std::move(there), use_awaitable);
    co_return;
  }
  client_session* session = side->pick();
  if (session == nullptr) {
    const session_ptr connected = co_await client_side::connect(side->shared_from_this(), event.limit);
    session = connected.get();
  }
  std::string route;  // events carry the normalised pattern, as a string
  append_json_string(route, route_of_text(event.pattern));
  append_event(writable(*session).output(), route, event.payload, *event.metadata);
  session->flush_later();
}

client_session& client_proxy_base::writable(client_session& session) const {
  using state = unavailable_exception::request;
  if (session.pending() >= settings_->max_pending) {
    throw unavailable_exception{name(), "more than " + std::to_string(settings_->max_pending) + " calls are pending",
                                state::never_sent};
  }
  if (!session.check_unsent()) throw unavailable_exception{name(), "Connection closed", state::never_sent};
  return session;
}

client_status_subscription client_proxy_base::on_status(client_status_listener listener) {
  return board_->attach(std::move(listener));
}

task<void> client_proxy_base::connect() {
  const deadline limit = deadline::after(settings_->timeout);
  for (const auto& side : sides_) {
    auto connecting = client_side::connect(side, limit);
    if (own_side() == side.get()) {
      co_await std::move(connecting);
    } else {
      co_await boost::asio::co_spawn(side->loop().executor(), std::move(connecting), use_awaitable);
    }
  }
}

void client_proxy_base::close() {
  for (const auto& side : sides_) {
    if (own_side() == side.get()) {
      side->close();
    } else {
      boost::asio::post(side->loop().executor(), [side] { side->close(); });
    }
  }
}

}  // namespace nestcpp::detail
