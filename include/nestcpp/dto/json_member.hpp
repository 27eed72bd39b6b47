#pragma once
/// @file nestcpp/dto/json_member.hpp
/// @brief One member of a JSON object, found without reading the rest into anything.

#include <string>
#include <string_view>

namespace nestcpp {

/// The raw JSON of `object`'s member `name`, of duplicates the last; empty where there is none, or where `object` is no
/// object.
[[nodiscard]] std::string_view find_member(std::string_view object, std::string_view name);

/// Unescapes a JSON string token, quotes included. False: it is no string; `out` then holds anything.
[[nodiscard]] bool unquote_json(std::string_view token, std::string& out);

}  // namespace nestcpp
