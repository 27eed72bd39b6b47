// What class-validator said of the corpus, recorded: for machines without Node.js. tests/interop/rules.test.mjs writes
// the file.
#include "validation_corpus/corpus.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

namespace {

TEST(RecordedRules, AreJudgedAsClassValidatorDoes) {
  validation_corpus::add_all_cases();
  std::ifstream file{NESTCPP_RECORDED_RULES};
  ASSERT_TRUE(file) << NESTCPP_RECORDED_RULES;
  std::size_t count = 0, refused = 0;
  std::set<std::string> seen;
  for (std::string line; std::getline(file, line); ++count) {
    const std::size_t tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    const std::string input = line.substr(0, tab);
    const std::string expected = line.substr(tab + 1);
    EXPECT_EQ(validation_corpus::judge_line(input), expected) << input;
    if (expected != "[]") ++refused;
    seen.insert(input.substr(2, input.find('"', 2) - 2));
  }
  EXPECT_GT(count, 1500U);
  EXPECT_GT(refused, count / 4);
  for (const auto& [name, judge] : validation_corpus::cases()) EXPECT_TRUE(seen.contains(name)) << name;
}

}  // namespace
