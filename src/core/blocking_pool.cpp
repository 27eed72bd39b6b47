#include <nestcpp/core/blocking_pool.hpp>

#include "core/mock_time.hpp"
#include "core/thread_name.hpp"

#include <nestcpp/core/log.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace nestcpp {

namespace {

constexpr logger log{"BlockingPool"};

class posted_job final : public detail::pool_job {
 public:
  posted_job(const std::string& pool, std::function<void()> work) : pool_{pool}, work_{std::move(work)} {}
  void run() override {
    try {
      work_();
    } catch (const std::exception& failure) {
      log.error("An exception left a job of pool {}: {}", pool_, failure.what());
    } catch (...) {
      log.error("An unknown exception left a job of pool {}", pool_);
    }
  }
  void fail(std::exception_ptr) override {}

 private:
  const std::string& pool_;
  std::function<void()> work_;
};

std::exception_ptr aborted() {
  return std::make_exception_ptr(boost::system::system_error{boost::asio::error::operation_aborted});
}

}  // namespace

struct blocking_pool::impl {
  std::string name;
  std::size_t limit;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::unique_ptr<detail::pool_job>> queue;
  std::vector<std::thread> threads;
  std::size_t idle = 0;
  bool stopped = false;
  const detail::driven_pool driven{[this] {
    const std::lock_guard lock{mutex};
    return stopped || (queue.empty() && idle == threads.size());
  }};

  // Of a thread: what it works for, and what it does next.
  struct own {
    impl* pool = nullptr;
    std::unique_ptr<detail::pool_job> next;
  };
  static own& this_thread() {
    static thread_local own mine;
    return mine;
  }

  void work(std::size_t index) {
    detail::name_this_thread(name, index);
    own& mine = this_thread();
    mine.pool = this;
    std::unique_lock lock{mutex};
    for (;;) {
      auto job = std::move(mine.next);
      if (!job) {
        ++idle;
        wake.wait(lock, [this] { return stopped || !queue.empty(); });
        --idle;
        if (stopped) return;
        job = std::move(queue.front());
        queue.pop_front();
      }
      const bool is_late = stopped;
      lock.unlock();
      if (is_late) {
        job->fail(aborted());
      } else {
        job->run();
      }
      job.reset();
      lock.lock();
    }
  }
};

blocking_pool::blocking_pool(std::string name, std::size_t threads) : impl_{std::make_unique<impl>()} {
  impl_->name = std::move(name);
  impl_->limit = threads == 0 ? 1 : threads;
}

blocking_pool::~blocking_pool() { stop(); }

const std::string& blocking_pool::name() const noexcept { return impl_->name; }
std::size_t blocking_pool::threads() const noexcept { return impl_->limit; }

std::size_t blocking_pool::queued() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->queue.size();
}

void blocking_pool::post(std::function<void()> job) {
  submit(std::make_unique<posted_job>(impl_->name, std::move(job)));
}

void blocking_pool::submit(std::unique_ptr<detail::pool_job> job) {
  std::exception_ptr refusal;
  {
    const std::lock_guard lock{impl_->mutex};
    if (impl_->stopped) {
      refusal = aborted();
    } else {
      impl_->queue.push_back(std::move(job));
      if (impl_->queue.size() > impl_->idle && impl_->threads.size() < impl_->limit) {
        try {
          impl_->threads.emplace_back(&impl::work, impl_.get(), impl_->threads.size());
        } catch (const std::system_error&) {
          if (impl_->threads.empty()) {  // else those there are will do it
            refusal = std::current_exception();
            job = std::move(impl_->queue.back());
            impl_->queue.pop_back();
          }
        }
      }
    }
  }
  impl_->wake.notify_one();  // unlocked: who wakes at once must not have to wait for this thread again
  if (refusal) job->fail(refusal);
}

void blocking_pool::hand_over(std::unique_ptr<detail::pool_job> job) {
  impl::own& mine = impl::this_thread();
  if (mine.pool == impl_.get() && !mine.next) {
    mine.next = std::move(job);
  } else {
    submit(std::move(job));
  }
}

void blocking_pool::stop() {
  std::deque<std::unique_ptr<detail::pool_job>> dropped;
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock{impl_->mutex};
    impl_->stopped = true;
    dropped.swap(impl_->queue);
    threads.swap(impl_->threads);
    impl_->wake.notify_all();
  }
  for (auto& job : dropped) job->fail(aborted());
  for (auto& thread : threads) thread.join();
}

}  // namespace nestcpp
