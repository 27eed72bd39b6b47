#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace transform_test {

struct Texts {
  std::string name;
  std::optional<std::string> nick;
  std::vector<std::string> tags;
  std::string shout = "A";
  int twice = 0;
  std::string code = "x";
};
NEST_DTO(Texts, NEST_FIELD(name, trim(), is_not_empty(), max_length(5)),
         NEST_FIELD(nick, trim(), to_lower_case(), min_length(2)),
         NEST_FIELD(tags, each(trim()), each(to_upper_case()), each(is_not_empty()), each(max_length(3))),
         NEST_FIELD(shout, is_optional(), to_upper_case()),
         NEST_FIELD(twice, is_optional(), transform([](int value) { return 2 * value; }), max(10)),
         NEST_FIELD(code, is_optional(), trim(), transform([](std::string& text) { text += '!'; }),
                    transform([](std::string text) { return "<" + text + ">"; })));

struct Sorted {
  std::vector<int> numbers;
  std::set<std::string> names;
};
NEST_DTO(Sorted,
         NEST_FIELD(numbers, transform([](std::vector<int> all) {
                      std::sort(all.begin(), all.end());
                      all.erase(std::unique(all.begin(), all.end()), all.end());
                      return all;
                    }),
                    array_max_size(2), each(max(9))),
         NEST_FIELD(names, each(trim())));

struct Unique {
  std::vector<std::string> words;
  std::set<int> numbers;
};
NEST_DTO(Unique, NEST_FIELD(words, each(trim()), array_unique(), array_contains("a")),
         NEST_FIELD(numbers, array_unique(), array_not_contains(3)));

struct Written {
  std::string password = "secret";
  int price = 250;
  std::string mail = "ada@example.com";
};
NEST_DTO(Written, NEST_FIELD(password, is_optional(), exclude_on_write(), min_length(3)),
         NEST_FIELD(price, is_optional(), transform_on_write([](int cents) { return cents / 100.0; })),
         NEST_FIELD(mail, is_optional(),
                    transform_on_write([](const std::string& mail) { return mail.substr(0, 1) + "***"; })));

struct Excluded {
  int id = 7;
  int hidden = 8;
  int kept = 9;
};
NEST_DTO(Excluded, NEST_FIELD(id, exclude_on_read()), NEST_FIELD(hidden, exclude(), is_optional(), is_int(), min(100)),
         NEST_FIELD(kept, is_optional(), is_int()));

struct User {
  int id = 0;
  std::string name;
  std::string salary = "none";
  std::string fresh = "new", old = "old";
};
NEST_DTO(User, NEST_FIELD(id, expose("userId")), NEST_FIELD(name, expose({.name = "fullName"}), is_string()),
         NEST_FIELD(salary, expose({.groups = {"admin", "payroll"}}), is_optional(), min_length(2)),
         NEST_FIELD(fresh, expose({.since = 2})), NEST_FIELD(old, expose({.since = 1, .until = 2})));

struct Converted {
  int number = 0;
  bool flag = false;
  std::string text;
  std::vector<int> list;
  double real = 0;
  int strict = 0;
};
NEST_DTO(Converted, NEST_FIELD(number, convert(), is_optional(), is_int(), min(1)), NEST_FIELD(flag, convert()),
         NEST_FIELD(text, convert()), NEST_FIELD(list, convert()), NEST_FIELD(real, convert()),
         NEST_FIELD(strict, is_optional(), is_int()));

struct Javascript {
  double number = 0;
  bool flag = false;
  std::string text;
  std::vector<int> list;
};
NEST_DTO(Javascript, NEST_FIELD(number, convert_as_javascript(), is_optional(), is_number()),
         NEST_FIELD(flag, convert_as_javascript()), NEST_FIELD(text, convert_as_javascript()),
         NEST_FIELD(list, convert_as_javascript()));

struct Named {
  std::string firstName, HTTPServer, with_underscore;
  int id2 = 0;
  std::string given;
};
NEST_DTO(Named, snake_case(), NEST_FIELD(firstName, is_string()), NEST_FIELD(HTTPServer), NEST_FIELD(with_underscore),
         NEST_FIELD(id2), NEST_FIELD(given, json_name("givenByHand")));

struct Kebab {
  int firstName = 1, last_name = 2;
};
NEST_DTO(Kebab, kebab_case(), NEST_FIELD(firstName), NEST_FIELD(last_name));
struct Camel {
  int first_name = 1, LastName = 2;
};
NEST_DTO(Camel, NEST_FIELD(first_name), NEST_FIELD(LastName), camel_case());
struct Pascal {
  int first_name = 1, lastName = 2;
};
NEST_DTO(Pascal, pascal_case(), NEST_FIELD(first_name), NEST_FIELD(lastName));

}  // namespace transform_test

namespace {

using namespace transform_test;
using nestcpp::from_json;
using nestcpp::to_json;

TEST(Transforms, AreMadeBeforeTheRulesLook) {
  const auto texts =
      from_json<Texts>(R"({"name":"  Ada  ","nick":" ADA","tags":[" a "," b"],"shout":"é","twice":5,"code":" c "})");
  EXPECT_EQ(texts.name, "Ada");
  EXPECT_EQ(texts.nick, "ada");
  EXPECT_EQ(texts.tags, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(texts.shout, "É");
  EXPECT_EQ(texts.twice, 10);
  EXPECT_EQ(texts.code, "<c!>");
  EXPECT_EQ(
      messages<Texts>(R"({"name":"   ","nick":" a ","tags":["  ","long"],"twice":6})"),
      "name should not be empty | nick must be longer than or equal to 2 characters | "
      "each value in tags must be shorter than or equal to 3 characters | each value in tags should not be empty | "
      "twice must not be greater than 10");
}

TEST(Transforms, AreMadeOnceHoweverThePayloadIsRead) {
  // A repeated key whose former value is bad is read in the thorough way.
  EXPECT_EQ(from_json<Texts>(R"({"name":"","name":"b","tags":[],"code":"c","twice":3})").code, "<c!>");
  EXPECT_EQ(from_json<Texts>(R"({"name":"","name":"b","tags":[],"twice":3})").twice, 6);
}

TEST(Transforms, LeaveMissingAndNullAlone) {
  const auto texts = from_json<Texts>(R"({"name":"n","nick":null,"tags":[]})");
  EXPECT_EQ(texts.nick, std::nullopt);
  EXPECT_EQ(texts.shout, "A");
  EXPECT_EQ(texts.code, "x");
  EXPECT_EQ(messages<Texts>(R"({"name":5,"tags":[]})"), "name must be shorter than or equal to 5 characters");
}

TEST(Transforms, OfWholeArrays) {
  const auto sorted = from_json<Sorted>(R"({"numbers":[3,1,3,1],"names":[" a ","a"]})");
  EXPECT_EQ(sorted.numbers, (std::vector<int>{1, 3}));
  EXPECT_EQ(sorted.names, (std::set<std::string>{"a"}));
  EXPECT_EQ(messages<Sorted>(R"({"numbers":[3,1,2],"names":[]})"), "numbers must contain no more than 2 elements");
  EXPECT_EQ(messages<Sorted>(R"({"numbers":[3,10],"names":[]})"), "each value in numbers must not be greater than 9");
}

TEST(Transforms, RulesOnArraysSeeTheChangedItems) {
  EXPECT_EQ(messages<Unique>(R"({"words":[" a","b"],"numbers":[1,2]})"), "");
  EXPECT_EQ(messages<Unique>(R"({"words":["b"," b"],"numbers":[3,3]})"),
            "words must contain a values | All words's elements must be unique | "
            "numbers should not contain 3 values | All numbers's elements must be unique");
}

TEST(Transforms, TrimAsJavascriptDoes) {
  const auto trimmed = [](std::string text) {
    nestcpp::detail::trim_text(text);
    return text;
  };
  EXPECT_EQ(trimmed("\t\n a b \v\f\r"), "a b");
  EXPECT_EQ(trimmed("\u00a0\ufeff\u3000x\u2028\u2003"), "x");
  EXPECT_EQ(trimmed("\u200bx"), "\u200bx");
  EXPECT_EQ(trimmed("\xc2"), "\xc2");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Transforms, ChangeCase) {
  std::string text = "AbZ ÀÖ×Ÿ Āā Ĺĺ Žž ΆΩς Ёя 😀\xff";
  nestcpp::detail::lower_text(text);
  EXPECT_EQ(text, "abz àö×ÿ āā ĺĺ žž άως ёя 😀\xff");
  nestcpp::detail::upper_text(text);
  EXPECT_EQ(text, "ABZ ÀÖ×Ÿ ĀĀ ĹĹ ŽŽ ΆΩΣ ЁЯ 😀\xff");
  std::string sharp = "ß ı ŉ ŀ Ŀ ķ Ÿ";
  nestcpp::detail::upper_text(sharp);
  EXPECT_EQ(sharp, "ß ı ŉ Ŀ Ŀ Ķ Ÿ");
}

TEST(Writing, CanChangeAndLeaveOut) {
  EXPECT_EQ(to_json(Written{}), R"({"price":2.5,"mail":"a***"})");
  EXPECT_EQ(from_json<Written>(R"({"password":"12345"})").password, "12345");
  EXPECT_EQ(to_json(Excluded{}), R"({"id":7,"kept":9})");
}

TEST(Reading, LeavesOutWhatIsExcluded) {
  const auto excluded =
      from_json<Excluded>(R"({"id":1,"hidden":{"a":[1]},"kept":3})", {.forbid_non_whitelisted = true});
  EXPECT_EQ(excluded.id, 7);
  EXPECT_EQ(excluded.hidden, 8);
  EXPECT_EQ(excluded.kept, 3);
  EXPECT_EQ(messages<Excluded>(R"({"id":"x","hidden":1,"kept":"x"})"), "kept must be an integer number");
}

TEST(Exposure, GivesNamesAndFiltersByGroupAndVersion) {
  const User user{.id = 1, .name = "Ada", .salary = "9"};
  EXPECT_EQ(to_json(user), R"({"userId":1,"fullName":"Ada","fresh":"new","old":"old"})");
  EXPECT_EQ(to_json(user, {.groups = {"admin"}}),
            R"({"userId":1,"fullName":"Ada","salary":"9","fresh":"new","old":"old"})");
  EXPECT_EQ(to_json(user, {.groups = {"other"}, .version = 1}), R"({"userId":1,"fullName":"Ada","old":"old"})");
  EXPECT_EQ(to_json(user, {.version = 2}), R"({"userId":1,"fullName":"Ada","fresh":"new"})");
  EXPECT_EQ(to_json(std::vector{user}, {.version = 2}), R"([{"userId":1,"fullName":"Ada","fresh":"new"}])");
}

TEST(Exposure, HoldsForReading) {
  const std::string text = R"({"userId":4,"fullName":"n","salary":"12","fresh":"f","old":"o"})";
  EXPECT_EQ(from_json<User>(text).salary, "none");
  EXPECT_EQ(from_json<User>(text).fresh, "f");
  EXPECT_EQ(from_json<User>(text, {.transform_options = {.groups = {"payroll"}}}).salary, "12");
  const auto second = from_json<User>(text, {.transform_options = {.version = 2}});
  EXPECT_EQ(second.fresh, "f");
  EXPECT_EQ(second.old, "old");
  EXPECT_EQ(messages<User>(R"({"fullName":5,"salary":"1"})"), "fullName must be a string");
  EXPECT_EQ(messages<User>(R"({"fullName":"5","salary":"1"})", {.transform_options = {.groups = {"admin"}}}),
            "salary must be longer than or equal to 2 characters");
}

TEST(Conversion, GivesValuesTheMembersType) {
  const auto made = from_json<Converted>(R"({"number":"5","flag":"true","text":12.5,"list":["1",2],"real":"-1e3"})");
  EXPECT_EQ(made.number, 5);
  EXPECT_TRUE(made.flag);
  EXPECT_EQ(made.text, "12.5");
  EXPECT_EQ(made.list, (std::vector<int>{1, 2}));
  EXPECT_EQ(made.real, -1000);
  EXPECT_FALSE(from_json<Converted>(R"({"flag":"false"})").flag);
  EXPECT_EQ(from_json<Converted>(R"({"text":true})").text, "true");
}

TEST(Conversion, LeavesTheRestForTheRules) {
  EXPECT_EQ(messages<Converted>(R"({"number":"5x"})"),
            "number must not be less than 1 | number must be an integer number");
  EXPECT_EQ(messages<Converted>(R"({"number":"0"})"), "number must not be less than 1");
  EXPECT_EQ(messages<Converted>(R"({"number":""})"),
            "number must not be less than 1 | number must be an integer number");
  EXPECT_EQ(messages<Converted>(R"({"flag":"yes"})"), "flag must be a boolean value");
  EXPECT_EQ(messages<Converted>(R"({"strict":"5"})"), "strict must be an integer number");
  EXPECT_EQ(
      from_json<Converted>(R"({"strict":"5"})", {.transform_options = {.enable_implicit_conversion = true}}).strict, 5);
  EXPECT_EQ(from_json<shop::Address>(R"({"street":123,"zip":"12"})",
                                     {.transform_options = {.enable_implicit_conversion = true}})
                .street,
            "123");
}

// What Number(v), String(v) and Boolean(v) give.
TEST(Conversion, LikeJavascriptHasItsTraps) {
  EXPECT_TRUE(from_json<Javascript>(R"({"flag":"false"})").flag);
  EXPECT_FALSE(from_json<Javascript>(R"({"flag":""})").flag);
  EXPECT_FALSE(from_json<Javascript>(R"({"flag":0})").flag);
  EXPECT_TRUE(from_json<Javascript>(R"({"flag":[]})").flag);
  const struct {
    const char* text;
    double number;
  } cases[] = {{"\"\"", 0},
               {"\" 12 \"", 12},
               {"\"0x1F\"", 31},
               {"\"0b101\"", 5},
               {"\"+1.5\"", 1.5},
               {"true", 1},
               {"\".5\"", 0.5},
               {"\"5.\"", 5},
               {"\"1E-400\"", 0},
               {"\"12.5e-400\"", 0},
               {"\"1e-99999999999999999999\"", 0},
               {"\"1e3\"", 1000},
               {"\"-2\"", -2},
               {"\"0o17\"", 15}};
  for (const auto& [text, number] : cases) {
    EXPECT_EQ(from_json<Javascript>(std::string{R"({"number":)"} + text + "}").number, number) << text;
  }
  for (const char* text : {"\"12px\"", "\"0x\"", "\"--1\"", "\"Infinity\"", "\"e5\"", "\"1E400\""}) {
    EXPECT_EQ(messages<Javascript>(std::string{R"({"number":)"} + text + "}"),
              "number must be a number conforming to the specified constraints")
        << text;
  }
  EXPECT_EQ(from_json<Javascript>(R"({"text":1e21})").text, "1e+21");
  EXPECT_EQ(messages<Javascript>(R"({"list":["1"]})"), "each value in list must be an integer number");
}

TEST(Naming, OfAWholeDto) {
  Named named;
  named.firstName = "a";
  EXPECT_EQ(to_json(named), R"({"first_name":"a","http_server":"","with_underscore":"","id2":0,"givenByHand":""})");
  EXPECT_EQ(messages<Named>(R"({"firstName":"a"})"), "first_name must be a string");
  EXPECT_EQ(from_json<Named>(R"({"http_server":"h","first_name":"f"})").HTTPServer, "h");
  EXPECT_EQ(to_json(Kebab{}), R"({"first-name":1,"last-name":2})");
  EXPECT_EQ(to_json(Camel{}), R"({"firstName":1,"lastName":2})");
  EXPECT_EQ(to_json(Pascal{}), R"({"FirstName":1,"LastName":2})");
}

}  // namespace
