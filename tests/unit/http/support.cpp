#include "support.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstdlib>
#include <thread>

#include <poll.h>
#include <sys/socket.h>

namespace nestcpp::test {

namespace {

using namespace std::chrono_literals;

class promised_responder final : public http_responder {
 public:
  void respond(http_response response) noexcept override { promise.set_value(std::move(response)); }
  std::promise<http_response> promise;
};

}  // namespace

caller::caller(std::uint16_t port) {
  socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
  socket_.set_option(boost::asio::ip::tcp::no_delay{true});
}

void caller::send(std::string_view bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }

void caller::request(std::string_view method, std::string_view target, std::string_view headers,
                     std::string_view body) {
  std::string text{method};
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(headers);
  if (!body.empty()) text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  send(text.append("\r\n").append(body));
}

bool caller::fill() {
  pollfd waited{socket_.native_handle(), POLLIN, 0};
  if (::poll(&waited, 1, 10000) <= 0) throw std::runtime_error{"nothing came within ten seconds; so far: " + in_};
  std::array<char, 65536> buffer;
  const auto received = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
  if (received <= 0) return false;
  in_.append(buffer.data(), static_cast<std::size_t>(received));
  return true;
}

answer caller::read(bool head_only) {
  std::size_t end = std::string::npos;
  while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) throw std::runtime_error{"the connection ended before the answer; so far: " + in_};
  }
  answer got;
  got.head = in_.substr(0, end + 2);
  in_.erase(0, end + 4);
  got.status = std::atoi(got.head.substr(9, 3).c_str());
  if (head_only || got.status == 100) return got;
  if (got.header("Transfer-Encoding") == "chunked") {
    read_chunks(got);
    return got;
  }
  const std::size_t size = std::stoul(got.header("Content-Length").value_or("0"));
  while (in_.size() < size) {
    if (!fill()) throw std::runtime_error{"the connection ended before the body; so far: " + in_};
  }
  got.body = in_.substr(0, size);
  in_.erase(0, size);
  return got;
}

void caller::read_chunks(answer& got) {
  const auto need = [this](std::size_t size) {
    while (in_.size() < size) {
      if (!fill()) throw std::runtime_error{"the connection ended within a chunk; so far: " + in_};
    }
  };
  while (true) {
    std::size_t line = std::string::npos;
    while ((line = in_.find("\r\n")) == std::string::npos) need(in_.size() + 1);
    const std::size_t size = std::stoul(in_.substr(0, line), nullptr, 16);
    need(line + 2 + size + 2);
    got.body.append(in_, line + 2, size);
    in_.erase(0, line + 2 + size + 2);
    if (size == 0) return;
  }
}

std::string caller::rest() {
  while (fill()) {
  }
  return std::exchange(in_, {});
}

bool caller::is_closed() { return in_.empty() && !fill(); }

void caller::shut_down_sending() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }

http_response ask(http_dispatcher& dispatcher, http_request request) {
  const auto responder = std::make_shared<promised_responder>();
  auto response = responder->promise.get_future();
  dispatcher.dispatch(std::move(request), responder);
  if (response.wait_for(10s) != std::future_status::ready) throw std::runtime_error{"no answer within ten seconds"};
  return response.get();
}

http_request json_request(std::string method, std::string target, std::string body) {
  http_request request{std::move(method), std::move(target)};
  request.headers.set("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

bool eventually(const std::function<bool()>& condition) {
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

}  // namespace nestcpp::test
