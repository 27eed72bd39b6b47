// Random patterns and texts through JavaScript and through us: no difference.
#include "messaging/json_scan.hpp"

#include <nestcpp/dto/json_error.hpp>
#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/messaging/pattern.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

namespace nestcpp::test {
namespace {

constexpr int patterns{20'000};

// What NestJS does with the pattern of a packet, a line of output for each line of input (JSON strings of raw tokens):
// the route, and the text a context gives; for what is no JSON, what JSON.parse says. Objects with keys outside ASCII
// are left out, as ICU's tables sort those.
constexpr std::string_view javascript{R"js(
const escape = text => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"');
function route(pattern, depth) {
  if (typeof pattern === 'string' || typeof pattern === 'number') return String(pattern);
  if (pattern === null || typeof pattern !== 'object') return pattern;
  if (depth > 5) return '[MAX_DEPTH_REACHED]';
  const keys = Object.keys(pattern);
  if (keys.length > 20) return '[TOO_MANY_KEYS]';
  return '{' + keys.sort((a, b) => a.localeCompare(b)).map(key => {
    const inner = route(pattern[key], depth + 1);
    return `"${escape(key)}":` + (typeof pattern[key] === 'string' ? `"${escape(inner)}"` : inner);
  }).join(',') + '}';
}
const isAscii = value => value === null || typeof value !== 'object' ||
  Object.entries(value).every(([key, inner]) => /^[\0-\x7f]*$/.test(key) && isAscii(inner));
const isNode20 = process.versions.node.startsWith('20.');  // other versions word errors otherwise
const lines = require('fs').readFileSync(process.argv[2], 'utf8').split('\n').slice(0, -1);
console.log(lines.map(line => {
  const raw = JSON.parse(line);
  let pattern, parsed;
  try { pattern = JSON.parse(raw); } catch (error) { return JSON.stringify([isNode20 ? error.message.toWellFormed() : '(error)']); }
  const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  try { parsed = JSON.parse(text); } catch { parsed = text; }
  if (!isAscii(pattern) || !isAscii(parsed)) return '';
  const found = route(parsed, 0);
  return JSON.stringify([typeof found === 'string' ? found : '(none)', text]);
}).join('\n'));
)js"};

class pattern_source {
 public:
  explicit pattern_source(unsigned seed) : random_{seed} {}

  std::string raw() {
    switch (below(8)) {
      case 0: return quote_json(value(0));  // a pattern sent as text
      case 1: {                             // what is no JSON, or another one
        auto text = value(0);
        for (auto edits = below(3) + 1; edits > 0 && !text.empty(); --edits) {
          const auto at = below(text.size());
          if (below(2) == 0)
            text.erase(at, 1);
          else
            text.insert(at, 1, "{}[]\",:0-1e.tn \\ux\t"[below(20)]);
        }
        return below(2) == 0 ? text : quote_json(text);
      }
      default: return value(0);
    }
  }

 private:
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random_); }
  std::string_view one_of(std::initializer_list<std::string_view> choices) {
    return choices.begin()[below(choices.size())];
  }

  std::string value(int depth) {
    if (depth < 8 && below(depth < 2 ? 2 : 3) == 0) {
      const bool object{below(3) != 0};
      std::string text{object ? "{" : "["};
      const auto size = below(12) == 0 ? 18 + below(6) : below(5);
      for (std::size_t i{0}; i < size; ++i) {
        if (i > 0) text += ',';
        text += space();
        if (object) text.append(string(true)).append(space()).append(":").append(space());
        text.append(value(depth + 1)).append(space());
      }
      return text + (object ? "}" : "]");
    }
    switch (below(4)) {
      case 0: return std::string{one_of({"true", "false", "null"})};
      case 1: return number();
      default: return string(false);
    }
  }

  std::string_view space() { return below(8) == 0 ? one_of({" ", "\n", "\t", "\r ", "  "}) : ""; }

  std::string number() {
    if (below(3) == 0) {
      return std::string{one_of({"-0",
                                 "0",
                                 "1e21",
                                 "1e20",
                                 "1e-7",
                                 "1e-6",
                                 "9007199254740991",
                                 "9007199254740992",
                                 "9007199254740993",
                                 "-9007199254740993",
                                 "123456789012345678901",
                                 "1e999",
                                 "-1e999",
                                 "1e-999",
                                 "5e-324",
                                 "2e-324",
                                 "0.1",
                                 "0.30000000000000004",
                                 "1.0",
                                 "1E3",
                                 "100000000000000000000000",
                                 "4.35",
                                 "0.000001234",
                                 "1.7976931348623157e308",
                                 "1.7976931348623159e308",
                                 "-1.50e+2"})};
    }
    std::string text = below(3) == 0 ? "-" : "";
    text += std::to_string(std::uniform_int_distribution<std::uint64_t>{}(random_) >> below(64));
    if (below(3) == 0)
      text += "." + std::to_string(std::uniform_int_distribution<std::uint64_t>{}(random_) >> below(64));
    if (below(4) == 0) text += std::string{one_of({"e", "E+", "e-"})} + std::to_string(below(330));
    return text;
  }

  // Keys are ASCII: others are sorted by ICU's tables there and by code point here.
  std::string string(bool key) {
    if (key && below(4) == 0)
      return std::string{one_of({R"("a")", R"("b")", R"("A")", R"("1")", R"("10")", R"("9")", R"("__proto__")",
                                 R"("constructor")", R"("toString")", R"("a\u0000")", R"("1\u0001")", R"("")"})};
    std::string text{"\""};
    for (auto size = below(6); size > 0; --size) {
      switch (below(key ? 8 : 12)) {
        case 0: text += one_of({R"(\")", R"(\\)", R"(\/)", R"(\b)", R"(\f)", R"(\n)", R"(\r)", R"(\t)"}); break;
        case 1:
          text += one_of({R"(\u0000)", R"(\u0001)", R"(\u001f)", R"(\u007f)", R"(\u0041)", R"(\u005C)", R"(\u0022)"});
          break;
        case 8: text += one_of({"é", "€", "😀", "я", "\xE2\x80\xA8", "\x7F"}); break;
        case 9: text += one_of({R"(\ud83d\ude00)", R"(\u00e9)", R"(\u2028)", R"(\uFFFF)"}); break;
        case 10: text += one_of({R"(\ud800)", R"(\udc00)", R"(\uDBFF)", R"(\ud83d)"}); break;
        default: {
          const char c = static_cast<char>(' ' + below(95));
          text += c == '"' || c == '\\' ? 'x' : c;
        }
      }
    }
    return text + "\"";
  }

  std::mt19937 random_;
};

bool have_node() {
  return std::system("node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' > /dev/null 2>&1") == 0;
}

TEST(RouteDifferential, JavaScriptFindsTheSameRoutes) {
  if (!have_node()) GTEST_SKIP() << "needs node 20 or later on the path to compare with";

  pattern_source source{20261122};
  std::vector<std::string> raws(patterns);
  for (auto& raw : raws) raw = detail::unquote_json(quote_json(source.raw()));  // edits may have left ill-formed UTF-8
  const auto folder = std::filesystem::path{testing::TempDir()} / ("nestcpp_routes_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  {
    std::ofstream script{folder / "routes.js"}, input{folder / "input.txt"};
    script << javascript;
    for (const auto& raw : raws) input << quote_json(raw) << '\n';
  }
  const auto command = "node \"" + (folder / "routes.js").string() + "\" \"" + (folder / "input.txt").string() +
                       "\" > \"" + (folder / "output.txt").string() + "\"";
  ASSERT_EQ(std::system(command.c_str()), 0);

  std::ifstream output{folder / "output.txt"};
  std::string expected;
  int routes{0}, errors{0}, left_out{0}, different{0};
  for (const auto& raw : raws) {
    ASSERT_TRUE(std::getline(output, expected));
    if (expected.empty()) {
      ++left_out;
      continue;
    }
    request_envelope packet;
    std::string error, actual;
    if (!scan_request(raw, packet, error)) {
      actual = expected == "[\"(error)\"]" ? expected : "[" + quote_json(error) + "]";
      ++errors;
    } else {
      EXPECT_FALSE(find_json_error(raw)) << raw;
      const auto text = "{\"pattern\":" + raw + "}";
      ASSERT_TRUE(scan_request(text, packet, error)) << raw;
      const auto route = route_of(packet.pattern);
      std::string_view plain;
      if (plain_route(packet.pattern, plain)) EXPECT_EQ(plain, route) << raw;
      actual = "[" + quote_json(route.starts_with('\xFF') ? "(none)" : route) + "," +
               quote_json(pattern_text(packet.pattern)) + "]";
      ++routes;
    }
    if (actual != expected && ++different <= 20)
      ADD_FAILURE() << "of " << raw << "\nnode: " << expected << "\nours: " << actual;
  }
  EXPECT_EQ(different, 0);
  EXPECT_LT(left_out, patterns / 100);
  EXPECT_GT(routes, patterns / 2);
  EXPECT_GT(errors, patterns / 100);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace nestcpp::test
