#include "app/signal_watch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace nestcpp::detail {

struct signal_watch::impl {
  void watch() {
    signals.async_wait([this](boost::system::error_code cancelled, int number) {
      if (cancelled) return;
      {
        const std::lock_guard lock{mutex};
        if (!start_complete) std::_Exit(0);
        if (first != 0) std::_Exit(128 + number);
        first = number;
      }
      came.notify_all();
      watch();
    });
  }

  boost::asio::io_context context{1};
  boost::asio::signal_set signals{context, SIGINT, SIGTERM};
  std::mutex mutex;
  std::condition_variable came;
  bool start_complete = false;
  int first = 0;
  std::thread thread;
};

signal_watch::signal_watch() : impl_{std::make_unique<impl>()} {
  impl_->watch();
  impl_->thread = std::thread{[this] { impl_->context.run(); }};
}

signal_watch::~signal_watch() {
  impl_->context.stop();
  impl_->thread.join();
}

std::string signal_watch::wait() {
  std::unique_lock lock{impl_->mutex};
  impl_->came.wait(lock, [this] { return impl_->first != 0; });
  return impl_->first == SIGINT ? "SIGINT" : "SIGTERM";
}

void signal_watch::started() {
  const std::lock_guard lock{impl_->mutex};
  impl_->start_complete = true;
}

}  // namespace nestcpp::detail
