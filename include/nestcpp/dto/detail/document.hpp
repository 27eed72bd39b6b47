#pragma once
// JSON as a document: for members that hold anything, and for telling in full what is wrong with a payload.

#include <nestcpp/dto/json_scan.hpp>
#include <nestcpp/dto/rule_value.hpp>

#include <boost/json/value.hpp>

#include <string_view>

namespace nestcpp::detail {

// A repeated key keeps its first place and its last value.
[[nodiscard]] const char* read_document(const char* p, const json_input& in, boost::json::value& out);

// The same with a string of its digits for each number that is not a 64-bit integer; null where the text is malformed.
[[nodiscard]] boost::json::value digits_document(std::string_view text);

// What rules see of a document's value; its text lives as long as that.
[[nodiscard]] rule_value see(const boost::json::value& value) noexcept;

// What rules see of a value's own text; an unescaped string lives until this thread's next call. False: malformed.
[[nodiscard]] bool see_span(std::string_view span, const json_input& in, rule_value& seen);

}  // namespace nestcpp::detail
