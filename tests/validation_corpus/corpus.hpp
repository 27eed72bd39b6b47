#pragma once
// The DTOs of the corpus that class-validator and the library both judge. tests/interop/corpus/rules.json describes
// them for JavaScript.

#include <nestcpp/dto/dto.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace validation_corpus {

/// What a payload is told: `[]` where it passes, else its messages as a JSON array; `syntax` where it is no JSON.
/// `arguments` are those of rules that are made when the program runs.
using judge = std::function<std::string(std::string_view payload, const std::vector<std::string>& arguments)>;

std::map<std::string, judge, std::less<>>& cases();

std::string messages_of(const nestcpp::read_result& result);

template <class T>
std::string judge_dto(std::string_view payload, const std::vector<std::string>&) {
  T out{};
  return messages_of(nestcpp::read_json(payload, out));
}

struct registered {
  registered(std::string_view name, judge how) { cases().emplace(name, std::move(how)); }
};

/// One line of a corpus's input, `[case, arguments, payload]` in JSON, judged.
/// @throws std::exception no such line, or no such case
std::string judge_line(std::string_view line);

// Each file of cases has one of these, so that a linker keeps it.
void add_cases_for_values();
void add_cases_for_texts();
void add_cases_for_formats();
void add_cases_with_arguments();
inline void add_all_cases() {
  add_cases_for_values();
  add_cases_for_texts();
  add_cases_for_formats();
  add_cases_with_arguments();
}

}  // namespace validation_corpus

/// A DTO with one property, `value`.
#define CORPUS_CASE(Name, Type, ...)              \
  struct Name {                                   \
    Type value{};                                 \
  };                                              \
  NEST_DTO(Name, NEST_FIELD(value, __VA_ARGS__)); \
  const ::validation_corpus::registered Name##_case { #Name, &::validation_corpus::judge_dto<Name> }
