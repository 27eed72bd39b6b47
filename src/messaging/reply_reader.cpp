#include "messaging/reply_reader.hpp"

#include "messaging/call_cancellation.hpp"

#include <nestcpp/core/exceptions.hpp>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/dispatch.hpp>

#include <fmt/format.h>

#include <utility>

namespace nestcpp::detail {

namespace {

// What a value costs beside its text.
constexpr std::size_t value_overhead = sizeof(reply);

}  // namespace

std::optional<reply> reply_reader::take() {
  if (values_.empty()) return std::nullopt;
  reply next = std::move(values_.front());
  values_.pop_front();
  bytes_ -= next.text().size() + value_overhead;
  return next;
}

task<std::optional<reply>> reply_reader::next(boost::intrusive_ptr<reply_reader> self, deadline limit) {
  while (self->values_.empty() && self->session_ != nullptr) {
    self->session_->limit(self->key_, limit);
    auto wait = [reader = self.get()](auto handler) {
      pending_call::completion done{std::move(handler)};
      give_up_on_cancellation(done, *reader->session_, reader->key_);
      reader->waiting_.swap(done);
    };
    (void)co_await boost::asio::async_initiate<const boost::asio::deferred_t, void(call_outcome)>(
        std::move(wait), boost::asio::deferred);
  }
  if (self->session_ != nullptr) self->session_->limit(self->key_, deadline::never());
  if (!self->values_.empty()) co_return self->take();
  if (self->failure_) std::rethrow_exception(std::exchange(self->failure_, nullptr));
  co_return std::nullopt;
}

void reply_reader::abandon() {
  values_.clear();
  if (session_ != nullptr) session_ptr {
      session_
    } -> give_up(key_, cancelled_call());
}

bool reply_reader::value(std::string_view json) {
  const std::size_t size = json.size() + value_overhead;
  if (!values_.empty() && bytes_ + size > max_bytes_) {
    failure_ = std::make_exception_ptr(client_exception{
        name_,
        fmt::format("{}: a stream is read too slowly: more than {} bytes of its values wait", name_, max_bytes_)});
    return false;
  }
  values_.push_back(json.data() == nullptr ? reply{} : reply::from_text(std::string{json}));
  bytes_ += size;
  wake();
  return true;
}

void reply_reader::end(std::exception_ptr failure) {
  session_ = nullptr;
  if (!failure_) failure_ = std::move(failure);
  wake();
}

void reply_reader::detach() noexcept {
  session_ = nullptr;
  // Whoever waits goes, and perhaps the last reference to this.
  const boost::intrusive_ptr<reply_reader> self{this};
  pending_call::completion dropped;
  dropped.swap(waiting_);
}

void reply_reader::wake() {
  if (!waiting_) return;
  pending_call::completion done;
  done.swap(waiting_);
  auto executor = boost::asio::get_associated_executor(done, loop_->executor());
  boost::asio::dispatch(executor, [done = std::move(done)]() mutable { std::move(done)(call_outcome{}); });
}

}  // namespace nestcpp::detail
