// Rules whose arguments come with the input: every locale, every country, any expression.
#include "validation_corpus/corpus.hpp"

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <functional>

namespace validation_corpus {
namespace {

// The rule alone, on a value that is a string; told as a DTO would tell it.
template <class Rule>
std::string judge_rule(const Rule& rule, std::string_view payload) {
  const auto object = nestcpp::from_json<boost::json::value>(payload);
  const boost::json::value* value = object.as_object().if_contains("value");
  const nestcpp::rule_value seen = value != nullptr ? nestcpp::detail::see(*value) : nestcpp::rule_value{};
  if (rule.check(seen)) return "[]";
  const std::vector<std::string> constraints = nestcpp::detail::constraint_texts<Rule, std::string>(rule);
  const std::string message = nestcpp::detail::fill_message(Rule::text, {"value", {}, value, constraints});
  return "[" + nestcpp::to_json(message) + "]";
}

template <class Make>
judge with_arguments(Make make) {
  return [make](std::string_view payload, const std::vector<std::string>& arguments) {
    return judge_rule(make(arguments), payload);
  };
}

using strings = std::vector<std::string>;
namespace rules = nestcpp::rules;

const registered alpha{"is_alpha", with_arguments([](const strings& a) { return rules::is_alpha{a.at(0)}; })};
const registered alphanumeric{"is_alphanumeric",
                              with_arguments([](const strings& a) { return rules::is_alphanumeric{a.at(0)}; })};
const registered phone{"is_mobile_phone",
                       with_arguments([](const strings& a) { return rules::is_mobile_phone{a.at(0)}; })};
const registered postal{"is_postal_code",
                        with_arguments([](const strings& a) { return rules::is_postal_code{a.at(0)}; })};
const registered passport{"is_passport_number",
                          with_arguments([](const strings& a) { return rules::is_passport_number{a.at(0)}; })};
const registered hash{"is_hash", with_arguments([](const strings& a) { return rules::is_hash{a.at(0)}; })};
const registered number{"is_number_string", with_arguments([](const strings& a) {
                          return rules::is_number_string{{.no_symbols = false, .locale = a.at(0)}};
                        })};
const registered expression{"matches",
                            with_arguments([](const strings& a) { return rules::matches{a.at(0), a.at(1)}; })};

}  // namespace

void add_cases_with_arguments() {}

}  // namespace validation_corpus
