#pragma once
// The values of another stream, each as a function makes it.

#include <nestcpp/core/detail/stream_source.hpp>

#include <utility>

namespace nestcpp::detail {

template <class T, class F, class From>
class mapped_stream final : public stream_source<T> {
 public:
  mapped_stream(F function, From values) : function_{std::move(function)}, values_{std::move(values)} {}

  [[nodiscard]] stream_step advance(const boost::asio::any_io_executor& executor) override {
    return values_.advance(executor);
  }
  void wait(stream_completion done) override { values_.wait(std::move(done)); }
  [[nodiscard]] T take() override { return function_(values_.take()); }
  [[nodiscard]] std::exception_ptr failure() const noexcept override { return values_.failure(); }
  void release() noexcept override { delete this; }

 private:
  F function_;
  From values_;
};

}  // namespace nestcpp::detail
