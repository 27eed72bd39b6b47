#include "unit/dto/dto_types.hpp"

#include <gtest/gtest.h>

namespace query_test {

struct Filter {
  std::optional<int> least;
  std::string name;
};
NEST_DTO(Filter, NEST_FIELD(least, min(0)), NEST_FIELD(name, is_optional(), is_string()));

struct ListQuery {
  int page = 1;
  std::optional<bool> full;
  std::vector<std::string> tags;
  std::vector<int> ids;
  Filter filter;
  std::vector<Filter> any;
  shop::Status status = shop::Status::sent;
};
NEST_DTO(ListQuery, NEST_FIELD(page, is_optional(), is_int(), min(1)), NEST_FIELD(full, is_boolean()),
         NEST_FIELD(tags, array_max_size(2), is_optional(), each(max_length(3))), NEST_FIELD(ids), NEST_FIELD(filter),
         NEST_FIELD(any), NEST_FIELD(status, is_optional(), is_enum()));

struct Cat {
  int lives = 9;
};
NEST_DTO(Cat, NEST_FIELD(lives, is_int()));
struct Dog {
  bool barks = false;
};
NEST_DTO(Dog, NEST_FIELD(barks));
struct Owner {
  std::optional<nestcpp::tagged_variant<"kind", nestcpp::alternative<"cat", Cat>, nestcpp::alternative<"dog", Dog>>>
      pet;
};
NEST_DTO(Owner, NEST_FIELD(pet));

std::string document(const nestcpp::query_pairs& pairs) {
  return nestcpp::to_json(nestcpp::detail::query_document(pairs));
}

std::string told(const nestcpp::query_pairs& pairs, const nestcpp::validation_options& options = {}) {
  ListQuery out;
  const auto result = nestcpp::read_query(pairs, out, options);
  if (result) return {};
  std::string all;
  for (const auto& line : nestcpp::flatten_messages(result.validation_failure()->errors())) {
    all += (all.empty() ? "" : " | ") + line;
  }
  return all;
}

}  // namespace query_test

namespace {

using namespace query_test;

TEST(Query, BecomesTheMembersTypes) {
  const auto query = nestcpp::from_query<ListQuery>({{"page", "2"},
                                                     {"full", "false"},
                                                     {"tags", "a"},
                                                     {"ids", "1"},
                                                     {"ids", "2"},
                                                     {"filter[least]", "3"},
                                                     {"any[0][least]", "4"},
                                                     {"any[1][name]", "5"},
                                                     {"status", "failed"}});
  EXPECT_EQ(query.page, 2);
  EXPECT_EQ(query.full, false);
  EXPECT_EQ(query.tags, (std::vector<std::string>{"a"}));
  EXPECT_EQ(query.ids, (std::vector<int>{1, 2}));
  EXPECT_EQ(query.filter.least, 3);
  ASSERT_EQ(query.any.size(), 2U);
  EXPECT_EQ(query.any[1].name, "5");
  EXPECT_EQ(query.status, shop::Status::failed);
  EXPECT_EQ(nestcpp::from_query<ListQuery>({}).page, 1);
}

TEST(Query, IsToldAsABodyIs) {
  EXPECT_EQ(told({{"page", "0"}}), "page must not be less than 1");
  EXPECT_EQ(told({{"page", "x"}, {"full", "yes"}}),
            "page must not be less than 1 | page must be an integer number | full must be a boolean value");
  EXPECT_EQ(told({{"page", ""}}), "page must not be less than 1 | page must be an integer number");
  EXPECT_EQ(told({{"page", "1"}, {"page", "2"}}), "page must not be less than 1 | page must be an integer number");
  EXPECT_EQ(
      told({{"tags", "long"}, {"tags", "a"}, {"tags", "b"}}),
      "each value in tags must be shorter than or equal to 3 characters | tags must contain no more than 2 elements");
  EXPECT_EQ(told({{"filter[least]", "-1"}, {"any[0][least]", "-1"}}),
            "filter.least must not be less than 0 | any.0.least must not be less than 0");
  EXPECT_EQ(told({{"extra", "1"}}, {.forbid_non_whitelisted = true}), "property extra should not exist");
  EXPECT_EQ(told({{"extra", "1"}}), "");
}

TEST(Query, NamesWithBracketsAreArraysAndObjects) {
  EXPECT_EQ(document({{"a", "1"}, {"b", ""}}), R"({"a":"1","b":""})");
  EXPECT_EQ(document({{"a", "1"}, {"a", "2"}, {"a", "3"}}), R"({"a":["1","2","3"]})");
  EXPECT_EQ(document({{"a[]", "1"}, {"a[]", "2"}, {"a", "3"}}), R"({"a":["1","2","3"]})");
  EXPECT_EQ(document({{"a[0]", "1"}, {"a[1]", "2"}, {"a[7]", "3"}}), R"({"a":["1","2","3"]})");
  EXPECT_EQ(document({{"a[b]", "1"}, {"a[c][d]", "2"}, {"a[b]", "3"}}), R"({"a":{"b":["1","3"],"c":{"d":"2"}}})");
  EXPECT_EQ(document({{"a[][b]", "1"}, {"a[][b]", "2"}}), R"({"a":[{"b":"1"},{"b":"2"}]})");
  EXPECT_EQ(document({{"a[99]", "1"}}), R"({"a":{"99":"1"}})");
}

// As qs 6 reads them.
TEST(Query, IndicesSayTheOrderOnly) {
  EXPECT_EQ(document({{"a[1][id]", "1"}, {"a[1][name]", "x"}}), R"({"a":[{"id":"1","name":"x"}]})");
  EXPECT_EQ(document({{"a[1][n]", "b"}, {"a[0][n]", "a"}}), R"({"a":[{"n":"a"},{"n":"b"}]})");
  EXPECT_EQ(document({{"a[0][n]", "a"}, {"a[2][n]", "b"}}), R"({"a":[{"n":"a"},{"n":"b"}]})");
  EXPECT_EQ(document({{"a[5]", "b"}, {"a[2]", "a"}}), R"({"a":["a","b"]})");
  EXPECT_EQ(document({{"a[1][2]", "x"}, {"a[1][0]", "y"}}), R"({"a":[["y","x"]]})");
  EXPECT_EQ(document({{"a[1]", "x"}, {"a[0][b]", "y"}}), R"({"a":[{"b":"y"},"x"]})");
  EXPECT_EQ(document({{"a[2]", "x"}, {"a[2]", "y"}}), R"({"a":[["x","y"]]})");
  EXPECT_EQ(document({{"a", "x"}, {"a[1]", "y"}}), R"({"a":["x","y"]})");
  EXPECT_EQ(document({{"a[0][b]", "1"}, {"a", "2"}}), R"({"a":[{"b":"1"},"2"]})");
  EXPECT_EQ(document({{"a[1][]", "x"}, {"a[1][]", "y"}}), R"({"a":[["x","y"]]})");
  EXPECT_EQ(document({{"a[b]", "1"}, {"a[0]", "2"}}), R"({"a":{"b":"1","0":"2"}})");
}

TEST(Query, AlternativesAreConvertedAsTheDiscriminatorSays) {
  const auto cat = nestcpp::from_query<Owner>({{"pet[kind]", "cat"}, {"pet[lives]", "3"}});
  EXPECT_EQ(std::get<Cat>(*cat.pet).lives, 3);
  const auto dog = nestcpp::from_query<Owner>({{"pet[barks]", "true"}, {"pet[kind]", "dog"}});
  EXPECT_TRUE(std::get<Dog>(*dog.pet).barks);
  EXPECT_THROW((void)nestcpp::from_query<Owner>({{"pet[kind]", "cow"}}), nestcpp::validation_exception);
}

TEST(Query, NamesThatMakeNoSenseAreNames) {
  for (const char* name : {"a[", "a[b", "a]b[", "[a]", "a[b]c", "a[b[c]]", "a[1][2][3][4][5][6]", ""}) {
    boost::json::value expected = boost::json::object{{name, "1"}};
    EXPECT_EQ(document({{name, "1"}}), nestcpp::to_json(expected)) << name;
  }
  EXPECT_EQ(document({{"a", "1"}, {"a[b]", "2"}}), R"({"a":"1"})");
  EXPECT_EQ(document({{"a[b]", "1"}, {"a", "2"}, {"a[]", "3"}}), R"({"a":{"b":"1"}})");
}

}  // namespace
