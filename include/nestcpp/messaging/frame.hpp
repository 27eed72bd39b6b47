#pragma once
/// @file nestcpp/messaging/frame.hpp
/// @brief NestJS's TCP framing, `<digits>#<json>`, without sockets: cutting a stream of bytes into frames and writing
/// them.
///
/// `<digits>` counts UTF-16 code units of the JSON text: `é` and `€` are one, `😀` is two. Bytes that are no UTF-8 are
/// read as U+FFFD, one for each maximal ill-formed part (as Node does), and are counted so.
///
/// Where this is stricter than NestJS:
///  - a declared length above `max_buffer_size` is refused at once; NestJS waits for the data and refuses that;
///  - the limit holds for each frame, so that many small frames in one read never trip it (in NestJS they do), and the
///  header
///    does not count;
///  - a header of more than 1 KiB without `#` is a corrupted length; NestJS keeps it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <forward_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace nestcpp {

enum class frame_error { none, corrupted_length, max_length_exceeded };

/// Cuts one connection's bytes into frames. Owns the input buffer; one per connection, not thread-safe.
///
///     auto room = decoder.prepare(65536);
///     decoder.commit(co_await read_some(room));
///     std::string_view text;
///     while (decoder.next(text) == frame_decoder::status::frame) handle(text);
///
/// Every byte is looked at once, however the stream is cut; frames are consumed by index, without moving the rest.
class frame_decoder {
 public:
  /// NestJS's `maxBufferSize`, in UTF-16 units.
  static constexpr std::size_t default_max_buffer_size = 134217728;
  /// A header (what stands before `#`) may have this many bytes.
  static constexpr std::size_t max_header_size = 1024;

  enum class status { need_more, frame, error };

  explicit frame_decoder(std::size_t max_buffer_size = default_max_buffer_size) noexcept
      : max_units_{max_buffer_size} {}
  frame_decoder(frame_decoder&&) = delete;

  /// Room to read into: at least `n` bytes, often more. Grows geometrically with what really arrived, never by the
  /// declared length. Invalidates all texts taken so far.
  /// @throws std::bad_alloc
  [[nodiscard]] std::span<char> prepare(std::size_t n);

  /// Says that `n` bytes were read into the front of the last `prepare()`. Ignored after an error.
  void commit(std::size_t n) noexcept;

  /// Takes the next frame. `text` is valid UTF-8 (repaired with U+FFFD where the stream was not) and stays valid until
  /// the next `prepare()` or `release_idle()`; it is empty for lengths of zero and below, which are no JSON. A length
  /// that ends within a surrogate pair gives a text that ends with U+FFFD, which is no JSON either. Once `error` was
  /// returned it stays.
  [[nodiscard]] status next(std::string_view& text);

  [[nodiscard]] frame_error error() const noexcept { return error_; }
  /// NestJS's text for the error, empty without one.
  [[nodiscard]] const std::string& error_text() const noexcept { return error_text_; }

  /// A part of a frame is waiting for the rest (for `incompleteMessageTimeout`). Ask after `next()` said `need_more`.
  [[nodiscard]] bool mid_frame() const noexcept { return in_body_ || begin_ != end_; }
  /// What is there of a header cannot become a length, whatever follows: the peer speaks something else. NestJS waits
  /// for the `#` all the same. Ask after `next()` said `need_more`.
  [[nodiscard]] bool hopeless() const noexcept;
  /// Bytes read and not yet taken, header of the current frame excluded.
  [[nodiscard]] std::size_t buffered() const noexcept { return end_ - begin_; }
  /// Bytes of memory held for the buffer.
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

  /// Frees the buffer if nothing is buffered, so that an idle connection holds none.
  void release_idle() noexcept;

 private:
  struct free_memory {
    void operator()(char* memory) const noexcept { std::free(memory); }
  };

  [[nodiscard]] bool take_plain(std::string_view& text) noexcept;
  [[nodiscard]] status read_header();
  status fail(frame_error error, std::string text);
  [[nodiscard]] bool scan_body() noexcept;
  [[nodiscard]] std::string_view take_body();
  void reserve(std::size_t capacity);

  std::unique_ptr<char, free_memory> memory_;
  std::size_t capacity_{0};
  std::size_t begin_{0};    // first byte of the current header or body
  std::size_t scanned_{0};  // bytes of the current header or body looked at, from begin_
  std::size_t end_{0};
  std::size_t max_units_;
  std::uint64_t wanted_{0};  // units of the current body
  std::uint64_t units_{0};   // units within the scanned part
  bool in_body_{false};
  bool ill_formed_{false};
  bool split_pair_{false};  // the length ends within the last character
  frame_error error_{frame_error::none};
  std::string error_text_;
  std::forward_list<std::string> repaired_;
};

/// Appends `<units>#<json>`. Ill-formed parts of `json` are written as U+FFFD.
void append_frame(std::string& out, std::string_view json);

/// Appends one frame whose JSON is written piece by piece, straight into the output.
///
///     frame_writer frame{out};
///     write(frame.json(), …);
///     frame.finish();
///
/// Nothing else may be appended to `out` meanwhile. Destroyed without `finish()` it takes back what was written.
class frame_writer {
 public:
  explicit frame_writer(std::string& out);
  frame_writer(frame_writer&&) = delete;
  ~frame_writer();

  /// The output; append the JSON to it.
  [[nodiscard]] std::string& json() noexcept { return *out_; }
  /// The JSON written so far.
  [[nodiscard]] std::string_view written() const noexcept;
  void finish();

 private:
  std::string* out_;
  std::size_t start_;
};

}  // namespace nestcpp
