#include "shared/microservice_exception_filter.hpp"
#include "user_service/domain/user_errors.hpp"

#include <nestcpp/messaging/rpc_context.hpp>

#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace {

struct MicroserviceExceptionFilterTest : testing::Test {
  nest::error_response answer_to(const std::exception& error) {
    nest::rpc_context context{handler, {}, std::chrono::steady_clock::now()};
    return filter.catch_exception(error, context);
  }

  nest::handler_info handler{"UsersController", "create", "user.create"};
  MicroserviceExceptionFilter filter;
};

TEST_F(MicroserviceExceptionFilterTest, SaysTheDomainsErrorsInHttpsWords) {
  const auto conflict = answer_to(users::EmailTaken{"j@x.io"});
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(boost::json::serialize(conflict.body),
            R"({"message":"User with email j@x.io already exists","error":"Conflict","statusCode":409})");

  const auto missing = answer_to(users::UserNotFound{nest::uuid{}});
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(
      boost::json::serialize(missing.body),
      R"({"message":"User 00000000-0000-0000-0000-000000000000 not found","error":"Not Found","statusCode":404})");

  EXPECT_EQ(answer_to(DomainError{"no"}).status, 400);
}

TEST_F(MicroserviceExceptionFilterTest, LeavesEverythingElseToTheLibrary) {
  EXPECT_TRUE(filter.catches(users::EmailTaken{"j@x.io"}));
  EXPECT_FALSE(filter.catches(std::runtime_error{"disk full"}));
}

}  // namespace
