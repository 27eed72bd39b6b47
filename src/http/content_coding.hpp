#pragma once
// Content codings of bodies: gzip, deflate and, where it was found, brotli.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace nestcpp::detail {

enum class content_coding { none, gzip, deflate, brotli };

/// What `Content-Encoding` names, lower case; `none` for what is not known.
[[nodiscard]] content_coding parse_content_coding(std::string_view name) noexcept;

/// "gzip"
[[nodiscard]] std::string_view name_of(content_coding coding) noexcept;

/// Undoes a coding piece by piece.
class content_decoder {
 public:
  enum class status {
    ok,
    too_large,  ///< more than the limit came out
    corrupt,    ///< no data of that coding, or data after its end
  };

  /// @param limit bytes that may come out in all
  content_decoder(content_coding coding, std::size_t limit);
  ~content_decoder();
  content_decoder(const content_decoder&) = delete;
  content_decoder& operator=(const content_decoder&) = delete;

  /// Appends to `out` what `input` stands for.
  [[nodiscard]] status feed(std::string_view input, std::string& out);
  /// Whether the data is complete; false for data that was cut off.
  [[nodiscard]] bool is_complete() const noexcept;

  struct impl;

 private:
  std::unique_ptr<impl> impl_;
};

/// Applies a coding piece by piece.
class content_encoder {
 public:
  /// @param level zlib's, 1 (fast) to 9 (small); -1 = zlib's default, 6. brotli's is 4 whatever it is
  content_encoder(content_coding coding, int level);
  ~content_encoder();
  content_encoder(const content_encoder&) = delete;
  content_encoder& operator=(const content_encoder&) = delete;

  /// Appends to `out`, in such a way that a reader has all of `input` already.
  void feed(std::string_view input, std::string& out);
  /// Appends the rest. With `input` as the last piece.
  void finish(std::string_view input, std::string& out);

  struct impl;

 private:
  std::unique_ptr<impl> impl_;
};

}  // namespace nestcpp::detail
