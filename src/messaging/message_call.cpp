#include "messaging/message_call.hpp"

#include <nestcpp/core/log.hpp>
#include <nestcpp/dto/json_writer.hpp>
#include <nestcpp/messaging/envelope.hpp>

#include <boost/json/serialize.hpp>

namespace nestcpp {

namespace {

constexpr logger log{"Server"};

// Moves a view into `from` to the same place in `to`.
std::string_view rebase(std::string_view view, std::string_view from, std::string_view to) {
  return view.empty() ? view : to.substr(static_cast<std::size_t>(view.data() - from.data()), view.size());
}

}  // namespace

void detail::append_error_response(std::string& out, const error_response& error, std::string_view id) {
  std::string json;
  append_json_value(json, error.body);
  append_reply_error(out, json, id);
}

void detail::log_refused_event(const execution_context& context, const error_response& error) {
  if (error.status >= 500) return;
  log.warn("the event {} was refused by {}.{}: {}", context.route(), context.get_class(), context.get_handler(),
           boost::json::serialize(error.body));
}

bool shared_answer::add_result(std::size_t handler, const reply& result) {
  results_[handler] = result;
  return --waiting_ == 0;
}

bool shared_answer::add_error(const error_response& error) {
  if (!error_) error_ = error;
  return --waiting_ == 0;
}

void shared_answer::append_to(std::string& out, std::string_view id) const {
  if (error_) return detail::append_error_response(out, *error_, id);
  // From the last handler to the first; what has no value is left out, as JSON.stringify does.
  reply joined = results_.back();
  for (auto each = results_.rbegin() + 1; each != results_.rend(); ++each) {
    std::string json = "{";
    if (each->has_value()) json += "\"current\":" + each->text();
    if (joined.has_value()) {
      if (json.size() > 1) json += ',';
      json += "\"next\":" + joined.text();
    }
    json += '}';
    joined = reply::from_text(std::move(json));
  }
  append_reply_value(out, joined.text(), id);
}

message_call::message_call(message_dispatcher& dispatcher, message_link& link, std::string_view text,
                           const request_envelope& envelope, const handler_chain& chain,
                           std::chrono::steady_clock::time_point received_at)
    : call{link.loop()},
      counted_{dispatcher.in_flight_},
      link_{&link},
      text_{text},
      id_{rebase(envelope.id, text, text_)},
      context_{chain.info(),
               request_envelope{rebase(envelope.pattern, text, text_), rebase(envelope.data, text, text_), id_,
                                rebase(envelope.metadata, text, text_)},
               received_at} {
  link_->call_started();
}

// Without an end only where the loops ended before there was one.
message_call::~message_call() {
  if (streams_) link_->remove_stream(*this);
}

void message_call::share(boost::intrusive_ptr<shared_answer> answer, std::size_t handler) {
  shared_ = std::move(answer);
  handler_ = handler;
}

void message_call::answer_reply(const reply& result) noexcept {
  if (shared_) {
    if (shared_->add_result(handler_, result) && !id_.empty()) shared_->append_to(link_->output(), id_);
  } else if (!id_.empty()) {
    if (result.has_value()) {
      append_reply_value(link_->output(), result.text(), id_);
    } else {
      append_reply_none(link_->output(), id_);
    }
  }
  done();
}

void message_call::answer_error(const error_response& error) noexcept {
  if (id_.empty()) detail::log_refused_event(context_, error);
  if (shared_) {
    if (shared_->add_error(error) && !id_.empty()) shared_->append_to(link_->output(), id_);
  } else if (!id_.empty()) {
    detail::append_error_response(link_->output(), error, id_);
  }
  done();
}

void message_call::answer_value(const reply& value) noexcept {
  if (value.has_value()) {
    append_reply_value(link_->output(), value.text(), id_, false);
  } else {
    append_reply_none(link_->output(), id_, false);
  }
  link_->flush_later();
}

bool message_call::open_stream() {
  if (!sends_each_value()) return true;  // nobody waits for its values: it runs to its end, whoever goes
  if (link_->closed()) return false;
  link_->add_stream(*this);
  streams_ = true;
  link_->call_ended();
  link_->flush_later();
  return true;
}

void message_call::close_stream(bool abandoned) noexcept {
  if (streams_) link_->remove_stream(*this);
  if (abandoned) done();
}

void message_call::done() noexcept {
  if (!streams_) link_->call_ended();
  link_->flush_later();
}

}  // namespace nestcpp
