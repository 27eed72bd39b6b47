// A pattern finds the handler registered with it, whether it travels as a value or as its text.
#include "fuzz/expect.hpp"
#include "messaging/json_scan.hpp"

#include <nestcpp/messaging/pattern.hpp>

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nestcpp;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto registered = route_of_text(text);
  const auto sent = quote_json(text);
  EXPECT(!detail::trim_json(sent).empty());
  if (detail::unquote_json(sent) != text) return 0;  // no text a peer can send
  EXPECT((route_of(sent) == registered) == reachable_pattern(text));
  EXPECT(pattern_text(sent) == text);

  std::size_t depth{};
  const auto raw = detail::trim_json(text, &depth);
  if (raw.empty()) {
    EXPECT(reachable_pattern(text));
    return 0;
  }
  const auto route = route_of(raw);
  if (std::string_view plain; plain_route(raw, plain)) EXPECT(plain == route);
  if (depth < 60) EXPECT(route_of(quote_json(pattern_text(raw))) == route);
  return 0;
}
