// validate_if, messages, validate_by, each in each.
#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

namespace conditions_test {

enum class Channel { email, sms };
NEST_ENUM(Channel, email, sms);

struct Contact {
  std::string phone = "none";
  std::string email;
  Channel channel = Channel::sms;
};
bool by_email(const Contact& contact) { return contact.channel == Channel::email; }

// `phone` stands before the member that it depends on.
NEST_DTO(Contact,
         NEST_FIELD(phone, validate_if([](const Contact& c) { return c.channel == Channel::sms; }), is_string(),
                    min_length(6)),
         NEST_FIELD(email, validate_if(by_email), validate_if([](const auto& c) { return c.phone != "skip"; }),
                    is_email()),
         NEST_FIELD(channel));

struct Order {
  Contact contact;
  std::vector<int> counts;
  bool many = false;
};
NEST_DTO(Order, NEST_FIELD(contact, validate_if([](const Order& o) { return o.many; }), validate_nested()),
         NEST_FIELD(counts, validate_if([](const Order& o) { return o.many; }), is_array(), each(is_positive())),
         NEST_FIELD(many));

struct Messages {
  std::string word;
  int number = 1;
  std::vector<int> list = {1};
};
NEST_DTO(Messages,
         NEST_FIELD(word, with_message(min_length(3),
                                       "$target.$property: $value is shorter than $constraint1, $constraint2")),
         NEST_FIELD(number, with_message(min(1), ""),
                    with_message(max(9),
                                 [](const nestcpp::message_arguments& of) {
                                   return std::string{of.property} + " of " + std::string{of.target_name} +
                                          ": at most " + of.constraints.at(0) + ", not $value";
                                 })),
         NEST_FIELD(list, with_message(each(min(1)), "$value in $property")));

struct Inline {
  int even = 0;
  std::string upper = "A";
  bool yes = true;
  double half = 0.5;
  std::optional<int> any;
  std::vector<int> evens;
};
constexpr auto is_even = [](int value) { return value % 2 == 0; };
NEST_DTO(Inline, NEST_FIELD(even, is_optional(), validate_by("isEven", "$property must be even", is_even)),
         NEST_FIELD(upper, is_optional(),
                    validate_by("isUpper", "$property must be upper case",
                                [](std::string_view text) { return text.find_first_of("abc") == text.npos; })),
         NEST_FIELD(yes, is_optional(),
                    validate_by("isYes", "$property must be accepted", [](bool value) { return value; })),
         NEST_FIELD(half, is_optional(),
                    validate_by("isHalf", "$property must be 0.5", [](double v) { return v == 0.5; })),
         NEST_FIELD(any, validate_by("isAny", "$property is odd",
                                     [](const nestcpp::rule_value& v) { return v.number != 3; })),
         NEST_FIELD(evens, each(validate_by("isEven", "$property must be even", is_even))));

struct OneKey {
  std::string a;
};
NEST_DTO(OneKey, NEST_FIELD(a, min_length(5), is_string(), with_message(min_length(3), "short")));

struct Grid {
  std::vector<std::vector<int>> cells;
  std::map<std::string, std::vector<std::string>> tags;
  boost::json::value any;
};
NEST_DTO(Grid, NEST_FIELD(cells, each(array_max_size(2)), each(each(max(9)))),
         NEST_FIELD(tags, each(each(is_not_empty()))), NEST_FIELD(any, each(each(is_int()))));

}  // namespace conditions_test

namespace {

using namespace conditions_test;
using nestcpp::from_json;

TEST(Conditions, SeeMembersThatAreReadLater) {
  EXPECT_EQ(messages<Contact>(R"({"phone":"1","channel":"email","email":"a@b.io"})"), "");
  EXPECT_EQ(messages<Contact>(R"({"phone":"1","channel":"sms"})"),
            "phone must be longer than or equal to 6 characters");
  EXPECT_EQ(messages<Contact>(R"({"channel":"sms"})"),
            "phone must be longer than or equal to 6 characters | phone must be a string");
  EXPECT_EQ(messages<Contact>(R"({"channel":"email"})"), "email must be an email");
  EXPECT_EQ(messages<Contact>(R"({"channel":"email","phone":"skip"})"), "");
  EXPECT_EQ(messages<Contact>(R"({"channel":"email","email":null,"phone":"no"})"), "email must be an email");
}

TEST(Conditions, WhereTheyDoNotHoldTheValueIsKeptIfItCanBe) {
  EXPECT_EQ(from_json<Contact>(R"({"phone":"1","channel":"email","email":"a@b.io"})").phone, "1");
  const auto unfit = from_json<Contact>(R"({"phone":[1,{"x":2}],"channel":"email","email":"a@b.io"})");
  EXPECT_EQ(unfit.phone, "none");
  EXPECT_EQ(unfit.email, "a@b.io");
  EXPECT_EQ(from_json<Contact>(R"({"phone":null,"channel":"email","email":"a@b.io"})").phone, "none");
}

TEST(Conditions, AnObjectThatWasReadIntoBeforeIsAsGoodAsNew) {
  Contact contact;
  ASSERT_TRUE(nestcpp::read_json(R"({"phone":"1234567","channel":"sms"})", contact));
  ASSERT_TRUE(nestcpp::read_json(R"({"phone":{},"channel":"email","email":"a@b.io"})", contact));
  EXPECT_EQ(contact.phone, "none");
}

TEST(Conditions, HoldForObjectsAndArrays) {
  EXPECT_EQ(
      messages<Order>(R"({"contact":{"phone":"1"},"counts":[1,-1],"many":true})"),
      "contact.phone must be longer than or equal to 6 characters | each value in counts must be a positive number");
  const auto order = from_json<Order>(R"({"contact":{"phone":"1"},"counts":[1,-1]})");
  EXPECT_EQ(order.contact.phone, "1");
  EXPECT_EQ(order.counts, (std::vector<int>{1, -1}));
  EXPECT_EQ(messages<Order>(R"({"contact":5,"counts":"x","many":true})"),
            "nested property contact must be either object or array | each value in counts must be a positive number | "
            "counts must be an array");
}

TEST(Conditions, MalformedTextIsToldAsSuch) {
  EXPECT_NE(messages<Contact>(R"({"phone":[1,,"channel":"email"})").find("JSON"), std::string::npos);
  EXPECT_NE(messages<Contact>(R"({"phone":)" + std::string(600, '[') + std::string(600, ']') + "}").find("nesting"),
            std::string::npos);
}

TEST(Messages, TokensAreReplaced) {
  EXPECT_EQ(
      messages<Messages>(R"({"word":"ab","number":12,"list":[0]})"),
      "Messages.word: ab is shorter than 3, $constraint2 | number of Messages: at most 9, not 12 | $value in list");
  EXPECT_EQ(messages<Messages>(R"({"word":null,"number":0,"list":false})"),
            "Messages.word: $value is shorter than 3, $constraint2 | number must not be less than 1 | false in list");
}

TEST(Messages, OfOnesOwnStayWhereDefaultsAreDismissed) {
  EXPECT_EQ(messages<Messages>(R"({"word":"ab","number":0,"list":[1]})", {.dismiss_default_messages = true}),
            "Messages.word: ab is shorter than 3, $constraint2 | ");
}

TEST(Messages, TwoRulesWithOneKeyKeepOne) {
  EXPECT_EQ(messages<OneKey>(R"({"a":1})"), "a must be longer than or equal to 5 characters | a must be a string");
}

TEST(ValidateBy, TakesFunctionsOfAnyKind) {
  EXPECT_EQ(messages<Inline>(R"({"even":3,"upper":"a","yes":false,"half":1,"any":3,"evens":[2,3]})"),
            "even must be even | upper must be upper case | yes must be accepted | half must be 0.5 | any is odd | "
            "each value in evens must be even");
  EXPECT_EQ(messages<Inline>(R"({"even":2,"upper":"A","yes":true,"half":0.5,"any":4,"evens":[2]})"), "");
  EXPECT_EQ(messages<Inline>(R"({"even":"2","evens":[]})"), "even must be even");
  EXPECT_EQ(messages<Inline>(R"({"even":2.5,"evens":[]})"), "even must be even");
  EXPECT_EQ(messages<Inline>(R"({"even":1e300,"evens":[]})"), "even must be even");
}

TEST(Each, ReachesIntoArraysOfArrays) {
  EXPECT_EQ(messages<Grid>(R"({"cells":[[1,2],[9]],"tags":{"a":["x"]},"any":[[1]]})"), "");
  EXPECT_EQ(messages<Grid>(R"({"cells":[[1,2],[10]],"tags":{"a":["x",""]},"any":[[1],[1.5]]})"),
            "each value in cells must not be greater than 9 | each value in tags should not be empty | "
            "each value in any must be an integer number");
  EXPECT_EQ(messages<Grid>(R"({"cells":[[1,2,3]],"tags":{},"any":[]})"),
            "each value in cells must contain no more than 2 elements");
  EXPECT_EQ(messages<Grid>(R"({"cells":[[1],5],"tags":{},"any":[]})"),
            "each value in cells must contain no more than 2 elements");
}

}  // namespace
