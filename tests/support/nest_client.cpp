#include "support/nest_client.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace support {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& packet, std::string_view key) {
  const json::value* const value = packet.if_contains(key);
  return value ? json::serialize(*value) : std::string{};
}

}  // namespace

std::string nest_reply::response() const { return text_of(packet, "response"); }
std::string nest_reply::err() const { return text_of(packet, "err"); }

const json::value& nest_reply::value() const {
  if (is_error() || !packet.contains("response")) throw std::runtime_error{"not a value: " + text};
  return packet.at("response");
}

nest_reply nest_client::request(std::string_view pattern, std::string_view data, milliseconds limit) {
  const std::string id = "call-" + std::to_string(++last_id_);
  send_packet("{\"pattern\":" + json::serialize(json::string{pattern}) + ",\"data\":" + std::string{data} +
              ",\"id\":\"" + id + "\"}");
  const time_limit end{limit};
  for (;;) {
    nest_reply reply = receive(end.left());
    const json::value* const answered = reply.packet.if_contains("id");
    if (answered && answered->is_string() && answered->as_string() == id) return reply;
  }
}

void nest_client::emit(std::string_view pattern, std::string_view data) {
  send_packet("{\"pattern\":" + json::serialize(json::string{pattern}) + ",\"data\":" + std::string{data} + "}");
}

nest_reply nest_client::receive(milliseconds limit) {
  const time_limit end{limit};
  for (;;) {
    if (auto text = frames_.next()) {
      json::value packet = json::parse(*text);
      return {std::move(*text), std::move(packet.as_object())};
    }
    const std::string bytes = stream_.receive(end.left());
    if (bytes.empty()) throw std::runtime_error{"the service closed the connection"};
    frames_.append(bytes);
  }
}

int count_answers(tcp_stream& stream, int count) {
  frame_reader frames;
  int seen = 0;
  while (seen < count) {
    const std::string bytes = stream.receive();
    if (bytes.empty()) return seen;
    frames.append(bytes);
    while (frames.next()) ++seen;
  }
  return seen;
}

}  // namespace support
