#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

namespace groups_test {

// The class that class-validator's choice by groups was recorded with.
struct Grouped {
  std::string a, b, c, d;
};
NEST_DTO(Grouped, NEST_FIELD(a, with_groups(min_length(1), "create")),
         NEST_FIELD(b, with_groups(min_length(1), "update")), NEST_FIELD(c, min_length(1)),
         NEST_FIELD(d, always(min_length(1))));

struct Account {
  int id = 0;
  std::string password = "unchanged";
  std::string nick;
};
NEST_DTO(Account, NEST_FIELD(id, with_groups(is_int(), "update"), with_groups(min(1), "update")),
         NEST_FIELD(password, with_groups(is_optional(), "update"), always(min_length(8))),
         NEST_FIELD(nick, with_groups(allow(), "create", "update")));

struct Team {
  std::vector<Account> members;
};
NEST_DTO(Team, NEST_FIELD(members, always(is_array()), always(validate_nested())));

struct HalfNested {
  shop::Address addr;
};
NEST_DTO(HalfNested, NEST_FIELD(addr, with_groups(validate_nested(), "deep"), always(is_defined())));

struct Ruleless {
  int x = 0;
};
NEST_DTO(Ruleless, NEST_FIELD(x));

struct OfRuleless {
  Ruleless inner;
  int y = 1;
};
NEST_DTO(OfRuleless, NEST_FIELD(inner, validate_nested()), NEST_FIELD(y, is_int()));

}  // namespace groups_test

namespace {

using namespace groups_test;
using nestcpp::validation_options;

// Which of the four are told of.
std::string told(const validation_options& options) {
  const std::string all = messages<Grouped>(R"({"a":"","b":"","c":"","d":""})", options);
  std::string names;
  for (std::size_t at = 0; at < all.size();
       at = all.find(" | ", at) == std::string::npos ? all.size() : all.find(" | ", at) + 3) {
    names += all[at];
  }
  return names;
}

TEST(Groups, ChooseRulesAsClassValidatorDoes) {
  EXPECT_EQ(told({}), "abcd");
  EXPECT_EQ(told({.groups = {"create"}}), "ad");
  EXPECT_EQ(told({.groups = {"create", "update"}}), "abd");
  EXPECT_EQ(told({.groups = {"create"}, .always = true}), "acd");
  EXPECT_EQ(told({.strict_groups = true}), "cd");
  EXPECT_EQ(told({.groups = {"other"}}), "d");
  EXPECT_EQ(told({.always = true}), "abcd");
}

TEST(Groups, PropertiesWithoutARuleInForceAreLeftOut) {
  const std::string all = R"({"a":"1","b":"2","c":"3","d":"4"})";
  const auto create = nestcpp::from_json<Grouped>(all, {.groups = {"create"}});
  EXPECT_EQ(create.a + create.b + create.c + create.d, "14");
  const auto kept = nestcpp::from_json<Grouped>(all, {.whitelist = false, .groups = {"create"}});
  EXPECT_EQ(kept.a + kept.b + kept.c + kept.d, "1234");
  EXPECT_EQ(messages<Grouped>(all, {.forbid_non_whitelisted = true, .groups = {"create"}}),
            "property b should not exist | property c should not exist");
}

TEST(Groups, OptionsBelongToGroupsToo) {
  const validation_options create{.groups = {"create"}};
  const validation_options update{.groups = {"update"}};
  EXPECT_EQ(messages<Account>("{}", create), "password must be longer than or equal to 8 characters");
  EXPECT_EQ(messages<Account>("{}", update), "id must not be less than 1 | id must be an integer number");
  EXPECT_EQ(nestcpp::from_json<Account>(R"({"id":3,"nick":"n"})", update).password, "unchanged");
  EXPECT_EQ(nestcpp::from_json<Account>(R"({"id":"not read","password":"long enough","nick":"n"})", create).nick, "n");
  EXPECT_EQ(messages<Account>(R"({"id":3,"password":"short"})", update),
            "password must be longer than or equal to 8 characters");
}

TEST(Groups, HoldForNestedObjects) {
  const std::string text = R"({"members":[{"id":5,"password":"long enough"},{"password":"short"}]})";
  EXPECT_EQ(messages<Team>(text, {.groups = {"create"}}),
            "members.1.password must be longer than or equal to 8 characters");
  EXPECT_EQ(messages<Team>(text, {.groups = {"update"}}),
            "members.1.id must not be less than 1 | members.1.id must be an integer number | "
            "members.1.password must be longer than or equal to 8 characters");
  const auto team =
      nestcpp::from_json<Team>(R"({"members":[{"id":5,"password":"long enough"}]})", {.groups = {"create"}});
  EXPECT_EQ(team.members.at(0).id, 0);
  EXPECT_EQ(messages<Team>(R"({"members":[{"id":5,"password":"long enough"}]})",
                           {.forbid_non_whitelisted = true, .groups = {"create"}}),
            "members.0.property id should not exist");
}

TEST(Groups, NestedValidationOfAnotherGroupIsNotDone) {
  const std::string text = R"({"addr":{"street":"x","zip":1}})";
  EXPECT_EQ(messages<HalfNested>(text, {.groups = {"other"}}), "");
  EXPECT_EQ(messages<HalfNested>(text, {.groups = {"deep"}, .always = true}),
            "addr.street must be longer than or equal to 3 characters | addr.zip must not be less than 10");
}

TEST(Groups, ObjectsWithoutARuleInForceCanBeForbidden) {
  const validation_options forbid{.forbid_unknown_values = true};
  EXPECT_EQ(messages<Ruleless>(R"({"x":1})", forbid), "an unknown value was passed to the validate function");
  EXPECT_EQ(messages<Ruleless>(R"({"x":1})"), "");
  EXPECT_EQ(messages<shop::Address>(R"({"street":"abc","zip":10})", forbid), "");
  EXPECT_EQ(messages<Grouped>("{}", {.forbid_unknown_values = true, .groups = {"x"}}),
            "d must be longer than or equal to 1 characters");
  EXPECT_EQ(messages<OfRuleless>(R"({"inner":{},"y":2})", forbid),
            "inner.an unknown value was passed to the validate function");
}

TEST(Groups, MoreThanEightNamesAreRefused) {
  EXPECT_THROW((nestcpp::group_list{"1", "2", "3", "4", "5", "6", "7", "8", "9"}), std::length_error);
}

}  // namespace
