#pragma once
/// @file nestcpp/dto/text.hpp
/// @brief Sizes and conversions of text between UTF-8 and JavaScript's UTF-16.

#include <cstddef>
#include <string_view>

namespace nestcpp {

/// UTF-16 units the bytes have once a JavaScript peer has decoded them: what NestJS writes as the length of a frame.
/// Bytes that are no UTF-8 count as the U+FFFD they are decoded to.
[[nodiscard]] std::size_t utf16_length(std::string_view text) noexcept;

/// Whether the bytes are well-formed UTF-8 (no surrogates).
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

namespace detail {

/// Length of the well-formed UTF-8 sequence at p (1 to 4), or minus the length of the ill-formed part that a decoder
/// replaces by one U+FFFD. p < end.
[[nodiscard]] int utf8_step(const char* p, const char* end) noexcept;

/// Whether three bytes at p encode a surrogate, as WTF-8 does. p < end.
[[nodiscard]] bool is_wtf8_surrogate(const char* p, const char* end) noexcept;

/// validator.js's length: code points, without variation selectors (U+FE0E, U+FE0F) that follow a character.
[[nodiscard]] std::size_t character_count(std::string_view text) noexcept;

}  // namespace detail
}  // namespace nestcpp
