// Replies are read as a document's members are, by the rules of both versions.
#include "fuzz/expect.hpp"
#include "messaging/json_scan.hpp"

#include <nestcpp/dto/json_error.hpp>
#include <nestcpp/dto/json_member.hpp>
#include <nestcpp/messaging/envelope.hpp>

#include <boost/json/parse.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

bool is_truthy(std::string_view packet, std::string_view key, const boost::json::value* value) {
  if (value == nullptr || value->is_null()) return false;
  if (const auto* flag = value->if_bool()) return *flag;
  if (const auto* text = value->if_string()) return !text->empty();
  // Not the document's number: Boost 1.81 takes 0e9999 for something else than zero.
  if (value->is_number()) return std::strtod(std::string{nestcpp::find_member(packet, key)}.c_str(), nullptr) != 0;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nestcpp;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  reply_envelope packet, old;
  std::string error;
  const bool json = scan_reply(text, packet, error);
  EXPECT(json == error.empty());
  EXPECT(json == scan_reply(text, old, error, reply_rules::v11));
  EXPECT(json == !find_json_error(text));
  EXPECT(packet.text == detail::trim_json(text));
  for (const auto token : {packet.id, packet.response, packet.err, packet.value()}) {
    EXPECT(token.empty() || (token.data() >= text.data() && token.data() + token.size() <= text.data() + text.size()));
    EXPECT(detail::trim_json(token) == token);
  }

  boost::json::parse_options options;
  options.max_depth = 500;
  boost::json::error_code failed;
  const auto document = boost::json::parse({text.data(), text.size()}, failed, {}, options);
  if (failed) return 0;
  EXPECT(json);
  const auto* object = document.if_object();
  if (object == nullptr) {
    EXPECT(packet.id.empty() && packet.foreign && old.foreign);
    return 0;
  }
  EXPECT(packet.id.empty() == !object->contains("id"));
  EXPECT(packet.response.empty() == !object->contains("response"));
  EXPECT(packet.is_disposed == is_truthy(text, "isDisposed", object->if_contains("isDisposed")));
  EXPECT(packet.failed == is_truthy(text, "err", object->if_contains("err")));
  std::size_t known{0};
  for (const char* key : {"id", "response", "err", "isDisposed", "status"}) known += object->contains(key) ? 1 : 0;
  EXPECT(packet.foreign == (object->empty() || object->size() > known));
  EXPECT(old.foreign == (!object->contains("response") && !object->contains("err") && !object->contains("isDisposed")));
  return 0;
}
