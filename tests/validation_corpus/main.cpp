// A filter that tests/interop/rules.test.mjs drives: each line of the input is `[case, arguments, payload]` in JSON,
// each line of the output what the payload is told. With --cases: the names of all cases.

#include "validation_corpus/corpus.hpp"

#include <exception>
#include <iostream>
#include <string>

int main(int count, char** arguments) {
  std::ios::sync_with_stdio(false);
  validation_corpus::add_all_cases();
  if (count > 1 && std::string_view{arguments[1]} == "--cases") {
    for (const auto& [name, judge] : validation_corpus::cases()) std::cout << name << '\n';
    return 0;
  }
  std::string line;
  try {
    while (std::getline(std::cin, line)) std::cout << validation_corpus::judge_line(line) << '\n';
  } catch (const std::exception& error) {
    std::cerr << "judge_corpus: " << error.what() << " in " << line << '\n';
    return 1;
  }
  return 0;
}
