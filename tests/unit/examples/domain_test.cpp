#include "notification_service/domain/notification.hpp"
#include "user_service/domain/user.hpp"
#include "user_service/domain/user_errors.hpp"

#include <gtest/gtest.h>

namespace {

TEST(UserDomain, EmailsAreOneInLettersOfEitherCase) {
  EXPECT_EQ(users::normalized_email("Ada.Lovelace@Example.COM"), "ada.lovelace@example.com");
}

TEST(UserDomain, OnlyAsciiLettersAreLowered) { EXPECT_EQ(users::normalized_email("ÄB1@x.io"), "Äb1@x.io"); }

TEST(UserDomain, ErrorsSayWhatTheCallerSent) {
  EXPECT_STREQ(users::EmailTaken{"Ada@Example.com"}.what(), "User with email Ada@Example.com already exists");
  EXPECT_STREQ(users::UserNotFound{nest::uuid{}}.what(), "User 00000000-0000-0000-0000-000000000000 not found");
}

TEST(NotificationDomain, TheWelcomeNamesTheUser) {
  const nest::uuid user = nest::uuid::v4();
  const auto welcome = notifications::welcome(user, "zoe@example.com", "Zoë 😀", "\"q\" \\");
  EXPECT_EQ(welcome.userId, user);
  EXPECT_EQ(welcome.type, notifications::NotificationType::email);
  EXPECT_EQ(welcome.recipient, "zoe@example.com");
  EXPECT_EQ(welcome.subject, "Welcome, Zoë 😀!");
  EXPECT_EQ(welcome.content, "Hi Zoë 😀 \"q\" \\, your account is ready.");
  EXPECT_EQ(welcome.status, notifications::NotificationStatus::pending);
}

}  // namespace
