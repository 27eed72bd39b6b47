#include "http/event_source.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>
#include <vector>

namespace nestcpp::detail {

void open_event_streams::add(const std::shared_ptr<event_source>& one) {
  const std::lock_guard lock{mutex_};
  all_.emplace(one.get(), one);
}

void open_event_streams::remove(const event_source* one) noexcept {
  const std::lock_guard lock{mutex_};
  all_.erase(one);
}

void open_event_streams::end_all() {
  std::vector<std::shared_ptr<event_source>> open;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [key, each] : all_) {
      if (auto held = each.lock()) open.push_back(std::move(held));
    }
  }
  for (auto& each : open) {
    const auto executor = each->loop().executor();
    boost::asio::post(executor, [source = std::move(each)] { source->close(); });
  }
}

event_source::event_source(boost::intrusive_ptr<call> owner, std::shared_ptr<open_event_streams> registry)
    : http_body_source{owner->loop()},
      owner_{std::move(owner)},
      registry_{std::move(registry)},
      news_{loop().context(), timer::time_point::max()} {}

event_source::~event_source() { registry_->remove(this); }

void event_source::wake() noexcept { news_.cancel(); }

void event_source::push(std::string_view text) {
  text_ += text;
  wake();
}

void event_source::end() noexcept {
  ended_ = true;
  owner_.reset();
  wake();
}

void event_source::close() noexcept {
  if (const auto owner = std::exchange(owner_, nullptr)) owner->abandon_stream();
  end();
}

void event_source::abandon() noexcept { close(); }

task<bool> event_source::next(std::string& to) {
  while (text_.empty() && !ended_) {
    boost::system::error_code woken;
    co_await news_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none) {
      close();
      throw boost::system::system_error{boost::asio::error::operation_aborted};
    }
  }
  if (text_.empty()) co_return false;
  to += text_;
  text_.clear();
  if (std::exchange(waits_for_room_, false) && owner_) {
    const auto owner = owner_;
    owner->resume_stream();
  }
  co_return true;
}

}  // namespace nestcpp::detail
