// Content codings: data that is none is refused within its limit, what was encoded is decoded to the same.
#include "http/content_coding.hpp"

#include "fuzz/expect.hpp"

#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nestcpp::detail;
  if (size < 2) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 2, size - 2};
  const std::size_t cut = text.empty() ? 0 : data[1] % text.size();
  for (const content_coding coding : {content_coding::gzip, content_coding::deflate, content_coding::brotli}) {
    if (parse_content_coding(name_of(coding)) != coding) continue;  // built without it
    constexpr std::size_t limit = 100'000;
    content_decoder decoder{coding, limit};
    std::string out;
    if (decoder.feed(text.substr(0, cut), out) == content_decoder::status::ok) {
      static_cast<void>(decoder.feed(text.substr(cut), out));
    }
    EXPECT(out.size() <= limit);

    content_encoder encoder{coding, 1 + data[0] % 9};
    std::string encoded;
    encoder.feed(text.substr(0, cut), encoded);
    encoder.finish(text.substr(cut), encoded);
    content_decoder back{coding, text.size()};
    std::string same;
    EXPECT(back.feed(encoded, same) == content_decoder::status::ok);
    EXPECT(back.is_complete());
    EXPECT(same == text);
  }
  return 0;
}
