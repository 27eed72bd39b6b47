// Every format takes any bytes, valid UTF-8 or not, and those that are known in two ways agree. The text's first line,
// as far as it is a regular expression, is asked about the rest.
#include "dto/formats/tables/tables.hpp"
#include "fuzz/expect.hpp"

#include <nestcpp/dto/rules.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace nestcpp::detail;
namespace rules = nestcpp::rules;

void ask_simple_formats(std::string_view text) {
  for (bool (*format)(std::string_view) : {is_ascii_text,
                                           is_multibyte_text,
                                           is_full_width_text,
                                           is_half_width_text,
                                           is_variable_width_text,
                                           is_surrogate_pair_text,
                                           is_lower_text,
                                           is_upper_text,
                                           is_base58_text,
                                           is_hexadecimal_text,
                                           is_octal_text,
                                           is_json_text,
                                           is_jwt_text,
                                           is_mongo_id_text,
                                           is_firebase_push_id_text,
                                           is_bic_text,
                                           is_btc_address_text,
                                           is_ean_text,
                                           is_ethereum_address_text,
                                           is_isin_text,
                                           is_isrc_text,
                                           is_sem_ver_text,
                                           is_hsl_text,
                                           is_military_time_text,
                                           is_rfc3339_text,
                                           is_hex_color_text,
                                           is_data_uri_text,
                                           is_magnet_uri_text,
                                           is_mime_type_text,
                                           is_port_text,
                                           is_iso4217_text,
                                           is_iso31661_alpha2_text,
                                           is_iso31661_alpha3_text,
                                           is_iso31661_numeric_text,
                                           is_iso6391_text,
                                           is_locale_text,
                                           is_time_zone_text,
                                           is_boolean_string_text,
                                           is_lat_long_text}) {
    EXPECT(format(text) == format(std::string{text}));
  }
  EXPECT(is_variable_width_text(text) == (is_full_width_text(text) && is_half_width_text(text)));
  EXPECT(is_ascii_text(text) == (!text.empty() && !is_multibyte_text(text)));
  EXPECT(!is_mongo_id_text(text) || is_hexadecimal_text(text));
}

void ask_formats_with_options(std::string_view text) {
  for (const bool yes : {false, true}) {
    (void)is_base32_text(text, yes);
    (void)is_base64_text(text, yes, true);
    (void)is_base64_text(text, yes, false);
    (void)is_rgb_color_text(text, yes);
    (void)is_issn_text(text, yes, yes);
    (void)is_mac_address_text(text, yes, 0);
    (void)is_number_string_text(text, yes, "ar");
    EXPECT(!is_iso8601_text(text, true, yes) || is_iso8601_text(text, false, yes));
    EXPECT(!is_iso8601_text(text, yes, true) || is_iso8601_text(text, yes, false));
    (void)is_email_text(text, {.allow_display_name = yes,
                               .allow_utf8_local_part = !yes,
                               .allow_ip_domain = yes,
                               .ignore_max_length = yes,
                               .domain_specific_validation = yes});
    (void)is_fqdn_text(text, {.require_tld = !yes, .allow_trailing_dot = yes, .allow_wildcard = yes});
    (void)is_url_text(text, {.require_tld = yes, .require_host = yes, .allow_protocol_relative_urls = yes});
    (void)is_currency_text(text, {.allow_space_after_symbol = yes, .parens_for_negatives = yes});
  }
  // The fast way and the general one.
  EXPECT(is_email_text(text) == is_email_text(text, rules::email_options{}));
  EXPECT(is_ip_text(text, 0) == (is_ip_text(text, 4) || is_ip_text(text, 6)));
  EXPECT(is_isbn_text(text, 0) == (is_isbn_text(text, 10) || is_isbn_text(text, 13)));
  EXPECT(!is_uuid_text(text, 4) || is_uuid_text(text, 0));
  (void)is_hash_text(text, 8);
  (void)is_decimal_text(text, false, 1, 3, "de-DE");
  (void)is_credit_card_text(text, {});
  (void)is_iban_text(text, {}, {});
  (void)is_strong_password_text(text, {});
  (void)unit_count(text);
  nestcpp::rule_value value;
  value.kind = nestcpp::json_kind::string;
  value.text = text;
  (void)is_latitude_value(value);
  (void)is_longitude_value(value);
  (void)moment_of(value);
}

void ask_tables(std::string_view text) {
  bool any = false;
  for (const auto& entry : mobile_phones) any = is_mobile_phone_text(text, {entry.key}, false) || any;
  EXPECT(any == is_mobile_phone_text(text, {}, false));
  any = false;
  for (const auto& entry : postal_codes) any = is_postal_code_text(text, entry.key) || any;
  EXPECT(any == is_postal_code_text(text, "any"));
  for (const auto& entry : passports) (void)is_passport_number_text(text, entry.key);
  for (const auto& entry : alpha_locales) (void)is_alpha_text(text, entry.key);
  for (const auto& entry : alphanumeric_locales) (void)is_alphanumeric_text(text, entry.key);
}

void ask_expression(std::string_view expression, std::string_view text) {
  for (const std::string_view flags : {"", "i", "u", "ims"}) {
    try {
      check_pattern(expression, flags);
    } catch (const std::invalid_argument&) {
      continue;
    }
    (void)matches_pattern(text, expression, flags);  // what has been checked does not throw
    (void)pattern_text(expression, flags);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  ask_simple_formats(text);
  ask_formats_with_options(text);
  // With the sanitizers these take their time: it grows with the text and the expression only.
  constexpr std::size_t longest_expression = 64, longest_text = 512;
  if (size <= longest_text) {
    ask_tables(text);
    const std::size_t line = text.find('\n');
    if (line <= longest_expression) ask_expression(text.substr(0, line), text.substr(line + 1));
  }
  return 0;
}
