#include "integration/fixture.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <atomic>
#include <iostream>

namespace integration {

namespace json = boost::json;

registration_system& services_test::make(backend kind, const environment& variables) {
  system_ = std::make_unique<registration_system>(kind, variables);
  return *system_;
}

registration_system& services_test::make(const support::postgres_address& server, const environment& variables) {
  system_ = std::make_unique<registration_system>(server, variables);
  return *system_;
}

void services_test::TearDown() {
  if (HasFailure() && system_) std::cout << system_->transcript() << std::endl;
}

void each_database::SetUp() {
  if (GetParam() == backend::postgres && !support::given_postgres()) {
    GTEST_SKIP() << "NESTCPP_TEST_PG does not name a PostgreSQL server to test on";
  }
}

registration_system& each_database::make_and_start(const environment& variables) {
  make(variables).start();
  return system();
}

std::string database_name(const testing::TestParamInfo<backend>& info) {
  return std::string{support::name_of(info.param)};
}

std::string json_text(std::string_view text) { return json::serialize(json::string{text}); }

std::string new_email() {
  static std::atomic<int> last = 0;
  return "ada." + std::to_string(++last) + "@example.com";
}

std::string person::json() const {
  return json::serialize(
      json::object{{"firstName", firstName}, {"lastName", lastName}, {"email", email}, {"password", password}});
}

std::string at(const json::value& value, std::string_view pointer) {
  boost::system::error_code missing;
  const json::value* const found = value.find_pointer(pointer, missing);
  if (!found) return {};
  return found->is_string() ? std::string{found->as_string()} : json::serialize(*found);
}

std::string at(const http_response& response, std::string_view pointer) { return at(response.json(), pointer); }

std::string user_shape(const person& who) {
  return "\\{\"id\":\"" + uuid_shape + "\",\"firstName\":\"" + who.firstName + "\",\"lastName\":\"" + who.lastName +
         "\",\"email\":\"" + who.email + "\",\"isActive\":true,\"createdAt\":\"" + time_shape + "\",\"updatedAt\":\"" +
         time_shape + "\"\\}";
}

std::string welcome_shape(const person& who) {
  return "\\{\"id\":\"" + uuid_shape + "\",\"userId\":\"" + uuid_shape + "\",\"type\":\"email\",\"recipient\":\"" +
         who.email + "\",\"subject\":\"Welcome, " + who.firstName + "!\",\"content\":\"Hi " + who.firstName + " " +
         who.lastName + ", your account is ready.\",\"status\":\"sent\",\"sentAt\":\"" + time_shape +
         "\",\"createdAt\":\"" + time_shape + "\"\\}";
}

std::string error_body(std::string_view message, std::string_view error, int status) {
  return "{\"message\":" + std::string{message} + ",\"error\":" + json_text(error) +
         ",\"statusCode\":" + std::to_string(status) + "}";
}

std::string bad_request_body(std::string_view message) { return error_body(message, "Bad Request", 400); }

std::string conflict_body(std::string_view email) {
  return error_body(json_text("User with email " + std::string{email} + " already exists"), "Conflict", 409);
}

std::string user_not_found_body(std::string_view id) {
  return error_body(json_text("User " + std::string{id} + " not found"), "Not Found", 404);
}

}  // namespace integration
