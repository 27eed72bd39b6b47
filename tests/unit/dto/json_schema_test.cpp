#include <nestcpp/dto/json_schema.hpp>

#include <nestcpp/dto/dto.hpp>
#include <nestcpp/macros.hpp>

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

namespace schema_test {

enum class Color { red, green };
NEST_ENUM(Color, red, green);
enum class Level { low, high };
NEST_ENUM_AS(Level, (low, 1), (high, 2));

struct Part {
  std::string name;
};
NEST_DTO(Part, NEST_FIELD(name, matches("^[a-z]+$")));

struct Whole {
  std::string text, email, mode;
  std::optional<int> maybe;
  std::uint16_t small = 0;
  double price = 0;
  Color color{};
  Level level{};
  std::vector<Part> parts;
  std::vector<std::string> tags;
  std::map<std::string, int> counts;
  nestcpp::uuid id;
  nestcpp::timestamp at;
  std::string hidden, shown;
};
NEST_DTO(Whole, NEST_FIELD(text, is_string(), is_not_empty(), length(2, 9)),
         NEST_FIELD(email, is_email(), api_property{.description = "Where to", .example = "a@b.io"}),
         NEST_FIELD(mode, is_in("a", "b")), NEST_FIELD(maybe, min(3)), NEST_FIELD(small, max(99)),
         NEST_FIELD(price, is_positive()), NEST_FIELD(color), NEST_FIELD(level), NEST_FIELD(parts, array_min_size(1)),
         NEST_FIELD(tags, each(max_length(5)), array_unique()), NEST_FIELD(counts), NEST_FIELD(id), NEST_FIELD(at),
         NEST_FIELD(hidden, exclude_on_write()), NEST_FIELD(shown, exclude_on_read(), json_name("shownAs")));

struct Tree {
  std::vector<Tree> children;
};
NEST_DTO(Tree, NEST_FIELD(children));

boost::json::value parsed(const char* text) { return boost::json::parse(text); }

TEST(JsonSchema, SaysWhatFieldsAndRulesSay) {
  nestcpp::schema_components components;
  components.forbids_unknown = true;
  EXPECT_EQ(boost::json::value(nestcpp::json_schema<Whole>(components)),
            parsed(R"({"$ref":"#/components/schemas/Whole"})"));
  const auto& schema = components.schemas().at("Whole").as_object();
  EXPECT_EQ(schema.at("additionalProperties"), false);
  EXPECT_EQ(
      schema.at("required"),
      parsed(R"(["text","email","mode","small","price","color","level","parts","tags","counts","id","at","hidden"])"));
  const auto& properties = schema.at("properties").as_object();
  const auto is = [&](const char* name, const char* expected) {
    EXPECT_EQ(properties.at(name), parsed(expected)) << name;
  };
  is("text", R"({"type":"string","minLength":2,"maxLength":9})");
  is("email", R"({"type":"string","format":"email","description":"Where to","examples":["a@b.io"]})");
  is("mode", R"({"type":"string","enum":["a","b"]})");
  is("maybe", R"({"type":["integer","null"],"minimum":3,"maximum":2147483647})");
  is("small", R"({"type":"integer","minimum":0,"maximum":99})");
  is("price", R"({"type":"number","exclusiveMinimum":0})");
  is("color", R"({"type":"string","enum":["red","green"]})");
  is("level", R"({"type":"integer","enum":[1,2]})");
  is("parts", R"({"type":"array","items":{"$ref":"#/components/schemas/Part"},"minItems":1})");
  is("tags", R"({"type":"array","items":{"type":"string","maxLength":5},"uniqueItems":true})");
  is("counts",
     R"({"type":"object","additionalProperties":{"type":"integer","minimum":-2147483648,"maximum":2147483647}})");
  is("id", R"({"type":"string","format":"uuid"})");
  is("at", R"({"type":"string","format":"date-time"})");
  EXPECT_FALSE(properties.contains("shownAs"));
  EXPECT_EQ(components.schemas().at("Part").at("properties").at("name"),
            parsed(R"({"type":"string","pattern":"^[a-z]+$"})"));
}

TEST(JsonSchema, OfWhatIsWrittenDiffers) {
  nestcpp::schema_components components;
  static_cast<void>(nestcpp::json_schema<Whole>(components, nestcpp::schema_use::read));
  EXPECT_EQ(boost::json::value(nestcpp::json_schema<Whole>(components, nestcpp::schema_use::written)),
            parsed(R"({"$ref":"#/components/schemas/Whole2"})"));
  const auto& written = components.schemas().at("Whole2").as_object();
  EXPECT_TRUE(written.at("properties").as_object().contains("shownAs"));
  EXPECT_FALSE(written.at("properties").as_object().contains("hidden"));
  EXPECT_FALSE(components.schemas().contains("Part2"));  // the same either way
}

TEST(JsonSchema, MayReferToItself) {
  nestcpp::schema_components components;
  static_cast<void>(nestcpp::json_schema<Tree>(components));
  EXPECT_EQ(components.schemas().at("Tree").at("properties").at("children").at("items"),
            parsed(R"({"$ref":"#/components/schemas/Tree"})"));
}

}  // namespace schema_test
