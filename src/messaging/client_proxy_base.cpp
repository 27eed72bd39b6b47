#include "messaging/client_proxy_base.hpp"

#include "messaging/call_cancellation.hpp"
#include "messaging/reply_reader.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/dto/json_writer.hpp>
#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/messaging/metadata.hpp>
#include <nestcpp/messaging/pattern.hpp>
#include <nestcpp/pipeline/execution_context.hpp>

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

using metadata_members = std::vector<std::pair<std::string, std::string>>;

std::string metadata_for(deadline limit, int attempt = 1, const metadata_members& more = {}) {
  const auto* context = execution_context::current();
  const auto trace = context != nullptr ? context->trace() : std::nullopt;
  std::string json = make_metadata(context != nullptr ? context->request_id() : std::string_view{}, limit, attempt,
                                   trace ? trace->to_string() : std::string{});
  if (more.empty()) return json;
  if (json.empty()) {
    json = '{';
  } else {
    json.back() = ',';
  }
  for (const auto& [name, value] : more) {
    for (const auto own : {metadata_request_id, metadata_timeout_ms, metadata_attempt, metadata_traceparent}) {
      if (name == own) throw std::invalid_argument{"call_options::metadata: \"" + name + "\" is set by nestcpp itself"};
    }
    append_json_string(json, name);
    json += ':';
    append_json_string(json, value);
    json += ',';
  }
  json.back() = '}';
  return json;
}

deadline limit_for(std::chrono::milliseconds timeout) {
  const deadline limit = deadline::after(timeout);
  const auto* context = execution_context::current();
  return context == nullptr ? limit : earlier(limit, context->get_deadline());
}

// Awaits on another loop.
template <class T, class Executor>
task<T> elsewhere(Executor executor, task<T> work) {
  co_return co_await boost::asio::co_spawn(executor, std::move(work), use_awaitable);
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

// Gives a reader up with the stream that reads it.
class reading {
 public:
  reading(event_loop& loop, boost::intrusive_ptr<reply_reader> reader) : loop_{&loop}, reader_{std::move(reader)} {}
  reading(const reading&) = delete;
  ~reading() {
    if (event_loop::current() == loop_) {
      reader_->abandon();
    } else {
      boost::asio::post(loop_->executor(), [reader = std::move(reader_)] { reader->abandon(); });
    }
  }
  [[nodiscard]] const boost::intrusive_ptr<reply_reader>& operator*() const noexcept { return reader_; }

 private:
  event_loop* loop_;
  boost::intrusive_ptr<reply_reader> reader_;
};

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
  return request({.pattern = std::move(pattern),
                  .payload = std::move(payload),
                  .timeout = options.timeout,
                  .attempt = options.attempt,
                  .more_metadata = std::move(options.metadata)});
}

task<void> client_proxy_base::emit_acknowledged_text(std::string pattern, std::string payload, call_options options) {
  co_await request({.pattern = std::move(pattern),
                    .payload = std::move(payload),
                    .timeout = options.timeout,
                    .attempt = options.attempt,
                    .more_metadata = std::move(options.metadata),
                    .to_the_end = true});
}

task<void> client_proxy_base::emit_text(std::string pattern, std::string payload) {
  return notify({.pattern = std::move(pattern), .payload = std::move(payload)});
}

task<reply> client_proxy_base::request(outgoing call) {
  if (call.payload.empty()) throw std::invalid_argument{no_data};
  if (!call.metadata) {
    call.limit = limit_for(call.timeout.value_or(settings_->timeout));
    call.metadata = metadata_for(call.limit, call.attempt, call.more_metadata);
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
  append_call(session->output(), call, id);
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

stream<reply> client_proxy_base::send_stream_text(std::string pattern, std::string payload, call_options options) {
  if (payload.empty()) throw std::invalid_argument{no_data};
  // The time limit is of each wait, so that the service must not take it for a limit of the whole.
  const auto* const context = execution_context::current();
  const deadline whole = context == nullptr ? deadline::never() : context->get_deadline();
  const auto patience = options.timeout.value_or(settings_->timeout);
  outgoing call{.pattern = std::move(pattern),
                .payload = std::move(payload),
                .metadata = metadata_for(whole, options.attempt, options.metadata),
                .limit = earlier(deadline::after(patience), whole)};

  client_side* const own = own_side();
  client_side& side = own != nullptr ? *own : side_for_others();
  const auto executor = side.loop().executor();
  auto opening = open_stream(side, std::move(call));
  boost::intrusive_ptr<reply_reader> opened;
  if (own != nullptr) {
    opened = co_await std::move(opening);
  } else {
    opened = co_await elsewhere(executor, std::move(opening));
  }
  const reading reader{side.loop(), std::move(opened)};
  for (;;) {
    std::optional<reply> value;
    if (own != nullptr) value = (*reader)->take();
    if (!value) {
      auto waiting = reply_reader::next(*reader, earlier(deadline::after(patience), whole));
      if (own != nullptr) {
        value = co_await std::move(waiting);
      } else {
        value = co_await elsewhere(executor, std::move(waiting));
      }
    }
    if (!value) co_return;
    co_yield std::move(*value);
  }
}

task<boost::intrusive_ptr<reply_reader>> client_proxy_base::open_stream(client_side& side, outgoing call) {
  client_session* session = side.pick();
  if (session == nullptr) {
    const session_ptr connected = co_await client_side::connect(side.shared_from_this(), call.limit);
    session = connected.get();
  }
  if (call.limit.expired()) throw timeout_exception{name()};
  const request_id id = writable(*session).next_id();
  append_call(session->output(), call, id);
  session->flush_later();
  const boost::intrusive_ptr<reply_reader> reader{
      new reply_reader{*session, id.key, settings_->max_stream_buffer_size}};
  session->expect_all(id.key, deadline::never(), reader);
  co_return reader;
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

void client_proxy_base::append_call(std::string& out, const outgoing& call, const request_id& id) {
  std::string pattern;
  append_pattern(pattern, call.pattern);
  append_request(out, pattern, call.payload, *call.metadata, id.token());
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
