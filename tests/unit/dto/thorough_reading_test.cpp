// Payloads that only the thorough way can judge: what it costs, and that it reads what the short way reads.
#include "unit/dto/dto_types.hpp"

#include <nestcpp/dto/secret.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <map>
#include <string>
#include <variant>

namespace thorough_test {

struct Branch;
struct Twig {
  std::vector<std::variant<Twig, Branch>> kids;
  int n = 1;
};
struct Branch {
  std::vector<std::variant<Twig, Branch>> kids;
  int n = 2;
};
NEST_DTO(Twig, NEST_FIELD(kids, is_optional()), NEST_FIELD(n, is_optional(), max(1)));
NEST_DTO(Branch, NEST_FIELD(kids, is_optional()), NEST_FIELD(n, is_optional(), min(2)));

struct Node {
  std::vector<Node> kids;
  boost::json::value data;
  int n = 1;
};
NEST_DTO(Node, NEST_FIELD(kids, is_optional(), validate_nested()), NEST_FIELD(data, is_optional()),
         NEST_FIELD(n, is_optional(), min(1)));

struct Depending {
  std::vector<Depending> kids;
  int n = 1;
};
NEST_DTO(Depending, NEST_FIELD(kids, validate_if([](const Depending&) { return true; }), is_optional()),
         NEST_FIELD(n, validate_if([](const Depending&) { return true; }), is_optional(), min(1)));

struct Cat {
  std::string name;
};
NEST_DTO(Cat, NEST_FIELD(name, with_groups(min_length(5), "create")));
struct Bowl {
  int litres = 0;
};
NEST_DTO(Bowl, NEST_FIELD(litres, with_groups(min(1), "create")));
struct Home {
  std::variant<int, Cat, Bowl> pet = 7;
  std::vector<std::variant<int, Cat>> pets;
};
NEST_DTO(Home, NEST_FIELD(pet), NEST_FIELD(pets));

struct Login {
  nestcpp::secret<std::string> password;
};
NEST_DTO(Login, NEST_FIELD(password, max_length(8), transform([](nestcpp::secret<std::string> text) { return text; })));

struct Item {
  std::string name;
  std::string code;
};
NEST_DTO(Item, NEST_FIELD(name), NEST_FIELD(code, is_string(), min_length(3), exclude_on_write()));
struct Order {
  std::vector<Item> items;
  int n = 1;
};
NEST_DTO(Order, NEST_FIELD(items, transform([](std::vector<Item> items) { return items; })), NEST_FIELD(n, min(1)));

struct Sums {
  std::vector<double> all;
  std::string note;
};
NEST_DTO(Sums, NEST_FIELD(all, each(is_number({.allow_infinity = true})), transform([](std::vector<double> all) {
                            return all;
                          })),
         NEST_FIELD(note, is_optional(), with_groups(min_length(1), "a")));

struct Price {
  nestcpp::decimal amount;
  std::string note;
};
NEST_DTO(Price, NEST_FIELD(amount), NEST_FIELD(note, with_groups(min_length(1), "a")));

struct Bill {
  Price price;
  std::vector<nestcpp::decimal> parts;
  std::map<std::string, nestcpp::decimal> taxes;
  int count = 0;
};
NEST_DTO(Bill, NEST_FIELD(price), NEST_FIELD(parts), NEST_FIELD(taxes), NEST_FIELD(count, convert()));

struct Ratio {
  float value = 0;
};
NEST_DTO(Ratio, NEST_FIELD(value, is_number()));

}  // namespace thorough_test

namespace {

using namespace thorough_test;
using nestcpp::validation_options;

std::string nested(std::size_t levels, const std::string& innermost) {
  std::string text;
  for (std::size_t i = 0; i < levels; ++i) text += R"({"kids":[)";
  text += innermost;
  for (std::size_t i = 0; i < levels; ++i) text += "]}";
  return text;
}

// Generous, for sanitizers and busy machines: what this guards against takes longer than anybody waits.
constexpr auto limit = std::chrono::seconds{20};

template <class T>
bool reads_in_time(const std::string& text, const validation_options& options = {}) {
  T out;
  const auto start = std::chrono::steady_clock::now();
  const bool read = static_cast<bool>(nestcpp::read_json(text, out, options));
  EXPECT_LT(std::chrono::steady_clock::now() - start, limit);
  return read;
}

TEST(ThoroughReading, VariantsInVariantsDoNotDoubleTheWork) {
  EXPECT_TRUE(reads_in_time<Twig>(nested(100, R"({"n":2})")));
  EXPECT_FALSE(reads_in_time<Twig>(nested(100, R"({"n":"x"})")));
  EXPECT_FALSE(reads_in_time<Twig>(nested(100, R"({"n":2)")));
  EXPECT_TRUE(reads_in_time<Twig>(nested(100, R"({"n":2})"), {.groups = {"other"}, .always = true}));
  EXPECT_TRUE(reads_in_time<Twig>(nested(100, R"({"n":0})"), {.groups = {"other"}}));
}

TEST(ThoroughReading, VariantsInVariantsKeepTheAlternativeThatFits) {
  const auto twig = nestcpp::from_json<Twig>(R"({"kids":[{"n":3,"kids":[{"n":1},{"n":2}]}]})");
  const auto& branch = std::get<Branch>(twig.kids.at(0));
  EXPECT_EQ(branch.n, 3);
  EXPECT_EQ(std::get<Twig>(branch.kids.at(0)).n, 1);
  EXPECT_EQ(std::get<Branch>(branch.kids.at(1)).n, 2);
}

TEST(ThoroughReading, ErrorsKeepWhatWasSentOnceOnly) {
  std::string data = R"({"n":0,"data":[0)";
  for (int i = 0; i < 1000; ++i) data += ",0";
  Node node;
  const auto result = nestcpp::read_json(nested(100, data + "]}"), node, {.validation_error = {.target = true}});
  ASSERT_TRUE(result.validation_failure());
  const auto* error = &result.validation_failure()->errors().at(0);
  EXPECT_TRUE(error->target);
  std::size_t targets = 0;
  std::size_t values = 0;
  for (;; error = &error->children.at(0)) {
    targets += error->target.has_value();
    values += error->value.has_value();
    if (error->children.empty()) break;
  }
  EXPECT_EQ(error->property, "n");
  EXPECT_EQ(*error->value, 0);
  EXPECT_EQ(error->target->at("n"), 0);
  EXPECT_EQ(targets, 2u);
  EXPECT_EQ(values, 1u);
}

TEST(ThoroughReading, ConditionsDoNotDoubleTheWork) {
  EXPECT_FALSE(reads_in_time<Depending>(nested(100, R"({"n":0})")));
  EXPECT_FALSE(reads_in_time<Depending>(nested(100, R"({"n":0,"x":nul})")));
}

TEST(ThoroughReading, VariantsAreReadByTheRulesOfTheGroups) {
  const validation_options update{.groups = {"update"}};
  Home home;
  ASSERT_TRUE(nestcpp::read_json(R"({"pet":{"name":"ab"},"pets":[{"name":"cd"},3]})", home, update));
  EXPECT_EQ(std::get<Cat>(home.pet).name, "ab");
  ASSERT_EQ(home.pets.size(), 2u);
  EXPECT_EQ(std::get<Cat>(home.pets[0]).name, "cd");
  EXPECT_EQ(std::get<int>(home.pets[1]), 3);
  EXPECT_FALSE(nestcpp::read_json(R"({"pet":{"name":"ab"},"pets":[]})", home, {.groups = {"create"}}));
  EXPECT_FALSE(nestcpp::read_json(R"({"pet":"cat","pets":[]})", home, update));
}

TEST(ThoroughReading, RulesSeeTransformedSecrets) {
  EXPECT_EQ(messages<Login>(R"({"password":"abcdefghijklmnop"})"),
            "password must be shorter than or equal to 8 characters");
  Login login;
  ASSERT_TRUE(nestcpp::read_json(R"({"password":"abcdefgh"})", login, {.groups = {"x"}, .always = true}));
  EXPECT_EQ(login.password.reveal(), "abcdefgh");
}

TEST(ThoroughReading, TransformedMembersAreJudgedInsideAsTheyWereSent) {
  EXPECT_EQ(
      messages<Order>(R"({"items":[{"name":"a","code":"abc","admin":1}],"n":1})", {.forbid_non_whitelisted = true}),
      "items.0.property admin should not exist");
  EXPECT_EQ(messages<Order>(R"({"items":[{"name":"a","code":"abc"}],"n":0})"), "n must not be less than 1");
  Sums sums;
  ASSERT_TRUE(nestcpp::read_json(R"({"all":[1e999,2],"note":"x"})", sums, {.groups = {"a"}, .always = true}));
  EXPECT_EQ(sums.all.at(0), std::numeric_limits<double>::infinity());
}

TEST(ThoroughReading, DecimalsKeepTheirDigits) {
  for (const char* digits : {"12345678901234567890.10", "1e400", "5.0"}) {
    const std::string number{digits};
    Price plain;
    Price grouped;
    Price repeated;
    ASSERT_TRUE(nestcpp::read_json(R"({"amount":)" + number + R"(,"note":"x"})", plain));
    ASSERT_TRUE(nestcpp::read_json(R"({"amount":)" + number + R"(,"note":"x"})", grouped, {.groups = {"a"}}));
    ASSERT_TRUE(nestcpp::read_json(R"({"note":1,"amount":)" + number + R"(,"note":"x"})", repeated));
    EXPECT_EQ(grouped.amount.text(), plain.amount.text());
    EXPECT_EQ(repeated.amount.text(), plain.amount.text());
    EXPECT_EQ(repeated.note, "x");
  }
}

TEST(ThoroughReading, DecimalsKeepTheirDigitsBesideConvertedAndStrippedValues) {
  const std::string text =
      R"({"price":{"amount":12345678901234567890.10,"note":"x"},"parts":[5.0,7],"taxes":{"vat":1e400},"count":"3"})";
  for (const bool stripped : {false, true}) {
    Bill bill;
    const validation_options options{.groups = {stripped ? "b" : "a"}};
    ASSERT_TRUE(nestcpp::read_json(text, bill, options));
    EXPECT_EQ(bill.price.amount.text(), nestcpp::decimal::parse("12345678901234567890.10")->text());
    EXPECT_EQ(bill.price.note, stripped ? "" : "x");
    EXPECT_EQ(bill.parts.at(0).text(), nestcpp::decimal::parse("5.0")->text());
    EXPECT_EQ(bill.parts.at(1).text(), "7");
    EXPECT_EQ(bill.taxes.at("vat").text(), nestcpp::decimal::parse("1e400")->text());
    EXPECT_EQ(bill.count, 3);
  }
}

TEST(ThoroughReading, NumbersThatOnlyADoubleHoldsAreNoFloats) {
  EXPECT_EQ(messages<Ratio>(R"({"value":3.5e38})"), "value must be a number conforming to the specified constraints");
  EXPECT_EQ(messages<Ratio>(R"({"value":-3.5e38})"), "value must be a number conforming to the specified constraints");
  EXPECT_EQ(nestcpp::from_json<Ratio>(R"({"value":3.4e38})").value, 3.4e38f);
}

}  // namespace
