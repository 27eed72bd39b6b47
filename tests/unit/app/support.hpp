#pragma once
// An application with both kinds of callers: messages in memory, HTTP over a socket.

#include <nestcpp/nestcpp.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/serialize.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace app_test {

namespace nest = nestcpp;

struct Trace {
  std::mutex mutex;
  std::vector<std::string> lines;
  void operator()(std::string line) {
    const std::lock_guard lock{mutex};
    lines.push_back(std::move(line));
  }
  std::vector<std::string> take() {
    const std::lock_guard lock{mutex};
    return std::exchange(lines, {});
  }
};

struct Answer {
  int status = 0;
  std::string head, body;
};

inline std::uint16_t http_port(nest::application& app) {
  for (const std::string& line : app.listeners()) {
    if (line.starts_with("http")) return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  }
  return 0;
}

inline Answer http_request(std::uint16_t port, const std::string& verb, const std::string& path,
                           const std::string& body = {}, const std::string& headers = {}) {
  using boost::asio::ip::tcp;
  boost::asio::io_context context;
  tcp::socket socket{context};
  socket.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  std::string request = verb + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers;
  if (!body.empty()) {
    if (headers.find("Content-Type:") == std::string::npos) request += "Content-Type: application/json\r\n";
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  boost::asio::write(socket, boost::asio::buffer(request + "\r\n" + body));
  std::string text;
  boost::system::error_code ended;
  boost::asio::read(socket, boost::asio::dynamic_buffer(text), ended);
  const std::size_t gap = text.find("\r\n\r\n");
  return {std::stoi(text.substr(9, 3)), text.substr(0, gap), text.substr(gap + 4)};
}

class Service {
 public:
  template <class Root>
  explicit Service(Root root, const std::function<void(nest::application&)>& set_up = {})
      : app{std::move(root), {.io_threads = 1}} {
    app.connect_microservice(network, "service");
    app.listen_http({.host = "127.0.0.1", .port = 0});
    if (set_up) set_up(app);
    app.start();
    port_ = http_port(app);
    client = nest::make_in_memory_client(app.loops(), "service", network, "service");
  }
  ~Service() {
    client->close();
    app.stop();
  }

  // The reply's JSON, or "err " and the error's.
  std::string send(std::string pattern, std::string payload = "{}") { return ask(*client, pattern, payload); }
  std::string ask(nest::client_proxy& proxy, std::string pattern, std::string payload) {
    auto call = proxy.send_text(std::move(pattern), std::move(payload), {});
    auto answer = boost::asio::co_spawn(app.loops().loop(0).executor(), std::move(call), boost::asio::use_future);
    try {
      return answer.get().text();
    } catch (const nest::rpc_exception& error) {
      return "err " + boost::json::serialize(error.error());
    }
  }

  Answer http(const std::string& verb, const std::string& path, const std::string& body = {},
              const std::string& headers = {}) {
    return http_request(port_, verb, path, body, headers);
  }

  nest::in_memory_network network;
  nest::application app;
  std::unique_ptr<nest::client_proxy> client;

 private:
  std::uint16_t port_ = 0;
};

}  // namespace app_test
