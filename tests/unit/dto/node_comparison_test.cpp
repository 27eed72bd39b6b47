// The same input to Node and to the library: escapes, numbers, lengths, and what is JSON at all.
#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <unistd.h>

namespace {

std::string hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

// A code unit as UTF-8, a surrogate as three bytes; pairs become one sequence of four.
std::string wtf8(const std::u16string& units) {
  std::string text;
  for (std::size_t i = 0; i < units.size(); ++i) {
    unsigned code = units[i];
    if (code >= 0xd800 && code < 0xdc00 && i + 1 < units.size() && units[i + 1] >= 0xdc00 && units[i + 1] < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10) + (units[++i] - 0xdc00u);
    }
    const auto put = [&text](unsigned byte) { text += static_cast<char>(byte); };
    if (code < 0x80) {
      put(code);
    } else if (code < 0x800) {
      put(0xc0 | code >> 6), put(0x80 | (code & 63));
    } else if (code < 0x10000) {
      put(0xe0 | code >> 12), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
    } else {
      put(0xf0 | code >> 18), put(0x80 | (code >> 12 & 63)), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
    }
  }
  return text;
}

class NodeComparison : public testing::Test {
 protected:
  void SetUp() override {
    const char* found = std::getenv("NODE");
    node_ = found != nullptr ? found : "node";
    if (std::system((node_ + " --version > /dev/null 2>&1").c_str()) != 0) {
      GTEST_SKIP() << "node is not on the path (NODE names another one)";
    }
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path{testing::TempDir()} /
              ("nestcpp-" + std::string{info->name()} + "-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  // One line of output for each line of input. In `body`, `line` is the input and what it returns is printed.
  std::vector<std::string> run(const std::vector<std::string>& input, const std::string& body) {
    std::ofstream script{folder_ / "script.js"};
    script << "const lines = require('fs').readFileSync(process.argv[2], 'latin1').split('\\n').slice(0, -1);\n"
              "const answer = (line) => {"
           << body
           << "};\n"
              "process.stdout.write(lines.map(answer).map((l) => String(l).replaceAll('\\n', '<LF>') + "
              "'\\n').join(''));\n";
    script.close();
    std::ofstream lines{folder_ / "input", std::ios::binary};
    for (const auto& line : input) lines << line << '\n';
    lines.close();
    const auto output = folder_ / "output";
    const std::string command = node_ + " '" + (folder_ / "script.js").string() + "' '" + (folder_ / "input").string() +
                                "' > '" + output.string() + "'";
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ifstream file{output, std::ios::binary};
    std::vector<std::string> answers;
    for (std::string line; std::getline(file, line);) answers.push_back(line);
    EXPECT_EQ(answers.size(), input.size());
    answers.resize(input.size());
    return answers;
  }

  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

  std::mt19937_64 random_{20261122};

 private:
  std::string node_;
  std::filesystem::path folder_;
};

TEST_F(NodeComparison, EscapesStrings) {
  std::vector<std::string> input;
  std::vector<std::string> ours;
  for (int i = 0; i < 4000; ++i) {
    std::u16string units;
    std::string line;
    for (unsigned n = below(40); n > 0; --n) {
      const unsigned kind = below(10);
      const unsigned unit = kind < 5   ? 0x20 + below(0x5f)
                            : kind < 7 ? below(0x80)
                            : kind < 8 ? 0xd800 + below(0x800)
                                       : below(0x10000);
      units += static_cast<char16_t>(unit);
      line += (line.empty() ? "" : ",") + std::to_string(unit);
    }
    input.push_back(line);
    std::string text;
    nestcpp::append_json_string(text, wtf8(units));
    ours.push_back(text);
    EXPECT_EQ(nestcpp::from_json<std::string>(text), wtf8(units));
  }
  const auto theirs =
      run(input, "return JSON.stringify(line === '' ? '' : String.fromCharCode(...line.split(',').map(Number)));");
  for (std::size_t i = 0; i < input.size(); ++i) ASSERT_EQ(ours[i], theirs[i]) << input[i];
}

TEST_F(NodeComparison, PrintsAndReadsNumbers) {
  std::vector<std::string> input;
  std::vector<double> values;
  for (int i = 0; i < 20000; ++i) {
    double value = 0;
    switch (below(4)) {
      case 0: value = std::bit_cast<double>(random_()); break;
      case 1: value = static_cast<double>(static_cast<std::int64_t>(random_())) / 1000; break;
      case 2: value = std::ldexp(static_cast<double>(random_() >> 11), static_cast<int>(below(200)) - 120); break;
      default: value = static_cast<double>(below(100000)) / 100;
    }
    values.push_back(value);
    char bits[17];
    std::snprintf(bits, sizeof bits, "%016llx", static_cast<unsigned long long>(std::bit_cast<std::uint64_t>(value)));
    input.emplace_back(bits);
  }
  const auto theirs = run(input, "return JSON.stringify(Buffer.from(line, 'hex').readDoubleBE(0));");
  for (std::size_t i = 0; i < input.size(); ++i) {
    std::string ours;
    nestcpp::append_json_number(ours, values[i]);
    ASSERT_EQ(ours, theirs[i]) << input[i];
    if (ours != "null") {
      ASSERT_EQ(nestcpp::from_json<double>(ours), values[i]) << ours;
    }
  }
}

TEST_F(NodeComparison, CountsUtf16Units) {
  std::vector<std::string> input;
  std::vector<std::string> texts;
  for (int i = 0; i < 8000; ++i) {
    std::string text;
    for (unsigned n = below(30); n > 0; --n) {
      switch (below(6)) {
        case 0: text += static_cast<char>(below(256)); break;
        case 1: text += static_cast<char>(0x80 + below(0x80)); break;
        case 2: text += std::string{"é€😀\xf0\x9f\xed\xa0\x80\xe2\x82"}.substr(below(8), 1 + below(6)); break;
        default: text += static_cast<char>('a' + below(26));
      }
    }
    texts.push_back(text);
    input.push_back(hex(text));
  }
  const auto lengths = run(input, "return Buffer.from(line, 'hex').toString('utf8').length;");
  // What Node decodes, as the reader does: bytes that are no text become U+FFFD.
  const auto decoded = run(input, "return JSON.stringify(Buffer.from(line, 'hex').toString('utf8'));");
  for (std::size_t i = 0; i < input.size(); ++i) {
    ASSERT_EQ(std::to_string(nestcpp::utf16_length(texts[i])), lengths[i]) << input[i];
    ASSERT_EQ(nestcpp::is_valid_utf8(texts[i]), decoded[i].find("\xef\xbf\xbd") == std::string::npos) << input[i];
    if (nestcpp::is_valid_utf8(texts[i])) {
      std::string ours;
      nestcpp::append_json_string(ours, texts[i]);
      ASSERT_EQ(ours, decoded[i]) << input[i];
    }
  }
}

TEST_F(NodeComparison, AcceptsAndRefusesTheSameTexts) {
  const std::vector<std::string> seeds = {
      R"({"pattern":"user.create","data":{"firstName":"Zo\u00eb 😀","n":[1,-2.5,1e3,0.25]},"id":"a"})",
      R"([true,false,null,"\ud83d\ude00\ud800 \\ \" \/",[],{},[[]],{"a":{}}])",
      "{ \"a\" : 1 ,\n \"b\" : [ ] ,\t\"c\" : \"\" }",
      "-12.5e-7",
  };
  const std::string alphabet = "{}[]\",:\\0123456789-+.eEtruefalsn u/\n\t\x01\x7f";
  std::vector<std::string> input;
  std::vector<std::string> texts;
  for (int i = 0; i < 20000; ++i) {
    std::string text = seeds[below(static_cast<unsigned>(seeds.size()))];
    for (unsigned n = below(4); n > 0 && !text.empty(); --n) {
      const unsigned at = below(static_cast<unsigned>(text.size()));
      const char c = alphabet[below(static_cast<unsigned>(alphabet.size()))];
      switch (below(4)) {
        case 0: text[at] = c; break;
        case 1: text.insert(at, 1, c); break;
        case 2: text.erase(at, 1 + below(3)); break;
        default: text.resize(at);
      }
    }
    texts.push_back(text);
    input.push_back(hex(text));
  }
  const auto theirs = run(input,
                          "try { return '=' + JSON.stringify(JSON.parse(Buffer.from(line, 'hex').toString('utf8'))); }"
                          "catch (e) { return e.message; }");
  std::size_t refused = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) continue;  // no payload
    boost::json::value value;
    const auto result = nestcpp::read_json(texts[i], value);
    ASSERT_EQ(static_cast<bool>(result), theirs[i].starts_with('=')) << texts[i] << "\n" << theirs[i];
    if (result) {
      // JavaScript has doubles only, and sorts keys that look like numbers.
      if (theirs[i].find_first_of("123456789") == std::string::npos) {
        ASSERT_EQ('=' + nestcpp::to_json(value), theirs[i]) << texts[i];
      }
    } else {
      ++refused;
      std::string ours{result.syntax_error()->body().at("message").as_string()};
      for (std::size_t at = 0; (at = ours.find('\n', at)) != std::string::npos;) ours.replace(at, 1, "<LF>");
      ASSERT_TRUE(ours.starts_with("Unexpected") || ours.starts_with("Expected")) << ours;
      ASSERT_NE(ours.find("JSON"), std::string::npos) << ours;
      if (theirs[i].starts_with("Unexpected") || theirs[i].starts_with("Expected")) {
        // Newer versions of Node tell line and column as well.
        if (theirs[i].find("(line") == std::string::npos) {
          ASSERT_EQ(ours, theirs[i]) << texts[i];
        }
      }
    }
  }
  EXPECT_GT(refused, 5000u);
  EXPECT_LT(refused, 19000u);
}

}  // namespace
