#pragma once
// Handlers, routes and callers for the tests of this folder.

#include <nestcpp/core/runtime.hpp>
#include <nestcpp/http/http_context.hpp>
#include <nestcpp/http/http_dispatcher.hpp>
#include <nestcpp/http/http_server.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp::test {

/// A handler that does not suspend: returns its JSON (or text), or nothing.
class plain_handler final : public endpoint {
 public:
  using function = std::function<std::optional<std::string>(http_context&)>;
  explicit plain_handler(function work, bool text = false) : work_{std::move(work)}, text_{text} {}
  [[nodiscard]] bool is_plain() const noexcept override { return true; }
  [[nodiscard]] bool returns_text() const noexcept override { return text_; }
  bool call(execution_context& context, std::string& out) const override {
    auto result = work_(context.switch_to_http());
    if (result) out += *result;
    return result.has_value();
  }
  [[nodiscard]] task<reply> call_async(execution_context& context) const override {
    std::string out;
    if (!call(context, out)) co_return reply{};
    co_return reply::from_text(std::move(out));
  }

 private:
  function work_;
  bool text_;
};

/// A handler that may suspend.
class async_handler final : public endpoint {
 public:
  using function = std::function<task<reply>(http_context&)>;
  explicit async_handler(function work) : work_{std::move(work)} {}
  [[nodiscard]] bool is_plain() const noexcept override { return false; }
  [[nodiscard]] bool returns_text() const noexcept override { return false; }
  bool call(execution_context&, std::string&) const override { throw std::logic_error{"not plain"}; }
  [[nodiscard]] task<reply> call_async(execution_context& context) const override {
    return work_(context.switch_to_http());
  }

 private:
  function work_;
};

inline std::shared_ptr<handler_chain> make_chain(std::string method, std::unique_ptr<endpoint> handler,
                                                 const std::vector<const enhancers*>& levels = {}) {
  auto chain = std::make_shared<handler_chain>(handler_info{"CatsController", std::move(method), "test"}, levels);
  chain->set_endpoint(std::move(handler));
  return chain;
}

inline std::shared_ptr<handler_chain> plain(plain_handler::function work) {
  return make_chain("plain", std::make_unique<plain_handler>(std::move(work)));
}
inline std::shared_ptr<handler_chain> text(plain_handler::function work) {
  return make_chain("text", std::make_unique<plain_handler>(std::move(work), true));
}
inline std::shared_ptr<handler_chain> async(async_handler::function work) {
  return make_chain("async", std::make_unique<async_handler>(std::move(work)));
}

/// An answer as a caller read it.
struct answer {
  int status = 0;
  std::string head;
  std::string body;
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const {
    std::string_view rest = head;
    while (!rest.empty()) {
      const auto line = rest.substr(0, rest.find("\r\n"));
      rest.remove_prefix(std::min(line.size() + 2, rest.size()));
      const auto colon = line.find(": ");
      if (colon != std::string_view::npos && detail::equals_ignoring_case(line.substr(0, colon), name)) {
        return std::string{line.substr(colon + 2)};
      }
    }
    return std::nullopt;
  }
};

/// A caller on a plain socket. Each wait ends after ten seconds with an exception.
class caller {
 public:
  explicit caller(std::uint16_t port);
  void send(std::string_view bytes);
  /// @param headers each with its CRLF
  void request(std::string_view method, std::string_view target, std::string_view headers = {},
               std::string_view body = {});
  /// @throws std::runtime_error where the connection ends first
  [[nodiscard]] answer read(bool head_only = false);
  [[nodiscard]] answer get(std::string_view target) {
    request("GET", target);
    return read();
  }
  [[nodiscard]] answer post_json(std::string_view target, std::string_view json) {
    request("POST", target, "Content-Type: application/json\r\n", json);
    return read();
  }
  /// Whether the server closes the connection now, without another byte.
  [[nodiscard]] bool is_closed();
  /// Whether anything comes before the server closes.
  [[nodiscard]] bool answers() { return !in_.empty() || fill(); }
  /// What comes until the server closes.
  [[nodiscard]] std::string rest();
  void shut_down_sending();

 private:
  void read_chunks(answer& got);
  bool fill();  // false: the connection has ended

  // One for all, as each has three descriptors; nothing runs on it.
  static boost::asio::io_context& context() {
    static boost::asio::io_context shared;
    return shared;
  }
  boost::asio::ip::tcp::socket socket_{context()};
  std::string in_;
};

enum class adapter { httplib, beast };
inline void PrintTo(adapter which, std::ostream* to) { *to << (which == adapter::beast ? "beast" : "httplib"); }

/// Runtime, dispatcher and, at will, a server.
struct service {
  explicit service(http_dispatcher_options options = {}, std::size_t loop_threads = 2)
      : loops{runtime_options{.io_threads = loop_threads}}, dispatcher{loops, std::move(options)} {
    loops.start();
  }
  void listen(http_server_options options = {}, adapter with = adapter::httplib) {
    options.port = 0;
    kind = with;
    server = make_server(std::move(options));
    server->start();
  }
  [[nodiscard]] std::unique_ptr<http_server> make_server(http_server_options options) {
    return kind == adapter::beast ? make_beast_server(dispatcher, loops, std::move(options))
                                  : make_httplib_server(dispatcher, std::move(options));
  }
  [[nodiscard]] caller connect() const { return caller{server->port()}; }

  runtime loops;
  http_dispatcher dispatcher;
  std::unique_ptr<http_server> server;
  adapter kind = adapter::httplib;
};

/// A suite that runs with each adapter: `class X : public adapter_test`, `TEST_P(X, …)`, `NESTCPP_ON_EACH_ADAPTER(X);`.
class adapter_test : public testing::TestWithParam<adapter> {};
#define NESTCPP_ON_EACH_ADAPTER(Suite)                                                                         \
  INSTANTIATE_TEST_SUITE_P(, Suite, testing::Values(adapter::httplib, adapter::beast), [](const auto& param) { \
    return std::string{param.param == adapter::beast ? "beast" : "httplib"};                                   \
  })

/// Dispatches without a socket. @throws std::runtime_error where no answer comes within ten seconds
[[nodiscard]] http_response ask(http_dispatcher& dispatcher, http_request request);
[[nodiscard]] inline http_response ask(http_dispatcher& dispatcher, std::string method, std::string target) {
  return ask(dispatcher, http_request{std::move(method), std::move(target)});
}
[[nodiscard]] http_request json_request(std::string method, std::string target, std::string body);

/// Waits until `condition` holds; false after ten seconds.
[[nodiscard]] bool eventually(const std::function<bool()>& condition);

}  // namespace nestcpp::test
