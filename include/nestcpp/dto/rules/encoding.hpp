#pragma once
/// @file nestcpp/dto/rules/encoding.hpp
/// @brief validator.js's rules for alphabets and encodings.

#include <nestcpp/dto/detail/locale_names.hpp>
#include <nestcpp/dto/detail/text_rule.hpp>
#include <nestcpp/dto/rule_value.hpp>
#include <nestcpp/dto/rules/text_list.hpp>

#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace nestcpp::detail {

[[nodiscard]] bool is_ascii_text(std::string_view text);
[[nodiscard]] bool is_multibyte_text(std::string_view text);
[[nodiscard]] bool is_full_width_text(std::string_view text);
[[nodiscard]] bool is_half_width_text(std::string_view text);
[[nodiscard]] bool is_variable_width_text(std::string_view text);
[[nodiscard]] bool is_surrogate_pair_text(std::string_view text);
[[nodiscard]] bool is_lower_text(std::string_view text);
[[nodiscard]] bool is_upper_text(std::string_view text);
[[nodiscard]] bool is_base58_text(std::string_view text);
[[nodiscard]] bool is_hexadecimal_text(std::string_view text);
[[nodiscard]] bool is_octal_text(std::string_view text);
[[nodiscard]] bool is_json_text(std::string_view text);
[[nodiscard]] bool is_jwt_text(std::string_view text);
[[nodiscard]] bool is_mongo_id_text(std::string_view text);
[[nodiscard]] bool is_firebase_push_id_text(std::string_view text);
[[nodiscard]] bool is_alpha_text(std::string_view text, std::string_view locale);
[[nodiscard]] bool is_alphanumeric_text(std::string_view text, std::string_view locale);
[[nodiscard]] bool is_base32_text(std::string_view text, bool crockford);
[[nodiscard]] bool is_base64_text(std::string_view text, bool url_safe, bool padded);
[[nodiscard]] bool is_hash_text(std::string_view text, std::size_t digits);

}  // namespace nestcpp::detail

namespace nestcpp::rules {

/// At least one character, all of ASCII.
struct is_ascii : detail::text_rule<&detail::is_ascii_text> {
  static constexpr std::string_view key = "isAscii";
  static constexpr std::string_view text = "$property must contain only ASCII characters";
};

/// A character beyond ASCII.
struct is_multibyte : detail::text_rule<&detail::is_multibyte_text> {
  static constexpr std::string_view key = "isMultibyte";
  static constexpr std::string_view text = "$property must contain one or more multibyte chars";
};

/// A full-width character, as of CJK scripts.
struct is_full_width : detail::text_rule<&detail::is_full_width_text> {
  static constexpr std::string_view key = "isFullWidth";
  static constexpr std::string_view text = "$property must contain a full-width characters";
};

/// A half-width character, as of ASCII.
struct is_half_width : detail::text_rule<&detail::is_half_width_text> {
  static constexpr std::string_view key = "isHalfWidth";
  static constexpr std::string_view text = "$property must contain a half-width characters";
};

/// Both a full-width and a half-width character.
struct is_variable_width : detail::text_rule<&detail::is_variable_width_text> {
  static constexpr std::string_view key = "isVariableWidth";
  static constexpr std::string_view text = "$property must contain a full-width and half-width characters";
};

/// A character beyond U+FFFF.
struct is_surrogate_pair : detail::text_rule<&detail::is_surrogate_pair_text> {
  static constexpr std::string_view key = "isSurrogatePair";
  static constexpr std::string_view text = "$property must contain any surrogate pairs chars";
};

/// JavaScript's `toLowerCase()` leaves it as it is.
struct is_lowercase : detail::text_rule<&detail::is_lower_text> {
  static constexpr std::string_view key = "isLowercase";
  static constexpr std::string_view text = "$property must be a lowercase string";
};

/// JavaScript's `toUpperCase()` leaves it as it is.
struct is_uppercase : detail::text_rule<&detail::is_upper_text> {
  static constexpr std::string_view key = "isUppercase";
  static constexpr std::string_view text = "$property must be uppercase";
};

/// Bitcoin's alphabet; the empty text passes.
struct is_base58 : detail::text_rule<&detail::is_base58_text> {
  static constexpr std::string_view key = "isBase58";
  static constexpr std::string_view text = "$property must be base58 encoded";
};

/// Hexadecimal digits, with or without `0x` or `0h` in front.
struct is_hexadecimal : detail::text_rule<&detail::is_hexadecimal_text> {
  static constexpr std::string_view key = "isHexadecimal";
  static constexpr std::string_view text = "$property must be a hexadecimal number";
};

/// Octal digits, with or without `0o` in front.
struct is_octal : detail::text_rule<&detail::is_octal_text> {
  static constexpr std::string_view key = "isOctal";
  static constexpr std::string_view text = "$property must be valid octal number";
};

/// The text of a JSON object or array.
struct is_json : detail::text_rule<&detail::is_json_text> {
  static constexpr std::string_view key = "isJson";
  static constexpr std::string_view text = "$property must be a json string";
};

/// Three parts of base64url with dots between; nothing is verified.
struct is_jwt : detail::text_rule<&detail::is_jwt_text> {
  static constexpr std::string_view key = "isJwt";
  static constexpr std::string_view text = "$property must be a jwt string";
};

/// 24 characters of a hexadecimal number.
struct is_mongo_id : detail::text_rule<&detail::is_mongo_id_text> {
  static constexpr std::string_view key = "isMongoId";
  static constexpr std::string_view text = "$property must be a mongodb id";
};

/// 20 characters of base64url.
struct is_firebase_push_id : detail::text_rule<&detail::is_firebase_push_id_text> {
  static constexpr std::string_view key = "IsFirebasePushId";
  static constexpr std::string_view text = "$property must be a Firebase Push Id";
};

/// Letters of a language only: `is_alpha()` those of ASCII, `is_alpha("de-DE")`, `is_alpha("ru-RU")` …
struct is_alpha {
  static constexpr std::string_view key = "isAlpha";
  static constexpr std::string_view text = "$property must contain only letters (a-zA-Z)";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::string_view locale = "en-US";
  constexpr is_alpha() = default;
  constexpr explicit is_alpha(std::string_view l) : locale{l} {
    if (!detail::has_word(detail::alpha_locale_names, l)) {
      throw std::invalid_argument{"nestcpp: is_alpha(locale) does not know this locale; see docs/validation-rules.md"};
    }
  }
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_alpha_text(value.text, locale);
  }
};

/// Letters of a language and digits only.
struct is_alphanumeric {
  static constexpr std::string_view key = "isAlphanumeric";
  static constexpr std::string_view text = "$property must contain only letters and numbers";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::string_view locale = "en-US";
  constexpr is_alphanumeric() = default;
  constexpr explicit is_alphanumeric(std::string_view l) : locale{l} {
    if (!detail::has_word(detail::alphanumeric_locale_names, l)) {
      throw std::invalid_argument{
          "nestcpp: is_alphanumeric(locale) does not know this locale; see docs/validation-rules.md"};
    }
  }
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_alphanumeric_text(value.text, locale);
  }
};

struct base32_options {
  bool crockford = false;  ///< Crockford's alphabet, without padding.
};

/// RFC 4648's alphabet, padded to a multiple of eight.
struct is_base32 {
  static constexpr std::string_view key = "isBase32";
  static constexpr std::string_view text = "$property must be base32 encoded";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  base32_options options{};
  constexpr is_base32() = default;
  constexpr explicit is_base32(base32_options o) : options{o} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_base32_text(value.text, options.crockford);
  }
};

enum class base64_padding { as_usual, required, none };
struct base64_options {
  bool url_safe = false;                              ///< `-` and `_` in the place of `+` and `/`.
  base64_padding padding = base64_padding::as_usual;  ///< As usual: none where `url_safe`, else required.
};

/// Base64; the empty text passes.
struct is_base64 {
  static constexpr std::string_view key = "isBase64";
  static constexpr std::string_view text = "$property must be base64 encoded";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  base64_options options{};
  constexpr is_base64() = default;
  constexpr explicit is_base64(base64_options o) : options{o} {}
  constexpr bool check(const rule_value& value) const {
    const bool padded = options.padding == base64_padding::required ||
                        (options.padding == base64_padding::as_usual && !options.url_safe);
    return value.is_string() && detail::is_base64_text(value.text, options.url_safe, padded);
  }
};

/// Hexadecimal digits as many as the algorithm gives: `is_hash("sha256")`. md4, md5, sha1, sha256, sha384, sha512,
/// ripemd128, ripemd160, tiger128, tiger160, tiger192, crc32, crc32b; another one does not compile.
struct is_hash {
  static constexpr std::string_view key = "isHash";
  static constexpr std::string_view text = "$property must be a hash of type $constraint1";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::string_view algorithm;
  constexpr explicit is_hash(std::string_view a) : algorithm{a} {
    if (digits_of(a) == 0) {
      throw std::invalid_argument{
          "nestcpp: is_hash(algorithm): md4, md5, sha1, sha256, sha384, sha512, ripemd128, ripemd160, tiger128, "
          "tiger160, tiger192, crc32 or crc32b"};
    }
  }
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && detail::is_hash_text(value.text, digits_of(algorithm));
  }
  constexpr auto constraints() const { return std::tuple{algorithm}; }

  /// Hexadecimal digits of an algorithm's hash; 0: not known.
  static constexpr std::size_t digits_of(std::string_view algorithm) {
    constexpr struct {
      std::string_view words;
      std::size_t digits;
    } all[] = {{" crc32 crc32b ", 8},
               {" md4 md5 ripemd128 tiger128 ", 32},
               {" sha1 ripemd160 tiger160 ", 40},
               {" tiger192 ", 48},
               {" sha256 ", 64},
               {" sha384 ", 96},
               {" sha512 ", 128}};
    for (const auto& entry : all) {
      if (detail::has_word(entry.words, algorithm)) return entry.digits;
    }
    return 0;
  }
};

/// Bytes of UTF-8, from `least` to `most`.
struct is_byte_length {
  static constexpr std::string_view key = "isByteLength";
  static constexpr std::string_view text = "$property's byte length must fall into ($constraint1, $constraint2) range";
  static constexpr json_kinds kinds = kinds_of(json_kind::string);
  std::size_t least;
  std::size_t most;
  constexpr is_byte_length(std::size_t l, std::size_t m) : least{l}, most{m} {}
  constexpr bool check(const rule_value& value) const {
    return value.is_string() && value.text.size() >= least && value.text.size() <= most;
  }
  constexpr auto constraints() const { return std::tuple{least, most}; }
};

}  // namespace nestcpp::rules
