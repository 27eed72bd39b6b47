#pragma once
// Where a request's body ends on its connection. Strict, and the same for both adapters: what two readers could
// understand differently (request smuggling) is refused before either library sees it.

#include "http/body_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nestcpp::detail {

class body_scanner {
 public:
  /// @param max_extras bytes of all chunk extensions, and of all trailers
  body_scanner(const body_form& form, std::size_t max_extras) noexcept;

  // `too_large`: the data, or what frames it, as that is kept in memory, too.
  enum class status : std::uint8_t { needs_more, done, malformed, too_large, extras_too_large };
  struct progress {
    std::size_t used;  ///< bytes of the input: all of it but where the body has ended, or is refused
    std::size_t wire;  ///< bytes of those for a `body_reader`: trailers, and the line after them, are left out
    status what;
  };
  /// @param input what has come since
  [[nodiscard]] progress scan(std::string_view input) noexcept;

 private:
  // What is expected next; `done` and what is refused end it.
  enum class state : std::uint8_t {
    content,
    size,
    size_or_end,
    extension,  // its name
    extension_or_end,
    value,
    value_or_end,
    quoted,
    escaped,
    quoted_end,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_or_end,
    trailer,
    trailer_lf,
    end_lf,
  };

  [[nodiscard]] progress scan_content(std::string_view input) noexcept;
  [[nodiscard]] status take_size(char digit) noexcept;
  [[nodiscard]] status take(char next) noexcept;
  [[nodiscard]] status take_extension(char next) noexcept;
  [[nodiscard]] status take_trailer(char next) noexcept;
  [[nodiscard]] status count_extra() noexcept;
  [[nodiscard]] bool in_trailers() const noexcept { return state_ >= state::trailer_or_end; }
  [[nodiscard]] status go_to(state next) noexcept;
  [[nodiscard]] status expect(char next, char wanted, state then) noexcept;

  state state_;
  std::uint64_t left_ = 0;  // of the content, or of the chunk
  std::uint64_t room_;      // what chunks may still have
  std::size_t digits_ = 0;
  std::size_t extras_ = 0;
  std::uint64_t overhead_left_;  // bytes that may still frame the data
  const std::size_t max_extras_;
};

}  // namespace nestcpp::detail
