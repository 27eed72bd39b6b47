#include <nestcpp/messaging/message_dispatcher.hpp>

#include "messaging/log_limit.hpp"
#include "messaging/message_call.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>
#include <nestcpp/dto/json_text.hpp>
#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/messaging/rpc_context.hpp>

#include <string>
#include <vector>

namespace nestcpp {

namespace {
constexpr logger log{"Server"};

detail::log_limit unknown_event_lines;

// Peers choose what they send, and how often.
void log_unknown_event(std::string_view pattern) {
  const auto silent = unknown_event_lines.may_log();
  if (!silent) return;
  constexpr std::size_t shown = 200;
  log.error("There is no matching event handler defined in the remote service. Event pattern: {}{}{}",
            pattern.substr(0, shown), pattern.size() > shown ? "…" : "",
            *silent > 0 ? " (" + std::to_string(*silent) + " more like it)" : "");
}

// NestJS writes an id as `JSON.stringify` does. True where that may be another text than what was sent.
bool is_unusual_id(std::string_view id) noexcept {
  if (id.front() == '"') return id.find('\\') != std::string_view::npos;
  return id.find_first_not_of("0123456789", 1) != std::string_view::npos || id.size() > 15;
}

// One of several handlers of a message, which ends at once. True: it was the last.
bool serve_shared(const handler_chain& chain, const request_envelope& envelope,
                  std::chrono::steady_clock::time_point received_at, shared_answer& shared, std::size_t handler) {
  rpc_context context{chain.info(), envelope, received_at};
  const context_scope scope{context};
  std::string json;
  error_response failure;
  const auto ended = chain.run_plain(context, json, failure);
  if (ended == handler_chain::ended::error) {
    if (!envelope.is_request()) detail::log_refused_event(context, failure);
    return shared.add_error(failure);
  }
  return shared.add_result(handler, ended == handler_chain::ended::value ? reply::from_text(std::move(json)) : reply{});
}
}  // namespace

void message_link::add_stream(call& one) {
  if (!may_stream()) throw service_unavailable_exception{"Too many streams are open"};
  streams_.insert(&one);
}

void message_link::remove_stream(call& one) noexcept {
  if (streams_.erase(&one) != 0) stream_ended();
}

void message_link::resume_streams() noexcept {
  while (!parked_.empty() && !congested()) {
    const boost::intrusive_ptr<call> next = std::move(parked_.front());
    parked_.pop_front();
    next->resume_stream();  // one that has more to give parks again
  }
}

void message_link::abandon_streams() noexcept {
  const std::vector<boost::intrusive_ptr<call>> all{streams_.begin(), streams_.end()};
  for (const auto& each : all) each->abandon_stream();
  parked_.clear();
}

std::string message_dispatcher::dispatch(std::string_view text, message_link& link,
                                         std::chrono::steady_clock::time_point received_at) {
  request_envelope envelope;
  std::string error;
  if (!scan_request(text, envelope, error)) return error;
  if (envelope.is_request() && is_unusual_id(envelope.id)) {
    std::string id;
    if (append_normalized_json(id, envelope.id, ~0U) && id != envelope.id) {
      std::string packet{text};
      packet.replace(static_cast<std::size_t>(envelope.id.data() - text.data()), envelope.id.size(), id);
      return dispatch(packet, link, received_at);
    }
  }

  const pattern_handlers* found = envelope.external() ? nullptr : registry_->find(envelope.pattern);
  if (found == nullptr) {
    unhandled_.fetch_add(1, std::memory_order_relaxed);
    if (envelope.is_request() && !envelope.external()) {
      append_reply_no_handler(link.output(), envelope.id);
    } else {
      log_unknown_event(envelope.pattern.empty() ? std::string_view{"undefined"} : envelope.pattern);
    }
    return {};
  }

  const auto make_call = [&](const handler_chain& chain) {
    return boost::intrusive_ptr<message_call>{new message_call{*this, link, text, envelope, chain, received_at}};
  };

  const bool to_message = found->message != nullptr && (envelope.is_request() || found->events.empty());
  const handler_chain* single = to_message                  ? found->message.get()
                                : found->events.size() == 1 ? found->events.front().get()
                                                            : nullptr;
  if (single == nullptr) {
    const boost::intrusive_ptr<shared_answer> shared{new shared_answer{found->events.size()}};
    for (std::size_t i = 0; i < found->events.size(); ++i) {
      const handler_chain& chain = *found->events[i];
      if (chain.is_plain()) {
        const bool last = serve_shared(chain, envelope, received_at, *shared, i);
        if (last && envelope.is_request()) shared->append_to(link.output(), envelope.id);
        continue;
      }
      const auto started = make_call(chain);
      started->share(shared, i);
      started->start(chain);
    }
    return {};
  }
  if (!single->is_plain()) {
    make_call(*single)->start(*single);
    return {};
  }

  rpc_context context{single->info(), envelope, received_at};
  const context_scope scope{context};
  error_response failure;
  if (!envelope.is_request()) {
    static thread_local std::string dropped;
    dropped.clear();
    if (single->run_plain(context, dropped, failure) == handler_chain::ended::error)
      detail::log_refused_event(context, failure);
    return {};
  }
  auto ended = handler_chain::ended::error;
  {
    reply_writer reply{link.output()};
    ended = single->run_plain(context, reply.json(), failure);
    if (ended == handler_chain::ended::value) reply.finish(envelope.id);
  }
  if (ended == handler_chain::ended::no_value) append_reply_none(link.output(), envelope.id);
  if (ended == handler_chain::ended::error) detail::append_error_response(link.output(), failure, envelope.id);
  return {};
}

std::vector<metric_sample> message_dispatcher::metrics() const {
  std::vector<metric_sample> samples;
  const auto add = [&](const std::string& pattern, const char* kind, const handler_chain& chain) {
    if (!chain.meter()) return;
    append_call_samples(
        samples, *chain.meter(), "messaging_server_message",
        {{"pattern", pattern}, {"kind", kind}, {"handler", chain.info().class_name + "." + chain.info().method_name}},
        "Messages and events that were handled");
  };
  for (const auto& [pattern, handlers] : registry_->patterns()) {
    if (handlers->message) add(pattern, "message", *handlers->message);
    for (const auto& each : handlers->events) add(pattern, "event", *each);
  }
  samples.push_back({"messaging_server_unhandled_messages_total",
                     {},
                     static_cast<double>(unhandled_.load(std::memory_order_relaxed)),
                     metric_kind::counter,
                     "Messages and events that no handler is bound to"});
  samples.push_back({"messaging_server_messages_in_flight",
                     {},
                     static_cast<double>(in_flight()),
                     metric_kind::gauge,
                     "Message handlers that have suspended and not ended yet"});
  return samples;
}

}  // namespace nestcpp
