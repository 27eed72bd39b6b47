// Requests are read as a document's members are, and nothing else is taken for JSON.
#include "fuzz/expect.hpp"
#include "messaging/json_scan.hpp"

#include <nestcpp/dto/json_error.hpp>
#include <nestcpp/messaging/envelope.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nestcpp;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  request_envelope packet;
  std::string error;
  const bool json = scan_request(text, packet, error);
  EXPECT(json == error.empty());
  EXPECT(json == !find_json_error(text));
  EXPECT(json || (packet.external() && packet.id.empty()));
  for (const auto token : {packet.pattern, packet.data, packet.id, packet.metadata}) {
    EXPECT(token.empty() || (token.data() >= text.data() && token.data() + token.size() <= text.data() + text.size()));
    EXPECT(detail::trim_json(token) == token);
  }

  // Boost.JSON refuses lone surrogates and bad UTF-8, which is no matter of ours; whatever it takes is the same.
  namespace json_ns = boost::json;
  json_ns::parse_options options;
  options.max_depth = 500;
  json_ns::error_code failed;
  const auto document = json_ns::parse({text.data(), text.size()}, failed, {}, options);
  if (failed) return 0;
  EXPECT(json);
  const auto* object = document.if_object();
  if (object == nullptr || (!object->contains("pattern") && !object->contains("data"))) {
    EXPECT(packet.external() && packet.id.empty());
    return 0;
  }
  const auto same = [&](const char* key, std::string_view token) {
    const auto* value = object->if_contains(key);
    EXPECT((value == nullptr) == token.empty());
    if (value == nullptr) return;
    const auto read = json_ns::parse({token.data(), token.size()}, failed, {}, options);
    EXPECT(!failed && json_ns::serialize(read) == json_ns::serialize(*value));
  };
  same("pattern", packet.pattern);
  same("data", packet.data);
  same("id", packet.id);
  same("metadata", packet.metadata);
  return 0;
}
