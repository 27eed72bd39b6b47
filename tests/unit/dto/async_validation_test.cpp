// validate<Class>() without an application; tests/unit/app/validation_test.cpp has it in handlers.
#include <nestcpp/dto/async_validation.hpp>

#include "unit/dto/dto_types.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace async_test {

class IsFree {
 public:
  static constexpr std::string_view key = "isFree";
  static constexpr std::string_view text = "$property is taken";
  nestcpp::task<bool> validate(const std::string& name) {
    asked.push_back(name);
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
    if (name == "boom") throw std::runtime_error{"the directory is gone"};
    co_return name != "ada" && name != "bob";
  }
  std::vector<std::string> asked;
};

class IsSmall {
 public:
  static constexpr std::string_view key = "isSmall";
  static constexpr std::string_view text = "$property of $target must be small";
  nestcpp::task<bool> validate(int value, const nestcpp::message_arguments& of) {
    co_return value < 10 || of.property == "free";
  }
};

struct Node {
  std::string name;
  std::vector<Node> children;  // a DTO may hold its own kind
};
NEST_DTO(Node, NEST_FIELD(name, validate<IsFree>()), NEST_FIELD(children));

struct Entry {
  std::string name;
  std::optional<std::string> nick;
  std::map<std::string, int> sizes;
  Node tree;
  std::string condition;
};
NEST_DTO(Entry, NEST_FIELD(name, with_message(validate<IsFree>(), "$value: no"), is_string()),
         NEST_FIELD(nick, validate<IsFree>()), NEST_FIELD(sizes, each(validate<IsSmall>())), NEST_FIELD(tree),
         NEST_FIELD(condition, validate_if([](const Entry& e) { return e.name == "ada"; }), validate<IsFree>()));

struct Leaf {
  std::string name;
};
NEST_DTO(Leaf, NEST_FIELD(name, validate<IsFree>()));

struct Plain {
  int size = 0;
};
NEST_DTO(Plain, NEST_FIELD(size));

struct Choices {
  std::variant<int, Leaf> one;
  std::vector<nestcpp::tagged_variant<"kind", nestcpp::alternative<"leaf", Leaf>, nestcpp::alternative<"plain", Plain>>>
      many;
  std::optional<std::variant<std::string, std::vector<Leaf>>> maybe;
};
NEST_DTO(Choices, NEST_FIELD(one), NEST_FIELD(many), NEST_FIELD(maybe));

static_assert(nestcpp::detail::has_async_rules<Choices>);
static_assert(nestcpp::detail::has_async_rules<std::variant<int, Leaf>>);
static_assert(!nestcpp::detail::has_async_rules<std::variant<int, Plain>>);
static_assert(nestcpp::detail::has_async_rules<std::vector<std::optional<Entry>>>);
static_assert(!nestcpp::detail::has_async_rules<shop::Person>);
static_assert(!nestcpp::detail::has_async_rules<shop::Tree>);

class AsyncRules : public testing::Test {
 protected:
  AsyncRules() {
    validators_.add(free_);
    validators_.add(small_);
  }

  // The messages, joined by " | ".
  template <class T>
  std::string told(const T& entry, const nestcpp::validation_options& options = {}) {
    boost::asio::io_context loop;
    auto result =
        boost::asio::co_spawn(loop, nestcpp::validate_async(entry, validators_, options), boost::asio::use_future);
    loop.run();
    try {
      result.get();
      return {};
    } catch (const nestcpp::validation_exception& error) {
      std::string all;
      for (const auto& line : nestcpp::flatten_messages(error.errors())) all += (all.empty() ? "" : " | ") + line;
      return all;
    }
  }

  IsFree free_;
  IsSmall small_;
  nestcpp::async_validators validators_;
};

TEST_F(AsyncRules, AreAskedOfEveryValueThatIsThere) {
  EXPECT_EQ(told(Entry{.name = "cyd", .nick = {}, .sizes = {{"a", 3}}, .tree = {"t", {{"u", {}}}}, .condition = "ada"}),
            "");
  EXPECT_EQ(free_.asked, (std::vector<std::string>{"cyd", "t", "u"}));
}

TEST_F(AsyncRules, AllThatFailIsToldInOrder) {
  EXPECT_EQ(told(Entry{.name = "ada",
                       .nick = "bob",
                       .sizes = {{"a", 3}, {"b", 30}},
                       .tree = {"t", {{"bob", {}}, {"x", {{"ada", {}}}}}},
                       .condition = "bob"}),
            "ada: no | nick is taken | each value in sizes of Entry must be small | tree.children.0.name is taken | "
            "tree.children.1.children.0.name is taken | condition is taken");
}

TEST_F(AsyncRules, AreAskedOfWhatAVariantHolds) {
  const auto choices = nestcpp::from_json<Choices>(
      R"({"one":{"name":"ada"},"many":[{"kind":"plain","size":1},{"kind":"leaf","name":"bob"},)"
      R"({"kind":"leaf","name":"ada"}],"maybe":[{"name":"cyd"},{"name":"bob"}]})");
  EXPECT_EQ(told(choices), "one.name is taken | many.1.name is taken | many.2.name is taken | maybe.1.name is taken");
  free_.asked.clear();
  EXPECT_EQ(told(nestcpp::from_json<Choices>(R"({"one":7,"many":[],"maybe":"ada"})")), "");
  EXPECT_TRUE(free_.asked.empty());
}

TEST_F(AsyncRules, FollowThePipesOptions) {
  const Entry bad{.name = "ada", .nick = "bob", .sizes = {}, .tree = {"t", {}}, .condition = ""};
  EXPECT_EQ(told(bad, {.dismiss_default_messages = true}), "ada: no | ");
  EXPECT_EQ(told(bad, {.groups = {"other"}}), "");
  const nestcpp::validation_options factory{
      .exception_factory = [](const std::vector<nestcpp::validation_error>& errors) {
        return std::out_of_range{errors.at(0).property};
      }};
  EXPECT_THROW(told(bad, factory), std::out_of_range);
}

TEST_F(AsyncRules, WhatTheyThrowPasses) {
  EXPECT_THROW(told(Entry{.name = "boom", .nick = {}, .sizes = {}, .tree = {}, .condition = {}}), std::runtime_error);
}

}  // namespace async_test
