#pragma once
// A request's body in HTTP/1.1's chunks.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace nestcpp::detail {

class chunked_body {
 public:
  /// @param limit bytes of the body; a little more may come out before it is noticed
  explicit chunked_body(std::size_t limit);
  ~chunked_body();
  chunked_body(const chunked_body&) = delete;
  chunked_body& operator=(const chunked_body&) = delete;

  enum class status : std::uint8_t { goes_on, needs_more, done, too_large, malformed };
  struct progress {
    std::size_t used;  ///< bytes of the input
    status what;
  };
  /// Appends to `out` what the input holds of the body.
  [[nodiscard]] progress feed(std::string_view input, std::string& out);

 private:
  class parser;
  std::unique_ptr<parser> parser_;
};

}  // namespace nestcpp::detail
