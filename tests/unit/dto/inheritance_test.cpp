#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

namespace inheritance_test {

struct Base {
  int shared = 0;
  int b1 = 0;
};
NEST_DTO(Base, NEST_FIELD(shared, min(1), is_int()), NEST_FIELD(b1, is_int()));

struct Sub : Base {
  int s1 = 0;
};
NEST_DTO(Sub, fields_of<Base>(), NEST_FIELD(s1, is_int()), NEST_FIELD(shared, max(5)));

struct Third : Sub {
  std::string name;
};
NEST_DTO(Third, NEST_FIELD(name, is_string()), fields_of<Sub>());

struct CreateUser {
  std::string email, password = "none";
  int age = 1;
};
NEST_DTO(CreateUser, NEST_FIELD(email, is_email()), NEST_FIELD(password, min_length(8)),
         NEST_FIELD(age, is_int(), min(0)));

struct UpdateUser : CreateUser {};
NEST_DTO(UpdateUser, fields_of<CreateUser>().omit("password").partial());
struct Login : CreateUser {};
NEST_DTO(Login, fields_of<CreateUser>().pick("email", "password"));
struct Registration : CreateUser, shop::Address {};
NEST_DTO(Registration, fields_of<CreateUser>().omit("age"), fields_of<shop::Address>());

struct Snake {
  int firstName = 1;
};
NEST_DTO(Snake, snake_case(), NEST_FIELD(firstName));
struct OfSnake : Snake {
  int lastName = 2;
};
NEST_DTO(OfSnake, NEST_FIELD(lastName), fields_of<Snake>());

struct Conditional : Base {
  bool strict = false;
};
NEST_DTO(Conditional, NEST_FIELD(strict),
         NEST_FIELD(shared, validate_if([](const Conditional& c) { return c.strict; }), is_int(), min(1)));

}  // namespace inheritance_test

namespace {

using namespace inheritance_test;
using nestcpp::from_json;
using nestcpp::to_json;

TEST(Inheritance, FieldsOfTheBaseComeBehindTheOwn) {
  EXPECT_EQ(messages<Sub>("{}"),
            "s1 must be an integer number | shared must not be greater than 5 | b1 must be an integer number");
  EXPECT_EQ(to_json(from_json<Sub>(R"({"b1":1,"s1":2,"shared":0})")), R"({"s1":2,"shared":0,"b1":1})");
  EXPECT_EQ(to_json(from_json<Third>(R"({"b1":1,"s1":2,"shared":0,"name":"n"})")),
            R"({"name":"n","s1":2,"shared":0,"b1":1})");
}

TEST(Inheritance, AFieldDescribedAgainReplacesTheBases) {
  EXPECT_EQ(messages<Sub>(R"({"s1":1,"b1":1,"shared":-1})"), "");
  EXPECT_EQ(messages<Sub>(R"({"s1":1,"b1":1,"shared":6})"), "shared must not be greater than 5");
}

TEST(MappedTypes, PartialPickOmitAndIntersection) {
  EXPECT_EQ(messages<UpdateUser>("{}"), "");
  EXPECT_EQ(messages<UpdateUser>(R"({"email":"x","age":-1,"password":"y"})", {.forbid_non_whitelisted = true}),
            "property password should not exist | email must be an email | age must not be less than 0");
  EXPECT_EQ(from_json<UpdateUser>(R"({"email":"a@b.io","password":"ignored!"})").password, "none");
  EXPECT_EQ(messages<Login>("{}"), "email must be an email | password must be longer than or equal to 8 characters");
  EXPECT_EQ(to_json(Login{}), R"({"email":"","password":"none"})");
  EXPECT_EQ(messages<Registration>("{}"),
            "email must be an email | password must be longer than or equal to 8 characters | "
            "street must be longer than or equal to 3 characters | street must be a string | "
            "zip must not be less than 10 | zip must be an integer number");
}

TEST(Inheritance, NamesAreThoseOfTheBase) { EXPECT_EQ(to_json(OfSnake{}), R"({"lastName":2,"first_name":1})"); }

TEST(Inheritance, ConditionsSeeTheWholeObject) {
  EXPECT_EQ(messages<Conditional>(R"({"shared":0})"), "");
  EXPECT_EQ(messages<Conditional>(R"({"shared":0,"strict":true})"), "shared must not be less than 1");
}

TEST(Inheritance, FieldsAreVisitedInOrder) {
  std::string names;
  nestcpp::for_each_field<Third>([&names](const auto& field) { names += std::string{field.name} + " "; });
  EXPECT_EQ(names, "name s1 shared b1 ");
}

}  // namespace
