#include "shared/contracts/notifications.hpp"
#include "shared/contracts/users.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace contracts;
using testing::ElementsAre;

template <class Dto>
std::vector<std::string> messages(const std::string& payload, const nest::validation_options& options = {}) {
  try {
    static_cast<void>(nest::from_json<Dto>(payload, options));
    return {};
  } catch (const nest::validation_exception& error) {
    return nest::flatten_messages(error.errors());
  }
}

std::string create_user(const std::string& first_name) {
  return R"({"firstName":)" + first_name + R"(,"lastName":"L","email":"a@x.io","password":"12345678"})";
}

TEST(Contracts, ANameIsTextOfOneToAHundredCharacters) {
  EXPECT_THAT(messages<CreateUserDto>(create_user(R"("Zoë 😀 \"q\" \\")")), ElementsAre());
  EXPECT_THAT(messages<CreateUserDto>(create_user(R"("")")), ElementsAre("firstName should not be empty"));
  EXPECT_THAT(messages<CreateUserDto>(create_user("7")),
              testing::UnorderedElementsAre("firstName must be a string",
                                            "firstName must be shorter than or equal to 100 characters"));
  EXPECT_THAT(messages<CreateUserDto>(create_user('"' + std::string(101, 'x') + '"')),
              ElementsAre("firstName must be shorter than or equal to 100 characters"));
}

TEST(Contracts, ANameHoldsNoNul) {
  EXPECT_THAT(messages<CreateUserDto>(create_user(R"("a\u0000b")")),
              ElementsAre("firstName must not contain NUL characters"));
}

TEST(Contracts, APasswordHasEightToAHundredAndTwentyEightCharacters) {
  const auto payload = [](std::size_t length) {
    return R"({"firstName":"F","lastName":"L","email":"a@x.io","password":")" + std::string(length, 'p') + "\"}";
  };
  EXPECT_THAT(messages<CreateUserDto>(payload(7)),
              ElementsAre("password must be longer than or equal to 8 characters"));
  EXPECT_THAT(messages<CreateUserDto>(payload(8)), ElementsAre());
  EXPECT_THAT(messages<CreateUserDto>(payload(128)), ElementsAre());
  EXPECT_THAT(messages<CreateUserDto>(payload(129)),
              ElementsAre("password must be shorter than or equal to 128 characters"));
}

TEST(Contracts, IdsAreUuids) {
  EXPECT_THAT(messages<GetUserDto>(R"({"id":"7"})"), ElementsAre("id must be a UUID"));
  EXPECT_THAT(messages<NotificationStatusDto>(R"({"id":"7"})"), ElementsAre("id must be a UUID"));
  EXPECT_THAT(messages<NotificationStatusDto>("{}"), ElementsAre());
}

TEST(Contracts, ANotificationTypeIsOneOfThree) {
  EXPECT_THAT(messages<SendNotificationDto>(R"({"userId":"018f3c2e-0000-7000-8000-000000000000","type":"fax",
                                                "recipient":"r","subject":"s","content":"c"})"),
              ElementsAre("type must be one of the following values: email, sms, push"));
}

TEST(Contracts, AnEventMayLackItsIdAndCarryMore) {
  const auto event = nest::from_json<UserCreatedEvent>(
      R"({"userId":"018f3c2e-0000-7000-8000-000000000000","email":"a@x.io","firstName":"F","lastName":"L",
          "createdAt":"2026-11-22T21:54:35.342Z","version":2})");
  EXPECT_FALSE(event.eventId.has_value());
  EXPECT_EQ(event.firstName, "F");
}

TEST(Contracts, AnEventWithoutItsUserIsNone) {
  EXPECT_THAT(messages<UserCreatedEvent>("{}"),
              testing::IsSupersetOf({"userId must be a UUID", "email should not be empty", "firstName must be a string",
                                     "lastName must be a string"}));
}

}  // namespace
