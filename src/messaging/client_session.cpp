#include "messaging/client_session.hpp"

#include "messaging/json_scan.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/dto/json_writer.hpp>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <vector>

namespace nestcpp::detail {

namespace {

constexpr logger log{"ClientProxy"};

// Limits that are due within this time of each other are looked at together.
constexpr std::chrono::milliseconds granularity{1};

std::exception_ptr remote_error(std::string_view json) {
  boost::json::parse_options lenient;
  lenient.allow_invalid_utf8 = true;  // lone surrogates
  boost::system::error_code error;
  boost::json::value value = boost::json::parse({json.data(), json.size()}, error, {}, lenient);
  if (error) value = boost::json::string{json};
  return std::make_exception_ptr(rpc_exception{std::move(value), rpc_exception::origin::service});
}

reply reply_of(std::string_view json) { return json.empty() ? reply{} : reply::from_text(std::string{json}); }

}  // namespace

client_session::client_session(event_loop& loop, std::shared_ptr<const client_settings> settings)
    : loop_{&loop}, settings_{std::move(settings)}, decoder_{settings_->max_buffer_size}, timer_{loop.context()} {}

client_session::~client_session() {
  pending_.for_each([](pending_call& call) {
    if (const auto sink = call.sink) sink->detach();
  });
}

void client_session::expect(std::uint64_t key, deadline limit, completion done, bool to_the_end) {
  pending_.insert({key, limit.at(), std::move(done), to_the_end});
  check_at(limit.at());
}

void client_session::expect_all(std::uint64_t key, deadline limit, boost::intrusive_ptr<reply_sink> sink) {
  pending_.insert({key, limit.at(), std::move(sink)});
  check_at(limit.at());
}

void client_session::limit(std::uint64_t key, deadline limit) {
  if (pending_call* const call = pending_.find(key)) {
    call->deadline = limit.at();
    check_at(limit.at());
  }
}

void client_session::finish(pending_call* found, call_outcome outcome) {
  complete(pending_.take(found), std::move(outcome));
  if (closing_ && pending_.empty()) close();
}

void client_session::complete(pending_call call, call_outcome outcome) {
  if (call.sink) {
    call.sink->end(std::move(outcome.failure));
  } else {
    auto executor = boost::asio::get_associated_executor(call.done, loop_->executor());
    boost::asio::dispatch(executor, [done = std::move(call.done), outcome = std::move(outcome)]() mutable {
      std::move(done)(std::move(outcome));
    });
  }
}

void client_session::give_up(std::uint64_t key, std::exception_ptr why) {
  if (pending_call* const call = pending_.find(key)) finish(call, {.failure = std::move(why)});
}

bool client_session::check_unsent() {
  const std::size_t unsent = output_.size() + in_flight();
  if (settings_->max_send_buffer_size == 0 || unsent <= settings_->max_send_buffer_size) return true;
  log.error(
      "{}: The remote peer is not reading its responses: {} byte(s) are queued for it, which exceeds the maximum "
      "allowed {}",
      name(), unsent, settings_->max_send_buffer_size);
  close();
  return false;
}

void client_session::close() {
  if (!open_) return;
  const session_ptr self{this};
  open_ = false;
  next_check_ = clock::time_point::max();
  timer_.cancel();
  close_transport();
  if (const auto owner = owner_.lock()) owner->on_session_closed(*this);
  if (pending_.empty()) return;
  const auto lost = std::make_exception_ptr(
      unavailable_exception{name(), "Connection closed", unavailable_exception::request::maybe_sent});
  for (pending_call& call : pending_.take_all()) {
    if (call.done || call.sink) complete(std::move(call), {.failure = lost});
  }
}

void client_session::close_when_idle() {
  closing_ = true;
  if (pending_.empty()) close();
}

bool client_session::take_replies() {
  std::string_view text;
  for (;;) {
    switch (decoder_.next(text)) {
      case frame_decoder::status::need_more:
        if (decoder_.mid_frame() && settings_->incomplete_message_timeout.count() > 0) {
          last_read_ = clock::now();
          check_at(last_read_ + settings_->incomplete_message_timeout);
        }
        return true;
      case frame_decoder::status::error:
        log.error("{}: {}; the connection is closed", name(), decoder_.error_text());
        return false;
      case frame_decoder::status::frame:
        if (!on_reply(text)) return false;
    }
    if (!open_) return true;
  }
}

bool client_session::on_reply(std::string_view text) {
  reply_envelope envelope;
  std::string error;
  if (!scan_reply(text, envelope, error, settings_->rules)) {
    log.error("{}: Could not parse JSON: {}; the connection is closed", name(), error);
    return false;
  }
  std::uint64_t key = 0;
  if (!ids_.recognize(envelope.id, key)) {
    if (envelope.id.find('\\') == std::string_view::npos) return true;
    std::string plain;  // ids are equal by value, however they are escaped
    append_json_string(plain, unquote_json(envelope.id));
    if (!ids_.recognize(plain, key)) return true;
  }
  has_answered_ = true;
  silent_ = 0;
  pending_call* const call = pending_.find(key);
  if (call == nullptr) return true;  // late, or of somebody else
  const reply_action action = envelope.action();
  if (action == reply_action::error) {
    finish(call, {.failure = remote_error(envelope.err)});
    return true;
  }
  if (!call->sink) {
    if (call->to_the_end && action == reply_action::next) return true;
    finish(call, {.value = reply_of(envelope.value())});
    return true;
  }
  // The reader may end the call, or the connection, while it takes the value.
  const auto sink = call->sink;
  const bool wants_more = action == reply_action::complete || sink->value(envelope.value());
  if (action == reply_action::next && wants_more) return true;
  if (pending_call* const still = pending_.find(key)) finish(still, {});
  return true;
}

void client_session::check_at(clock::time_point at) {
  if (at >= next_check_ || !open_) return;
  next_check_ = at;
  timer_.expires_at(at);
  timer_.async_wait([self = session_ptr{this}](boost::system::error_code cancelled) {
    if (!cancelled && self->open_) self->check_times();
  });
}

void client_session::check_times() {
  const auto now = clock::now();
  next_check_ = clock::time_point::max();
  if (decoder_.mid_frame() && settings_->incomplete_message_timeout.count() > 0) {
    const auto limit = settings_->incomplete_message_timeout;
    if (now - last_read_ >= limit) {
      log.error(
          "{}: The remote peer stopped sending in the middle of a packet ({} character(s) buffered) and did not send "
          "anything for {}ms",
          name(), decoder_.buffered(), limit.count());
      close();
      return;
    }
    check_at(std::max(last_read_ + limit, now + granularity));
  }
  std::vector<std::uint64_t> late;
  auto earliest = clock::time_point::max();
  pending_.for_each([&](const pending_call& call) {
    if (call.deadline <= now) {
      late.push_back(call.key);
    } else {
      earliest = std::min(earliest, call.deadline);
    }
  });
  // Looking at many calls takes time: not more than a twentieth of the loop's.
  check_at(std::max(earliest, now + granularity + 20 * (clock::now() - now)));
  if (late.empty()) return;
  silent_ += static_cast<int>(late.size());
  const auto why = std::make_exception_ptr(timeout_exception{name()});
  for (const std::uint64_t key : late) give_up(key, why);
}

}  // namespace nestcpp::detail
