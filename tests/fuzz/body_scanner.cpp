// A body in chunks: it ends in the same place however its bytes come, and what the scanner lets through Beast reads.
#include "http/body_scanner.hpp"

#include "fuzz/expect.hpp"
#include "http/chunked_body.hpp"

#include <cstdint>
#include <string>

namespace {

using namespace nestcpp::detail;
using status = body_scanner::status;

constexpr std::size_t limit = 1000;
constexpr std::size_t max_extras = 100;

struct outcome {
  std::size_t used = 0;
  std::string wire;
  status what = status::needs_more;
};

outcome scan(std::string_view text, std::size_t piece) {
  body_scanner scanner{{.content_length = {}, .limit = limit}, max_extras};
  outcome all;
  while (all.used < text.size() && all.what == status::needs_more) {
    const std::string_view input = text.substr(all.used, piece);
    const auto found = scanner.scan(input);
    EXPECT(found.wire <= found.used && found.used <= input.size());
    if (found.what == status::needs_more) EXPECT(found.used == input.size());
    all.wire += input.substr(0, found.wire);
    all.used += found.used;
    all.what = found.what;
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  outcome whole = scan(text, text.size());
  const outcome pieces = scan(text, 1 + data[0] % 16);
  EXPECT(whole.what == pieces.what && whole.used == pieces.used && whole.wire == pieces.wire);
  if (whole.what != status::done) return 0;
  whole.wire += "\r\n";
  chunked_body reader{limit};
  std::string body;
  auto last = chunked_body::status::goes_on;
  while (last == chunked_body::status::goes_on) {
    const auto fed = reader.feed(whole.wire, body);
    whole.wire.erase(0, fed.used);
    last = fed.what;
  }
  EXPECT(last == chunked_body::status::done && whole.wire.empty() && body.size() <= limit);
  return 0;
}
