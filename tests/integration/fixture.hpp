#pragma once
/// @file
/// What the tests of the registration system share: the fixture, the payloads, the shapes of answers.

#include "integration/registration_system.hpp"

#include <boost/json/value.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

namespace integration {

using support::backend;
using support::environment;
using support::eventually;
using support::http_response;
using support::milliseconds;
using support::nest_reply;
using support::process_end;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

/// Shows what the services wrote where a test has failed.
class services_test : public testing::Test {
 protected:
  registration_system& make(backend kind, const environment& variables = {});
  registration_system& make(const support::postgres_address& server, const environment& variables = {});
  registration_system& system() { return *system_; }
  void TearDown() override;

 private:
  std::unique_ptr<registration_system> system_;
};

/// The same on each database; skipped where there is no PostgreSQL.
class each_database : public services_test, public testing::WithParamInterface<backend> {
 protected:
  void SetUp() override;
  registration_system& make(const environment& variables = {}) { return services_test::make(GetParam(), variables); }
  registration_system& make_and_start(const environment& variables = {});
};

std::string database_name(const testing::TestParamInfo<backend>& info);

#define TEST_ON_EACH_DATABASE(fixture)                                                                         \
  INSTANTIATE_TEST_SUITE_P(On, fixture, testing::Values(support::backend::sqlite, support::backend::postgres), \
                           integration::database_name)

/// A text as JSON, with its quotes.
std::string json_text(std::string_view text);
/// An address that no other user of this test has.
std::string new_email();

struct person {
  std::string firstName = "Ada", lastName = "Lovelace", email = new_email(), password = "analytical engine";
  /// As `CreateUserDto`.
  [[nodiscard]] std::string json() const;
};

/// What is at this JSON pointer, a string as it is and anything else as JSON; empty where nothing is there.
std::string at(const boost::json::value& value, std::string_view pointer);
std::string at(const http_response& response, std::string_view pointer);

/// POSIX extended regular expressions.
inline const std::string uuid_shape = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
inline const std::string time_shape = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z";
/// `UserDto` and the welcome's `NotificationDto`, keys in order.
std::string user_shape(const person& who);
std::string welcome_shape(const person& who);

std::string conflict_body(std::string_view email);
std::string user_not_found_body(std::string_view id);
/// NestJS's body: `{"message":…,"error":…,"statusCode":…}`; `message` is JSON.
std::string error_body(std::string_view message, std::string_view error, int status);
std::string bad_request_body(std::string_view message);

inline constexpr std::string_view notification_not_found =
    R"({"message":"Notification not found","error":"Not Found","statusCode":404})";
inline constexpr std::string_view uuid_expected =
    R"#({"message":"Validation failed (uuid is expected)","error":"Bad Request","statusCode":400})#";
inline constexpr std::string_view id_must_be_uuid =
    R"({"message":["id must be a UUID"],"error":"Bad Request","statusCode":400})";
inline constexpr std::string_view internal_error = R"({"statusCode":500,"message":"Internal server error"})";
inline constexpr std::string_view user_service_unavailable =
    R"({"message":"User service is unavailable","error":"Service Unavailable","statusCode":503})";
inline constexpr std::string_view user_service_too_slow =
    R"({"message":"User service did not answer in time","error":"Gateway Timeout","statusCode":504})";
inline constexpr std::string_view notification_service_unavailable =
    R"({"message":"Notification service is unavailable","error":"Service Unavailable","statusCode":503})";
inline constexpr std::string_view notification_service_too_slow =
    R"({"message":"Notification service did not answer in time","error":"Gateway Timeout","statusCode":504})";

MATCHER_P2(AnswersWith, status, body, "answers " + std::to_string(status) + " " + testing::PrintToString(body)) {
  *result_listener << "answers " << arg.status << " " << arg.body;
  return arg.status == status && arg.body == body;
}

}  // namespace integration

namespace support {

inline void PrintTo(const http_response& response, std::ostream* out) {
  *out << response.status << ' ' << response.body;
}
inline void PrintTo(const nest_reply& reply, std::ostream* out) { *out << reply.text; }
inline void PrintTo(const process_end& end, std::ostream* out) {
  if (end.status) *out << "exit status " << *end.status;
  if (end.signal) *out << "signal " << *end.signal;
}

}  // namespace support
