#include "support/fake_service.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <exception>

namespace support {

namespace json = boost::json;

std::string nest_packet::pattern() const {
  const json::value& pattern = packet.at("pattern");
  return pattern.is_string() ? std::string{pattern.as_string()} : json::serialize(pattern);
}

fake_service::fake_service(handler react, std::uint16_t port)
    : react_{std::move(react)}, listener_{port}, port_{listener_.port()}, acceptor_{[this] { accept_connections(); }} {}

void fake_service::stop() {
  if (stopping_.exchange(true)) return;
  acceptor_.join();
  listener_.close();
  {
    const std::scoped_lock lock{mutex_};
    for (auto& open : connections_) open.stream.shut_down();
  }
  for (auto& open : connections_) open.thread.join();
}

std::vector<nest_packet> fake_service::received(std::string_view pattern) const {
  const std::scoped_lock lock{mutex_};
  std::vector<nest_packet> found;
  for (const auto& packet : packets_) {
    if (packet.pattern() == pattern) found.push_back(packet);
  }
  return found;
}

void fake_service::accept_connections() {
  while (!stopping_) {
    auto stream = listener_.accept(milliseconds{20});
    if (!stream) continue;
    const std::scoped_lock lock{mutex_};
    auto& open = connections_.emplace_back(std::move(*stream), std::thread{});
    open.thread = std::thread{[this, &open] { serve(open.stream); }};
  }
}

void fake_service::serve(tcp_stream& stream) {
  frame_reader frames;
  try {
    for (;;) {
      const std::string bytes = stream.receive(std::chrono::hours{1});
      if (bytes.empty()) return;
      frames.append(bytes);
      while (auto text = frames.next()) {
        nest_packet packet{*text, json::parse(*text).as_object()};
        {
          const std::scoped_lock lock{mutex_};
          packets_.push_back(packet);
        }
        const reaction reacted = react_(packet);
        if (std::holds_alternative<hang_up>(reacted)) {
          stream.shut_down();
          return;
        }
        if (packet.is_event()) continue;
        const std::string id = json::serialize(packet.packet.at("id"));
        if (const auto* answer = std::get_if<respond>(&reacted)) {
          stream.send(to_frame("{\"response\":" + answer->response + ",\"isDisposed\":true,\"id\":" + id + "}"));
        } else if (const auto* refusal = std::get_if<refuse>(&reacted)) {
          stream.send(to_frame("{\"err\":" + refusal->err + ",\"isDisposed\":true,\"id\":" + id + "}"));
        }
      }
    }
  } catch (const std::exception&) {
    stream.shut_down();  // the caller went away, or sent what is no frame: what was received before tells
  }
}

}  // namespace support
