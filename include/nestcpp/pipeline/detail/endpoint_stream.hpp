#pragma once
// A handler's stream as the pipeline sees it: its values as JSON.

#include <nestcpp/core/stream.hpp>
#include <nestcpp/dto/json.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <string>
#include <type_traits>
#include <utility>

namespace nestcpp::detail {

// Keeps the handler's arguments, which its stream may refer to.
template <class Arguments, class T>
class endpoint_stream final : public stream_source<reply> {
 public:
  explicit endpoint_stream(Arguments arguments) : arguments_{std::move(arguments)} {}

  [[nodiscard]] Arguments& arguments() noexcept { return arguments_; }
  void set_values(stream<T> values) { values_ = std::move(values); }

  [[nodiscard]] stream_step advance(const boost::asio::any_io_executor& executor) override {
    return values_.advance(executor);
  }
  void wait(stream_completion done) override { values_.wait(std::move(done)); }
  [[nodiscard]] reply take() override {
    if constexpr (std::is_same_v<T, reply>) {
      return values_.take();
    } else {
      std::string json;
      write_json(json, values_.take());
      return reply::from_text(std::move(json));
    }
  }
  [[nodiscard]] std::exception_ptr failure() const noexcept override { return values_.failure(); }
  void release() noexcept override { delete this; }

 private:
  ~endpoint_stream() = default;

  Arguments arguments_;
  stream<T> values_;
};

}  // namespace nestcpp::detail
