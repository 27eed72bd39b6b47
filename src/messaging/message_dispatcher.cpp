#include <nestcpp/messaging/message_dispatcher.hpp>

#include <nestcpp/core/log.hpp>
#include <nestcpp/dto/json_writer.hpp>
#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/messaging/rpc_context.hpp>
#include <nestcpp/pipeline/call.hpp>

#include <boost/json/serialize.hpp>

#include <optional>

namespace nestcpp {

namespace {

constexpr logger log{"Server"};

// Moves a view into `from` to the same place in `to`.
std::string_view rebase(std::string_view view, std::string_view from, std::string_view to) {
  return view.empty() ? view : to.substr(static_cast<std::size_t>(view.data() - from.data()), view.size());
}

void append_error(std::string& out, const error_response& error, std::string_view id) {
  std::string json;
  append_json_value(json, error.body);
  append_reply_error(out, json, id);
}

// An event has nobody who would be told. Unknown exceptions were logged with their cause by the filter.
void log_lost_event(const execution_context& context, const error_response& error) {
  if (error.status >= 500) return;
  log.warn("the event {} was refused by {}.{}: {}", context.route(), context.get_class(), context.get_handler(),
           boost::json::serialize(error.body));
}

// A request that several event handlers serve: it is answered once, when the last has ended.
struct shared_answer : boost::intrusive_ref_counter<shared_answer> {
  std::size_t waiting = 0;
  std::optional<error_response> error;
};

}  // namespace

// A message whose chain may suspend; keeps its own copy of the packet.
class message_call final : public call {
 public:
  message_call(message_dispatcher& dispatcher, message_link& link, std::string_view text,
               const request_envelope& envelope, const handler_chain& chain,
               std::chrono::steady_clock::time_point received_at, boost::intrusive_ptr<shared_answer> shared)
      : call{link.loop()},
        dispatcher_{&dispatcher},
        link_{&link},
        text_{text},
        id_{rebase(envelope.id, text, text_)},
        shared_{std::move(shared)},
        context_{chain.info(),
                 request_envelope{rebase(envelope.pattern, text, text_), rebase(envelope.data, text, text_), id_,
                                  rebase(envelope.metadata, text, text_)},
                 received_at} {
    dispatcher_->in_flight_.fetch_add(1, std::memory_order_relaxed);
    link_->call_started();
  }

  [[nodiscard]] execution_context& context() noexcept override { return context_; }

 private:
  void answer_reply(const reply& result) noexcept override {
    if (shared_) return answer_shared(std::nullopt);
    if (!id_.empty()) {
      if (result.has_value()) {
        append_reply_value(link_->output(), result.text(), id_);
      } else {
        append_reply_none(link_->output(), id_);
      }
    }
    done();
  }

  void answer_error(const error_response& error) noexcept override {
    if (id_.empty()) log_lost_event(context_, error);
    if (shared_) return answer_shared(error);
    if (!id_.empty()) append_error(link_->output(), error, id_);
    done();
  }

  void answer_shared(std::optional<error_response> error) {
    if (error && !shared_->error) shared_->error = std::move(error);
    if (--shared_->waiting == 0 && !id_.empty()) {
      if (shared_->error) {
        append_error(link_->output(), *shared_->error, id_);
      } else {
        append_reply_none(link_->output(), id_);
      }
    }
    done();
  }

  void done() {
    dispatcher_->in_flight_.fetch_sub(1, std::memory_order_relaxed);
    link_->call_ended();
    link_->flush_later();
  }

  message_dispatcher* dispatcher_;
  boost::intrusive_ptr<message_link> link_;
  std::string text_;
  std::string_view id_;
  boost::intrusive_ptr<shared_answer> shared_;
  rpc_context context_;
};

std::string message_dispatcher::dispatch(std::string_view text, message_link& link,
                                         std::chrono::steady_clock::time_point received_at) {
  request_envelope envelope;
  std::string error;
  if (!scan_request(text, envelope, error)) return error;

  const pattern_handlers* found = envelope.external() ? nullptr : registry_->find(envelope.pattern);
  if (found == nullptr) {
    if (envelope.is_request() && !envelope.external()) {
      append_reply_no_handler(link.output(), envelope.id);
    } else {
      log.error("There is no matching event handler defined in the remote service. Event pattern: {}",
                envelope.pattern.empty() ? std::string_view{"undefined"} : envelope.pattern);
    }
    return {};
  }

  const auto start = [&](const handler_chain& chain, boost::intrusive_ptr<shared_answer> shared) {
    const boost::intrusive_ptr<call> started{
        new message_call{*this, link, text, envelope, chain, received_at, std::move(shared)}};
    started->start(chain);
  };

  const bool to_message = found->message != nullptr && (envelope.is_request() || found->events.empty());
  const handler_chain* single = to_message                  ? found->message.get()
                                : found->events.size() == 1 ? found->events.front().get()
                                                            : nullptr;
  if (single == nullptr) {
    boost::intrusive_ptr<shared_answer> shared{new shared_answer};
    shared->waiting = found->events.size();
    for (const auto& chain : found->events) start(*chain, shared);
    return {};
  }
  if (!single->is_plain()) {
    start(*single, nullptr);
    return {};
  }

  rpc_context context{single->info(), envelope, received_at};
  const context_scope scope{context};
  error_response failure;
  if (!envelope.is_request()) {
    static thread_local std::string dropped;
    dropped.clear();
    if (single->run_plain(context, dropped, failure) == handler_chain::ended::error) log_lost_event(context, failure);
    return {};
  }
  auto ended = handler_chain::ended::error;
  {
    reply_writer reply{link.output()};
    ended = single->run_plain(context, reply.json(), failure);
    if (ended == handler_chain::ended::value) reply.finish(envelope.id);
  }
  if (ended == handler_chain::ended::no_value) append_reply_none(link.output(), envelope.id);
  if (ended == handler_chain::ended::error) append_error(link.output(), failure, envelope.id);
  return {};
}

}  // namespace nestcpp
