#include "messaging/client_session.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/json/parse.hpp>

namespace nestcpp::detail {

namespace {

constexpr logger log{"ClientProxy"};

std::exception_ptr remote_error(std::string_view json) {
  boost::json::parse_options lenient;
  lenient.allow_invalid_utf8 = true;  // lone surrogates
  boost::system::error_code error;
  boost::json::value value = boost::json::parse({json.data(), json.size()}, error, {}, lenient);
  if (error) value = boost::json::string{json};
  return std::make_exception_ptr(rpc_exception{std::move(value), rpc_exception::origin::service});
}

}  // namespace

void client_session::complete(std::unordered_map<std::uint64_t, completion>::iterator call, std::exception_ptr failure,
                              reply value) {
  completion done = std::move(call->second);
  pending_.erase(call);
  auto executor = boost::asio::get_associated_executor(done, loop_->executor());
  boost::asio::dispatch(executor, [done = std::move(done), failure, value = std::move(value)]() mutable {
    std::move(done)(failure, std::move(value));
  });
}

void client_session::give_up(std::uint64_t key, std::exception_ptr why) {
  if (const auto call = pending_.find(key); call != pending_.end()) complete(call, std::move(why), {});
}

void client_session::close() {
  if (!open_) return;
  open_ = false;
  close_transport();
  const auto lost = std::make_exception_ptr(
      unavailable_exception{name_, "Connection closed", unavailable_exception::request::maybe_sent});
  while (!pending_.empty()) complete(pending_.begin(), lost, {});
}

bool client_session::take_replies() {
  std::string_view text;
  for (;;) {
    switch (decoder_.next(text)) {
      case frame_decoder::status::need_more: return true;
      case frame_decoder::status::error:
        log.error("{}: {}; the connection is closed", name_, decoder_.error_text());
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
  if (!scan_reply(text, envelope, error)) {
    log.error("{}: Could not parse JSON: {}; the connection is closed", name_, error);
    return false;
  }
  std::uint64_t key = 0;
  if (!ids_.recognize(envelope.id, key)) return true;
  const auto call = pending_.find(key);
  if (call == pending_.end()) return true;  // late, or of somebody else
  if (envelope.action() == reply_action::error) {
    complete(call, remote_error(envelope.err), {});
  } else if (const std::string_view value = envelope.value(); !value.empty()) {
    complete(call, nullptr, reply::from_text(std::string{value}));
  } else {
    complete(call, nullptr, {});
  }
  return true;
}

}  // namespace nestcpp::detail
