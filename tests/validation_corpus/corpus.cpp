#include "validation_corpus/corpus.hpp"

#include <boost/json/array.hpp>
#include <boost/json/string.hpp>

#include <stdexcept>

namespace validation_corpus {

std::map<std::string, judge, std::less<>>& cases() {
  static std::map<std::string, judge, std::less<>> all;
  return all;
}

std::string messages_of(const nestcpp::read_result& result) {
  if (result) return "[]";
  if (result.syntax_error() != nullptr) return "syntax";
  boost::json::array list;
  for (auto& message : nestcpp::flatten_messages(result.validation_failure()->errors())) {
    list.emplace_back(std::move(message));
  }
  return nestcpp::to_json(boost::json::value(std::move(list)));
}

std::string judge_line(std::string_view line) {
  const auto input = nestcpp::from_json<boost::json::value>(line);
  const auto& parts = input.as_array();
  const std::string_view name{parts.at(0).as_string()};
  const auto found = cases().find(name);
  if (found == cases().end()) throw std::invalid_argument{"no case of this name: " + std::string{name}};
  std::vector<std::string> arguments;
  for (const auto& argument : parts.at(1).as_array()) arguments.emplace_back(std::string_view{argument.as_string()});
  return found->second(std::string_view{parts.at(2).as_string()}, arguments);
}

}  // namespace validation_corpus
