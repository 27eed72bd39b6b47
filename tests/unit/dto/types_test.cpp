// Members of further types: maybe, sets, fixed arrays, variants, dates, durations, decimals, numbered enumerations.
#include "unit/dto/dto_types.hpp"

#include <nestcpp/dto/secret.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <set>
#include <unordered_set>
#include <variant>

namespace types_test {

struct Patch {
  nestcpp::maybe<std::string> nick;
  nestcpp::maybe<int> age = 5;
  nestcpp::maybe<shop::Address> addr;
};
NEST_DTO(Patch, NEST_FIELD(nick, min_length(2)), NEST_FIELD(age, min(1)), NEST_FIELD(addr));

struct Collections {
  std::set<int> sorted;
  std::unordered_set<std::string> hashed;
  std::array<int, 3> three{};
  std::vector<std::array<double, 2>> points;
};
NEST_DTO(Collections, NEST_FIELD(sorted, array_max_size(3), each(min(1))), NEST_FIELD(hashed, each(max_length(2))),
         NEST_FIELD(three, each(max(9))), NEST_FIELD(points));

struct Cat {
  int lives = 9;
};
NEST_DTO(Cat, NEST_FIELD(lives, is_int(), min(1)));
struct Dog {
  bool barks = true;
  std::string kind = "dog";
};
NEST_DTO(Dog, NEST_FIELD(barks, is_boolean()), NEST_FIELD(kind));
struct Fish {};
NEST_DTO(Fish);

using Pet = nestcpp::tagged_variant<"kind", nestcpp::alternative<"cat", Cat>, nestcpp::alternative<"dog", Dog>,
                                    nestcpp::alternative<"fish", Fish>>;

struct Owner {
  Pet pet;
  std::vector<Pet> others;
  std::optional<Pet> last;
};
NEST_DTO(Owner, NEST_FIELD(pet), NEST_FIELD(others), NEST_FIELD(last, omit_empty()));

struct Either {
  std::variant<int, std::string> id;
  std::variant<bool, std::vector<int>, Cat, Dog> any;
};
NEST_DTO(Either, NEST_FIELD(id, is_not_empty()), NEST_FIELD(any));

enum class Level { low, high };
NEST_ENUM_AS(Level, (low, 1), (high, 20));

struct Values {
  Level level = Level::low;
  std::chrono::year_month_day day{std::chrono::year{2000}, std::chrono::month{1}, std::chrono::day{1}};
  std::chrono::milliseconds wait{5};
  std::chrono::duration<double> seconds{1.5};
  nestcpp::decimal price;
  std::map<std::string, Level> levels;
};
NEST_DTO(Values, NEST_FIELD(level), NEST_FIELD(day, is_optional(), is_date_string()),
         NEST_FIELD(wait, is_optional(), min(1)), NEST_FIELD(seconds), NEST_FIELD(price), NEST_FIELD(levels));

struct Enums {
  Level level = Level::low;
  std::vector<Level> more;
};
NEST_DTO(Enums, NEST_FIELD(level, is_enum()), NEST_FIELD(more, each(is_enum())));

}  // namespace types_test

namespace {

using namespace types_test;
using nestcpp::decimal;
using nestcpp::from_json;
using nestcpp::to_json;

TEST(Maybe, TellsMissingFromNull) {
  const auto patch = from_json<Patch>(R"({"nick":null,"addr":{"street":"abc","zip":10}})");
  EXPECT_TRUE(patch.nick.is_null());
  EXPECT_TRUE(patch.age.has_value()) << "the initialiser";
  EXPECT_EQ(patch.addr->zip, 10);
  EXPECT_TRUE(from_json<Patch>("{}").nick.is_missing());
  EXPECT_EQ(to_json(patch), R"({"nick":null,"age":5,"addr":{"street":"abc","zip":10}})");
  Patch nothing;
  nothing.age = nestcpp::missing;
  EXPECT_EQ(to_json(nothing), "{}");
  EXPECT_EQ(messages<Patch>(R"({"nick":"a","age":0,"addr":5})"),
            "nick must be longer than or equal to 2 characters | age must not be less than 1 | "
            "nested property addr must be either object or array");
}

TEST(Maybe, IsFreshInAnObjectThatWasReadIntoBefore) {
  Patch patch;
  ASSERT_TRUE(nestcpp::read_json(R"({"nick":"ab","age":null})", patch));
  ASSERT_TRUE(nestcpp::read_json("{}", patch));
  EXPECT_TRUE(patch.nick.is_missing());
  EXPECT_EQ(patch.age.value(), 5);
}

TEST(Maybe, IsUsedLikeAnOptional) {
  nestcpp::maybe<int> value;
  EXPECT_FALSE(value);
  EXPECT_EQ(value.value_or(3), 3);
  EXPECT_THROW((void)value.value(), std::bad_optional_access);
  value = 4;
  EXPECT_EQ(*value, 4);
  value = nullptr;
  EXPECT_TRUE(value.is_null());
  EXPECT_NE(value, nestcpp::maybe<int>{});
  EXPECT_EQ(value.as_optional(), std::nullopt);
}

TEST(Types, SetsAndFixedArrays) {
  const auto read = from_json<Collections>(R"({"sorted":[3,1,3],"hashed":["a"],"three":[1,2,3],"points":[[1,2.5]]})");
  EXPECT_EQ(to_json(read), R"({"sorted":[1,3],"hashed":["a"],"three":[1,2,3],"points":[[1,2.5]]})");
  EXPECT_EQ(
      messages<Collections>(R"({"sorted":[0],"hashed":["abc"],"three":[1,2],"points":[[1]]})"),
      "each value in sorted must not be less than 1 | "
      "each value in hashed must be shorter than or equal to 2 characters | three must be an array of 3 elements | "
      "each value in points must be an array of 2 elements");
  EXPECT_EQ(messages<Collections>(R"({"sorted":[1,2,3,4],"hashed":[],"three":[1,2,3,4],"points":[]})"),
            "sorted must contain no more than 3 elements | three must be an array of 3 elements");
  EXPECT_EQ(messages<Collections>(R"({"sorted":"x","hashed":[],"three":[1,2,10]})"),
            "each value in sorted must not be less than 1 | sorted must contain no more than 3 elements | "
            "each value in three must not be greater than 9");
}

TEST(TaggedVariant, IsToldByItsProperty) {
  const std::string text =
      R"({"pet":{"lives":7,"kind":"cat"},"others":[{"kind":"fish"},{"kind":"dog","barks":false}],"last":{"kind":"cat","lives":1}})";
  const auto owner = from_json<Owner>(text, {.forbid_non_whitelisted = true});
  EXPECT_EQ(std::get<Cat>(owner.pet).lives, 7);
  EXPECT_EQ(std::get<Dog>(owner.others.at(1)).kind, "dog");
  EXPECT_EQ(
      to_json(owner),
      R"({"pet":{"kind":"cat","lives":7},"others":[{"kind":"fish"},{"barks":false,"kind":"dog"}],"last":{"kind":"cat","lives":1}})");
}

TEST(TaggedVariant, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(messages<Owner>(R"({"pet":{"kind":"cow"},"others":[{"lives":1},5,{"kind":"cat","lives":0}]})"),
            "pet.kind must be one of the following values: cat, dog, fish | "
            "others.0.kind must be one of the following values: cat, dog, fish | "
            "others.each value in nested property others must be either object or array | "
            "others.2.lives must not be less than 1");
  EXPECT_EQ(messages<Owner>(R"({"pet":{"kind":"cat","lives":1,"x":1}})", {.forbid_non_whitelisted = true}),
            "pet.property x should not exist");
}

TEST(Variant, TakesTheFirstThatFits) {
  EXPECT_EQ(std::get<int>(from_json<Either>(R"({"id":5,"any":true})").id), 5);
  EXPECT_EQ(std::get<std::string>(from_json<Either>(R"({"id":"five","any":true})").id), "five");
  EXPECT_EQ(std::get<1>(from_json<Either>(R"({"id":5,"any":[1,2]})").any), (std::vector<int>{1, 2}));
  EXPECT_EQ(std::get<Cat>(from_json<Either>(R"({"id":5,"any":{"lives":3}})").any).lives, 3);
  EXPECT_FALSE(std::get<Dog>(from_json<Either>(R"({"id":5,"any":{"barks":false}})").any).barks);
  EXPECT_EQ(to_json(from_json<Either>(R"({"id":"x","any":{"barks":false}})")),
            R"({"id":"x","any":{"barks":false,"kind":"dog"}})");
}

TEST(Variant, SaysWhatWouldFit) {
  EXPECT_EQ(messages<Either>(R"({"id":true,"any":5})"),
            "id must be an integer number or a string | "
            "any must be a boolean value or an array or an object or an object");
  EXPECT_EQ(messages<Either>(R"({"id":"","any":{"lives":0}})"),
            "id should not be empty | any.lives must not be less than 1");
  EXPECT_EQ(messages<Either>(R"({"id":1,"any":["x"]})"), "each value in any must be an integer number");
}

TEST(Types, NumberedEnumerations) {
  const auto read = from_json<Values>(R"({"level":20,"levels":{"a":1}})");
  EXPECT_EQ(read.level, Level::high);
  EXPECT_EQ(read.levels.at("a"), Level::low);
  EXPECT_EQ(messages<Values>(R"({"level":2})"), "level must be one of the following values: 1, 20");
  EXPECT_EQ(messages<Values>(R"({"level":"high"})"), "level must be one of the following values: 1, 20");
  EXPECT_EQ(messages<Enums>(R"({"level":1,"more":[1,20]})"), "");
  EXPECT_EQ(messages<Enums>(R"({"level":3,"more":[1,2]})"),
            "level must be one of the following values: 1, 20 | each value in more must be one of the following "
            "values: 1, 20");
}

TEST(Types, DatesDurationsAndDecimals) {
  const auto read = from_json<Values>(R"({"level":1,"day":"2024-02-29","wait":250,"seconds":0.25,"price":12.500})");
  EXPECT_EQ(static_cast<unsigned>(read.day.day()), 29U);
  EXPECT_EQ(read.wait, std::chrono::milliseconds{250});
  EXPECT_EQ(to_json(read), R"({"level":1,"day":"2024-02-29","wait":250,"seconds":0.25,"price":"12.500","levels":{}})");
  EXPECT_EQ(messages<Values>(R"({"level":1,"day":"2023-02-29"})"), "day must be a date such as 2026-11-25");
  EXPECT_EQ(messages<Values>(R"({"level":1,"day":"2023-2-9"})"), "day must be a valid ISO 8601 date string");
  EXPECT_EQ(messages<Values>(R"({"level":1,"wait":0.5})"), "wait must not be less than 1");
  EXPECT_EQ(messages<Values>(R"({"level":1,"wait":1.5})"), "wait must be an integer number");
  EXPECT_EQ(messages<Values>(R"({"level":1,"price":"12,5"})"), "price must be a decimal number");
  EXPECT_EQ(messages<Values>(R"({"level":1,"price":true})"), "price must be a decimal number");
}

TEST(Decimal, KeepsItsTextAndComparesByValue) {
  const auto of = [](std::string_view text) { return decimal::parse(text).value(); };
  EXPECT_EQ(of("12.500").text(), "12.500");
  EXPECT_EQ(of("12.500"), of("12.5"));
  EXPECT_EQ(of("1e3"), of("1000"));
  EXPECT_EQ(of("-0.00"), of("0"));
  EXPECT_EQ(of("+1"), of("1"));
  EXPECT_EQ(of("00012.50e-1"), of("1.25"));
  EXPECT_LT(of("0.1"), of("0.12"));
  EXPECT_LT(of("-2"), of("-1.999999999999999999999"));
  EXPECT_LT(of("-1"), of("0"));
  EXPECT_GT(of("10"), of("9.99"));
  EXPECT_GT(of("123456789012345678901234567890"), of("123456789012345678901234567889"));
  EXPECT_EQ(of("12.5").to_double(), 12.5);
  EXPECT_EQ(of("1e999").to_double(), HUGE_VAL);
  EXPECT_EQ(of("-1e-999").to_double(), 0);
  EXPECT_EQ(decimal{}.text(), "0");
  for (const char* text : {"", "-", ".5", "5.", "1e", "1e+", "1e+-1", "0x1", " 1", "1 ", "NaN", "1e1000001"}) {
    EXPECT_FALSE(decimal::parse(text)) << text;
  }
}

TEST(Decimal, NumbersKeepEveryDigit) {
  EXPECT_EQ(from_json<decimal>("0.10000000000000000000000000000000001").text(),
            "0.10000000000000000000000000000000001");
}

struct SignIn {
  nestcpp::secret<std::string> password;
  std::string name;
  std::vector<nestcpp::secret<std::string>> old;
};
NEST_DTO(SignIn, NEST_FIELD(password, with_message(min_length(50), "bad: $value")), NEST_FIELD(name, min_length(2)),
         NEST_FIELD(old));

TEST(Secret, IsNotToldByErrors) {
  const nestcpp::validation_options all{.validation_error = {.target = true, .value = true}};
  SignIn out;
  const auto result = nestcpp::read_json(R"({"password":"hunter2","name":"a","old":["hunter1",5]})", out, all);
  ASSERT_FALSE(result);
  const auto& errors = result.validation_failure()->errors();
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_EQ(errors[0].constraints.at(0).second, "bad: ***");
  EXPECT_EQ(nestcpp::to_json(*errors[0].value), R"("***")");
  EXPECT_EQ(nestcpp::to_json(*errors[1].value), R"("a")");
  EXPECT_EQ(nestcpp::to_json(*errors[2].value), R"("***")");
  for (const auto& error : errors) {
    const std::string target = nestcpp::to_json(*error.target);
    EXPECT_EQ(target, R"({"password":"***","name":"a","old":"***"})");
  }
}

}  // namespace
