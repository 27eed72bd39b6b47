#include <nestcpp/core/blocking_pool.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

namespace nestcpp {

struct blocking_pool::impl {
  impl(std::string pool_name, std::size_t count) : name{std::move(pool_name)}, threads{count}, pool{count} {}
  std::string name;
  std::size_t threads;
  boost::asio::thread_pool pool;
};

blocking_pool::blocking_pool(std::string name, std::size_t threads)
    : impl_{std::make_unique<impl>(std::move(name), threads == 0 ? 1 : threads)} {}

blocking_pool::~blocking_pool() {
  impl_->pool.stop();
  impl_->pool.join();
}

const std::string& blocking_pool::name() const noexcept { return impl_->name; }
std::size_t blocking_pool::threads() const noexcept { return impl_->threads; }

void blocking_pool::post(std::function<void()> job) { boost::asio::post(impl_->pool, std::move(job)); }

}  // namespace nestcpp
