#include "support.hpp"

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/http/http_router.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nestcpp::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using outcome = http_router::outcome;

class HttpRouter : public testing::Test {
 protected:
  void SetUp() override {
    router.add(http_method::get, "/", 0, "A.root");
    router.add(http_method::get, "/users/:id", 1, "A.find");
    router.add(http_method::get, "users/me/", 2, "A.me");
    router.add(http_method::post, "/users", 3, "A.create");
    router.add(http_method::get, "/users/:userId/posts/:postId", 4, "A.post");
    router.add(http_method::delete_, "/users/me", 5, "A.leave");
    router.add(http_method::put, "/users/:id", 6, "A.replace");
  }
  // The route's number, or -1.
  [[nodiscard]] int route(http_method method, std::string_view path) const {
    const auto result = router.match(method, path);
    return result.what == outcome::found ? static_cast<int>(result.route) : -1;
  }
  http_router router;
};

TEST_F(HttpRouter, FindsRoutesAndTheirParameters) {
  EXPECT_EQ(route(http_method::get, "/"), 0);
  EXPECT_EQ(route(http_method::get, ""), 0);
  EXPECT_EQ(route(http_method::post, "/users"), 3);
  const auto found = router.match(http_method::get, "/users/a%20b/posts/7");
  ASSERT_EQ(found.what, outcome::found);
  EXPECT_EQ(found.route, 4U);
  EXPECT_EQ(found.parameters, (route_parameters{{"userId", "a b"}, {"postId", "7"}}));
}

TEST_F(HttpRouter, IgnoresCaseAndOneSlashAtTheEnd) {
  EXPECT_EQ(route(http_method::post, "/USERS"), 3);
  EXPECT_EQ(route(http_method::post, "/users/"), 3);
  EXPECT_EQ(router.match(http_method::get, "/Users/AbC").parameters.at(0).second, "AbC");
  EXPECT_EQ(route(http_method::post, "/users//"), -1);
  EXPECT_EQ(route(http_method::post, "//users"), -1);
  EXPECT_EQ(route(http_method::get, "/users//posts/1"), -1);
  EXPECT_EQ(route(http_method::get, "users"), -1);
  EXPECT_EQ(route(http_method::get, "*"), -1);
}

TEST_F(HttpRouter, PutsTextsBeforeParametersButComesBackWhereTheyServeNoSuchMethod) {
  EXPECT_EQ(route(http_method::get, "/users/me"), 2);
  EXPECT_EQ(route(http_method::get, "/users/mee"), 1);
  EXPECT_EQ(route(http_method::put, "/users/me"), 6);
  EXPECT_EQ(route(http_method::get, "/users/me/posts/1"), 4);
}

TEST_F(HttpRouter, ServesHeadByGetAndNoOtherMethod) {
  EXPECT_EQ(route(http_method::head, "/users/7"), 1);
  EXPECT_EQ(route(http_method::patch, "/users/7"), -1);
  EXPECT_EQ(route(http_method::other, "/users/7"), -1);
  router.add(http_method::head, "/users/:id", 9, "A.head");
  EXPECT_EQ(route(http_method::head, "/users/7"), 9);
}

TEST_F(HttpRouter, TellsAParameterThatCannotBeDecoded) {
  const auto result = router.match(http_method::get, "/users/%ZZ");
  EXPECT_EQ(result.what, outcome::undecodable);
  EXPECT_EQ(result.segment, "%ZZ");
  EXPECT_EQ(router.match(http_method::get, "/nothing/%ZZ/").what, outcome::not_found);
}

std::string refusal(http_router& router, http_method method, std::string_view pattern) {
  try {
    router.add(method, pattern, 99, "B.other");
  } catch (const startup_error& error) {
    return error.what();
  }
  return "accepted";
}

TEST_F(HttpRouter, RefusesASecondHandlerNamingBoth) {
  EXPECT_THAT(refusal(router, http_method::get, "/USERS/:name/"),
              AllOf(HasSubstr("GET /USERS/:name/"), HasSubstr("A.find"), HasSubstr("B.other")));
}

TEST_F(HttpRouter, RefusesPatternsItDoesNotKnow) {
  for (const char* pattern : {"/a/*", "/a/:", "/a/:1", "/a/:x-y", "/a/b?", "/a/(b)", "/a b", "/a%20b", "/x:y"}) {
    EXPECT_THAT(refusal(router, http_method::get, pattern),
                AllOf(HasSubstr("B.other"), HasSubstr("cannot be part of a path")))
        << pattern;
  }
  EXPECT_THAT(refusal(router, http_method::get, "/a/:id/b/:id"), HasSubstr("':id' occurs twice"));
}

}  // namespace
}  // namespace nestcpp::test
