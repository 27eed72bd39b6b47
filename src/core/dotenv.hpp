#pragma once
// Reading text in dotenv syntax.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nestcpp::detail {

/// Cannot stand in an environment's value.
inline constexpr char literal_dollar = '\0';

struct dotenv {
  std::vector<std::pair<std::string, std::string>> values;  // in the order of the text
  // Of those in which `$` stands for something: the value with `literal_dollar` for each `\$`.
  std::vector<std::pair<std::string, std::string>> templates;
  std::vector<std::string> problems;  // "line 3: …"; never with a value, which may be secret
};

dotenv parse_dotenv(std::string_view text);

}  // namespace nestcpp::detail
