#pragma once
// The locales and countries that rules know, so that a wrong one does not compile; each between spaces.
// Written by tests/interop/support/make_format_tables.mjs: change that.

#include <string_view>

namespace nestcpp::detail {

inline constexpr std::string_view phone_locale_names =
    " am-AM ar-AE ar-BH ar-DZ ar-EG ar-EH ar-IQ ar-JO ar-KW ar-LB ar-LY ar-MA ar-OM ar-PS ar-QA ar-SA "
    "ar-SD ar-SY ar-TN ar-YE az-AZ be-BY bg-BG bn-BD bs-BA ca-AD cs-CZ da-DK de-AT de-CH de-DE de-LU "
    "dv-MV dz-BT el-CY el-GR en-AG en-AI en-AU en-BM en-BS en-BW en-CA en-GB en-GG en-GH en-GY en-HK "
    "en-IE en-IN en-JM en-KE en-KI en-KN en-LS en-MO en-MT en-MU en-MW en-NA en-NG en-NZ en-PG en-PH "
    "en-PK en-RW en-SG en-SL en-SS en-TZ en-UG en-US en-ZA en-ZM en-ZW es-AR es-BO es-CL es-CO es-CR "
    "es-CU es-DO es-EC es-ES es-GT es-HN es-MX es-NI es-PA es-PE es-PY es-SV es-UY es-VE et-EE fa-AF "
    "fa-IR fi-FI fj-FJ fo-FO fr-BE fr-BF fr-BJ fr-CA fr-CD fr-CF fr-CH fr-CM fr-DJ fr-FR fr-GF fr-GP "
    "fr-MQ fr-PF fr-RE fr-WF ga-IE he-IL hu-HU id-ID ir-IR it-CH it-IT it-SM ja-JP ka-GE kk-KZ kl-GL "
    "ko-KR ky-KG lt-LT lv-LV mg-MG mk-MK mn-MN ms-MY my-MM mz-MZ nb-NO ne-NP nl-AW nl-BE nl-NL nn-NO "
    "pl-PL pt-AO pt-BR pt-PT ro-MD ro-RO ru-RU si-LK sk-SK sl-SI so-SO sq-AL sr-RS sv-SE tg-TJ th-TH "
    "tk-TM tr-TR uk-UA uz-UZ vi-VN zh-CN zh-HK zh-MO zh-TW ";

inline constexpr std::string_view postal_country_names =
    " AD AT AU AZ BA BD BE BG BR BY CA CH CN CO CZ DE DK DO DZ EE ES FI FR GB GR HR HT HU ID IE IL IN IR "
    "IS IT JP KE KR LI LK LT LU LV MC MG MT MX MY NL NO NP NZ PK PL PR PT RO RU SA SE SG SI SK TH TN TW "
    "UA US ZA ZM ";

inline constexpr std::string_view passport_country_names =
    " AM AR AT AU AZ BE BG BR BY CA CH CN CY CZ DE DK DZ EE ES FI FR GB GR HR HU ID IE IN IR IS IT JM JP "
    "KR KZ LI LT LU LV LY MT MX MY MZ NL NZ PH PK PL PT RO RU SE SK SL TH TR UA US ZA ";

inline constexpr std::string_view alpha_locale_names =
    " ar ar-AE ar-BH ar-DZ ar-EG ar-IQ ar-JO ar-KW ar-LB ar-LY ar-MA ar-QA ar-QM ar-SA ar-SD ar-SY ar-TN "
    "ar-YE az-AZ bg-BG bn bn-BD bn-IN cs-CZ da-DK de-DE el-GR en-AU en-GB en-HK en-IN en-NZ en-US en-ZA "
    "en-ZM eo es-ES fa fa-AF fa-IR fi-FI fr-CA fr-FR gu-IN he hi-IN hu-HU it-IT ja-JP kk-KZ kn-IN ko-KR "
    "ku-IQ ml-IN nb-NO nl-NL nn-NO or-IN pa-IN pl-PL pl-Pl pt-BR pt-PT ru-RU si-LK sk-SK sl-SI sr-RS "
    "sr-RS@latin sv-SE ta-IN te-IN th-TH tr-TR uk-UA vi-VN ";

inline constexpr std::string_view alphanumeric_locale_names =
    " ar ar-AE ar-BH ar-DZ ar-EG ar-IQ ar-JO ar-KW ar-LB ar-LY ar-MA ar-QA ar-QM ar-SA ar-SD ar-SY ar-TN "
    "ar-YE az-AZ bg-BG bn bn-BD bn-IN cs-CZ da-DK de-DE el-GR en-AU en-GB en-HK en-IN en-NZ en-US en-ZA "
    "en-ZM eo es-ES fa fa-AF fa-IR fi-FI fr-CA fr-FR gu-IN he hi-IN hu-HU it-IT ja-JP kk-KZ kn-IN ko-KR "
    "ku-IQ ml-IN nb-NO nl-NL nn-NO or-IN pa-IN pl-PL pl-Pl pt-BR pt-PT ru-RU si-LK sk-SK sl-SI sr-RS "
    "sr-RS@latin sv-SE ta-IN te-IN th-TH tr-TR uk-UA vi-VN ";

inline constexpr std::string_view decimal_locale_names =
    " ar ar-AE ar-BH ar-DZ ar-EG ar-IQ ar-JO ar-KW ar-LB ar-LY ar-MA ar-QA ar-QM ar-SA ar-SD ar-SY ar-TN "
    "ar-YE bg-BG bn-BD bn-IN cs-CZ da-DK de-DE el-GR en-AU en-GB en-HK en-IN en-NZ en-US en-ZA en-ZM eo "
    "es-ES fa-AF fa-IR fr-CA fr-FR gu-IN hi-IN hu-HU id-ID it-IT kk-KZ kn-IN ku-IQ ml-IN nb-NO nl-NL "
    "nn-NO or-IN pa-IN pl-PL pl-Pl pt-BR pt-PT ru-RU si-LK sl-SI sr-RS sr-RS@latin sv-SE ta-IN te-IN "
    "tr-TR uk-UA vi-VN ";

}  // namespace nestcpp::detail
