#include <nestcpp/testing/http_agent.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <future>
#include <memory>

namespace nestcpp::testing {

namespace {

http_answer answer_of(http_response response, bool head) {
  if (head) response.body.clear();  // as the adapter, which sends none
  http_answer answer;
  answer.status = response.status;
  answer.headers = std::move(response.headers);
  answer.body = std::move(response.body);
  return answer;
}

class promised_answer final : public http_responder {
 public:
  explicit promised_answer(bool head) : head_{head} {}
  void respond(http_response response) noexcept override { promise_.set_value(answer_of(std::move(response), head_)); }
  [[nodiscard]] std::future<http_answer> future() { return promise_.get_future(); }

 private:
  std::promise<http_answer> promise_;
  bool head_;
};

// Resumes the coroutine that waits, on its own executor; with an error where nobody answers any more.
class awaited_answer final : public http_responder {
 public:
  using completion = boost::asio::any_completion_handler<void(std::exception_ptr, http_answer)>;

  awaited_answer(completion done, boost::asio::any_io_executor executor, bool head)
      : done_{std::move(done)},
        executor_{boost::asio::prefer(executor, boost::asio::execution::outstanding_work.tracked)},
        head_{head} {}
  ~awaited_answer() override {
    if (!done_) return;
    finish(std::make_exception_ptr(expectation_failed{"the application ended before it answered"}), {});
  }
  void respond(http_response response) noexcept override { finish({}, answer_of(std::move(response), head_)); }

 private:
  void finish(std::exception_ptr failure, http_answer answer) {
    boost::asio::post(
        executor_, [done = std::exchange(done_, nullptr), failure = std::move(failure),
                    answer = std::move(answer)]() mutable { std::move(done)(std::move(failure), std::move(answer)); });
  }

  completion done_;
  boost::asio::any_io_executor executor_;
  bool head_;
};

}  // namespace

std::string http_answer::header(std::string_view name) const { return std::string{headers.get(name).value_or("")}; }

boost::json::value http_answer::json() const {
  boost::system::error_code error;
  boost::json::value value = boost::json::parse({body.data(), body.size()}, error);
  if (error) fail("no JSON");
  return value;
}

void http_answer::fail(std::string_view why) const {
  throw expectation_failed{"the answer, " + std::to_string(status) + ", has another body than was expected (" +
                           std::string{why} + "): " + (body.empty() ? "none" : body)};
}

http_call_builder::http_call_builder(http_dispatcher& to, std::string method, std::string target)
    : to_{&to}, request_{std::move(method), std::move(target)}, head_{request_.method() == http_method::head} {}

http_call_builder& http_call_builder::header(std::string_view name, std::string value) & {
  request_.headers.set(name, std::move(value));
  return *this;
}

http_call_builder& http_call_builder::body(std::string text, std::string type) & {
  request_.body = std::move(text);
  return header("Content-Type", std::move(type));
}

http_request http_call_builder::take() {
  request_.received_at = clock::now();
  return std::move(request_);
}

pending<http_answer> http_call_builder::start() {
  auto responder = std::make_shared<promised_answer>(head_);
  pending<http_answer> answer{responder->future()};
  to_->dispatch(take(), std::move(responder));
  return answer;
}

namespace {

task<http_answer> dispatched(http_dispatcher* to, http_request what, bool head) {
  auto start = [to, head](auto handler, http_request request) {
    const boost::asio::any_io_executor executor = boost::asio::get_associated_executor(handler);
    to->dispatch(std::move(request), std::make_shared<awaited_answer>(std::move(handler), executor, head));
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>,
                                                 void(std::exception_ptr, http_answer)>(
      std::move(start), boost::asio::use_awaitable, std::move(what));
}

}  // namespace

task<http_answer> http_call_builder::send_async() { return dispatched(to_, take(), head_); }

}  // namespace nestcpp::testing
