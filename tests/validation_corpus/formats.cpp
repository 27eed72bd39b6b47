// Rules for formats of texts.
#include "validation_corpus/corpus.hpp"

namespace {

CORPUS_CASE(is_base32_case, std::string, is_base32());
CORPUS_CASE(is_base58_case, std::string, is_base58());
CORPUS_CASE(is_base64_case, std::string, is_base64());
CORPUS_CASE(is_base64_url_case, std::string, is_base64(base64_options{.url_safe = true}));
CORPUS_CASE(is_base64_url_padded_case, std::string,
            is_base64(base64_options{.url_safe = true, .padding = base64_padding::required}));
CORPUS_CASE(is_bic_case, std::string, is_bic());
CORPUS_CASE(is_btc_address_case, std::string, is_btc_address());
CORPUS_CASE(is_credit_card_case, std::string, is_credit_card());
CORPUS_CASE(is_data_uri_case, std::string, is_data_uri());
CORPUS_CASE(is_date_string_case, std::string, is_date_string());
CORPUS_CASE(is_iso8601_case, std::string, is_iso8601());
CORPUS_CASE(is_iso8601_strict_case, std::string, is_iso8601(iso8601_options{.strict = true}));
CORPUS_CASE(is_iso8601_separator_case, std::string, is_iso8601(iso8601_options{.strict_separator = true}));
CORPUS_CASE(is_decimal_case, std::string, is_decimal());
CORPUS_CASE(is_decimal_two_case, std::string,
            is_decimal(decimal_options{.force_decimal = true, .decimal_digits = "2"}));
CORPUS_CASE(is_decimal_german_case, std::string,
            is_decimal(decimal_options{.decimal_digits = "1,3", .locale = "de-DE"}));
CORPUS_CASE(is_decimal_arabic_case, std::string, is_decimal(decimal_options{.locale = "ar"}));
CORPUS_CASE(is_ean_case, std::string, is_ean());
CORPUS_CASE(is_email_case, std::string, is_email());
CORPUS_CASE(is_email_display_name_case, std::string, is_email(email_options{.allow_display_name = true}));
CORPUS_CASE(is_email_required_name_case, std::string, is_email(email_options{.require_display_name = true}));
CORPUS_CASE(is_email_ascii_case, std::string, is_email(email_options{.allow_utf8_local_part = false}));
CORPUS_CASE(is_email_local_case, std::string, is_email(email_options{.require_tld = false, .allow_underscores = true}));
CORPUS_CASE(is_email_ip_case, std::string, is_email(email_options{.allow_ip_domain = true}));
CORPUS_CASE(is_email_long_case, std::string, is_email(email_options{.ignore_max_length = true}));
CORPUS_CASE(is_email_gmail_case, std::string, is_email(email_options{.domain_specific_validation = true}));
CORPUS_CASE(is_email_chars_case, std::string, is_email(email_options{.blacklisted_chars = "%a-c"}));
CORPUS_CASE(is_email_hosts_case, std::string, is_email(email_options{.host_blacklist = {"evil.com", "c.io"}}));
CORPUS_CASE(is_email_only_hosts_case, std::string, is_email(email_options{.host_whitelist = {"b.io", "gmail.com"}}));
CORPUS_CASE(is_ethereum_address_case, std::string, is_ethereum_address());
CORPUS_CASE(is_firebase_push_id_case, std::string, is_firebase_push_id());
CORPUS_CASE(is_fqdn_case, std::string, is_fqdn());
CORPUS_CASE(is_fqdn_local_case, std::string, is_fqdn(fqdn_options{.require_tld = false}));
CORPUS_CASE(
    is_fqdn_lenient_case, std::string,
    is_fqdn(fqdn_options{
        .allow_underscores = true, .allow_trailing_dot = true, .allow_numeric_tld = true, .allow_wildcard = true}));
CORPUS_CASE(is_fqdn_long_case, std::string, is_fqdn(fqdn_options{.ignore_max_length = true}));
CORPUS_CASE(is_hash_md5_case, std::string, is_hash("md5"));
CORPUS_CASE(is_hash_sha256_case, std::string, is_hash("sha256"));
CORPUS_CASE(is_hash_crc32_case, std::string, is_hash("crc32b"));
CORPUS_CASE(is_hash_tiger_case, std::string, is_hash("tiger192"));
CORPUS_CASE(is_hexadecimal_case, std::string, is_hexadecimal());
CORPUS_CASE(is_hex_color_case, std::string, is_hex_color());
CORPUS_CASE(is_hsl_case, std::string, is_hsl());
CORPUS_CASE(is_iban_case, std::string, is_iban());
CORPUS_CASE(is_iban_some_case, std::string,
            is_iban(iban_options{.whitelist = {"DE", "GB", "FR"}, .blacklist = {"FR"}}));
CORPUS_CASE(is_iban_unknown_case, std::string, is_iban(iban_options{.whitelist = {"DE", "ZZ"}}));
CORPUS_CASE(is_ip_case, std::string, is_ip());
CORPUS_CASE(is_ip_4_case, std::string, is_ip(4));
CORPUS_CASE(is_ip_6_case, std::string, is_ip(6));
CORPUS_CASE(is_isbn_case, std::string, is_isbn());
CORPUS_CASE(is_isbn_10_case, std::string, is_isbn(10));
CORPUS_CASE(is_isbn_13_case, std::string, is_isbn(13));
CORPUS_CASE(is_isin_case, std::string, is_isin());
CORPUS_CASE(is_iso31661_alpha2_case, std::string, is_iso31661_alpha2());
CORPUS_CASE(is_iso31661_alpha3_case, std::string, is_iso31661_alpha3());
CORPUS_CASE(is_iso31661_numeric_case, std::string, is_iso31661_numeric());
CORPUS_CASE(is_iso4217_currency_code_case, std::string, is_iso4217_currency_code());
CORPUS_CASE(is_iso6391_case, std::string, is_iso6391());
CORPUS_CASE(is_isrc_case, std::string, is_isrc());
CORPUS_CASE(is_issn_case, std::string, is_issn());
CORPUS_CASE(is_issn_strict_case, std::string, is_issn(issn_options{.case_sensitive = true, .require_hyphen = true}));
CORPUS_CASE(is_json_case, std::string, is_json());
CORPUS_CASE(is_jwt_case, std::string, is_jwt());
CORPUS_CASE(is_lat_long_case, std::string, is_lat_long());
CORPUS_CASE(is_locale_case, std::string, is_locale());
CORPUS_CASE(is_mac_address_case, std::string, is_mac_address());
CORPUS_CASE(is_mac_address_48_case, std::string, is_mac_address(mac_address_options{.eui = 48}));
CORPUS_CASE(is_mac_address_64_case, std::string, is_mac_address(mac_address_options{.eui = 64}));
CORPUS_CASE(is_mac_address_bare_case, std::string, is_mac_address(mac_address_options{.no_separators = true}));
CORPUS_CASE(is_mac_address_bare_64_case, std::string,
            is_mac_address(mac_address_options{.no_separators = true, .eui = 64}));
CORPUS_CASE(is_magnet_uri_case, std::string, is_magnet_uri());
CORPUS_CASE(is_military_time_case, std::string, is_military_time());
CORPUS_CASE(is_mime_type_case, std::string, is_mime_type());
CORPUS_CASE(is_mobile_phone_any_case, std::string, is_mobile_phone());
CORPUS_CASE(is_mobile_phone_strict_case, std::string,
            is_mobile_phone("de-DE", mobile_phone_options{.strict_mode = true}));
CORPUS_CASE(is_mobile_phone_two_case, std::string, is_mobile_phone(text_list{"de-DE", "en-GB"}));
CORPUS_CASE(is_mongo_id_case, std::string, is_mongo_id());
CORPUS_CASE(is_number_string_case, std::string, is_number_string());
CORPUS_CASE(is_number_string_digits_case, std::string, is_number_string(number_string_options{.no_symbols = true}));
CORPUS_CASE(is_number_string_german_case, std::string, is_number_string(number_string_options{.locale = "de-DE"}));
CORPUS_CASE(is_octal_case, std::string, is_octal());
CORPUS_CASE(is_passport_number_case, std::string, is_passport_number("US"));
CORPUS_CASE(is_port_case, std::string, is_port());
CORPUS_CASE(is_postal_code_case, std::string, is_postal_code("DE"));
CORPUS_CASE(is_postal_code_any_case, std::string, is_postal_code("any"));
CORPUS_CASE(is_rfc3339_case, std::string, is_rfc3339());
CORPUS_CASE(is_rgb_color_case, std::string, is_rgb_color());
CORPUS_CASE(is_rgb_color_plain_case, std::string, is_rgb_color(false));
CORPUS_CASE(is_sem_ver_case, std::string, is_sem_ver());
CORPUS_CASE(is_time_zone_case, std::string, is_time_zone());
CORPUS_CASE(is_url_case, std::string, is_url());
CORPUS_CASE(is_url_protocol_case, std::string, is_url(url_options{.require_protocol = true}));
CORPUS_CASE(is_url_protocols_case, std::string, is_url(url_options{.protocols = {"rtmp", "https"}}));
CORPUS_CASE(is_url_any_protocol_case, std::string, is_url(url_options{.require_valid_protocol = false}));
CORPUS_CASE(is_url_local_case, std::string, is_url(url_options{.require_tld = false, .allow_underscores = true}));
CORPUS_CASE(is_url_no_host_case, std::string, is_url(url_options{.require_host = false}));
CORPUS_CASE(is_url_port_case, std::string, is_url(url_options{.require_port = true}));
CORPUS_CASE(is_url_relative_case, std::string, is_url(url_options{.allow_protocol_relative_urls = true}));
CORPUS_CASE(is_url_plain_case, std::string,
            is_url(url_options{.allow_fragments = false, .allow_query_components = false, .disallow_auth = true}));
CORPUS_CASE(is_url_any_length_case, std::string, is_url(url_options{.validate_length = false}));
CORPUS_CASE(is_url_short_case, std::string, is_url(url_options{.max_allowed_length = 20}));
CORPUS_CASE(is_url_lenient_case, std::string,
            is_url(url_options{.allow_trailing_dot = true, .allow_numeric_tld = true, .allow_wildcard = true}));
CORPUS_CASE(is_url_hosts_case, std::string, is_url(url_options{.host_whitelist = {"good.com", "foobar.com"}}));
CORPUS_CASE(is_url_not_hosts_case, std::string, is_url(url_options{.host_blacklist = {"evil.com", "127.0.0.1"}}));
CORPUS_CASE(is_uuid_case, std::string, is_uuid());
CORPUS_CASE(is_uuid_4_case, std::string, is_uuid(4));
CORPUS_CASE(is_uuid_4_7_case, std::string, is_uuid(4, 7));
CORPUS_CASE(is_uuid_all_case, std::string, is_uuid("all"));
CORPUS_CASE(is_uuid_loose_case, std::string, is_uuid("loose"));
CORPUS_CASE(is_uuid_1_5_8_case, std::string, is_uuid(1, 5, 8));
CORPUS_CASE(is_currency_case, std::string, is_currency());
CORPUS_CASE(is_currency_symbol_case, std::string,
            is_currency(currency_options{.require_symbol = true, .allow_negatives = false}));
CORPUS_CASE(is_currency_space_case, std::string,
            is_currency(currency_options{.allow_space_after_symbol = true, .negative_sign_before_digits = true}));
CORPUS_CASE(is_currency_parens_case, std::string, is_currency(currency_options{.parens_for_negatives = true}));
CORPUS_CASE(is_currency_euro_case, std::string,
            is_currency(currency_options{.symbol = "€",
                                         .symbol_after_digits = true,
                                         .thousands_separator = ".",
                                         .decimal_separator = ",",
                                         .allow_space_after_digits = true}));
CORPUS_CASE(is_currency_rand_case, std::string,
            is_currency(currency_options{.symbol = "R",
                                         .negative_sign_before_digits = true,
                                         .allow_negative_sign_placeholder = true,
                                         .thousands_separator = " ",
                                         .decimal_separator = ","}));
CORPUS_CASE(is_currency_digits_case, std::string,
            is_currency(currency_options{.require_decimal = true, .digits_after_decimal = {1, 3}}));
CORPUS_CASE(is_currency_whole_case, std::string,
            is_currency(currency_options{.negative_sign_after_digits = true, .allow_decimal = false}));

}  // namespace

void validation_corpus::add_cases_for_formats() {}
