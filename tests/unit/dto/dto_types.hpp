#pragma once
// The DTOs of these tests.

#include <nestcpp/dto/dto.hpp>

#include <boost/json/array.hpp>
#include <boost/json/string.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace shop {

// Names that rules have too must not be in their way.
struct max_length {};
struct is_string {};

struct CreateUserDto {
  std::string firstName, lastName, email, password;
};
NEST_DTO(CreateUserDto, NEST_FIELD(firstName, is_string(), is_not_empty(), max_length(100)),
         NEST_FIELD(lastName, is_string(), is_not_empty(), max_length(100)), NEST_FIELD(email, is_email()),
         NEST_FIELD(password, is_string(), min_length(8), max_length(128)));

struct Address {
  std::string street;
  int zip = 0;
};
NEST_DTO(Address, NEST_FIELD(street, is_string(), min_length(3)), NEST_FIELD(zip, is_int(), min(10)));

struct Item {
  int id = 0;
  std::vector<std::string> tags;
};
NEST_DTO(Item, NEST_FIELD(id, is_int()), NEST_FIELD(tags, is_array(), each(is_string())));

// The DTO of the recorded NestJS answers.
struct Person {
  std::string name;
  int age = 0;
  std::string email;
  Address addr;
  std::vector<Item> items;
  std::optional<bool> opt;
};
NEST_DTO(Person, NEST_FIELD(name, is_string(), min_length(3), max_length(5)),
         NEST_FIELD(age, is_int(), min(0), max(150)), NEST_FIELD(email, is_email()),
         NEST_FIELD(addr, validate_nested()), NEST_FIELD(items, is_array(), array_min_size(1), validate_nested()),
         NEST_FIELD(opt, is_optional(), is_boolean()));

enum class Status { pending, sent, failed };
NEST_ENUM(Status, pending, sent, failed);

enum class Level { low, high };
NEST_ENUM_AS(Level, (low, "LOW"), (high, "HIGH"));

struct Tree {
  std::string name;
  std::vector<Tree> children;
};
NEST_DTO(Tree, NEST_FIELD(name, is_not_empty()), NEST_FIELD(children));

// No rules: the types decide.
struct Everything {
  bool flag = false;
  std::int8_t tiny = 0;
  std::uint8_t byte = 0;
  std::int64_t whole = 0;
  std::uint64_t large = 0;
  double real = 0;
  float small = 0;
  std::string text;
  std::optional<int> maybe;
  std::vector<int> numbers;
  std::vector<bool> flags;
  std::map<std::string, int> sorted;
  std::unordered_map<std::string, std::string> hashed;
  Status status = Status::pending;
  Level level = Level::low;
  nestcpp::uuid id;
  nestcpp::timestamp at;
  boost::json::value any;
  Address nested;
};
NEST_DTO(Everything, NEST_FIELD(flag), NEST_FIELD(tiny), NEST_FIELD(byte), NEST_FIELD(whole), NEST_FIELD(large),
         NEST_FIELD(real), NEST_FIELD(small), NEST_FIELD(text), NEST_FIELD(maybe), NEST_FIELD(numbers),
         NEST_FIELD(flags), NEST_FIELD(sorted), NEST_FIELD(hashed), NEST_FIELD(status), NEST_FIELD(level),
         NEST_FIELD(id), NEST_FIELD(at), NEST_FIELD(any), NEST_FIELD(nested));

struct Empty {};
NEST_DTO(Empty);

}  // namespace shop

// What a payload is told, as JSON; "" where it passes.
template <class T>
std::string refusal(std::string_view text, const nestcpp::validation_options& options = {}) {
  T out{};
  const auto result = nestcpp::read_json(text, out, options);
  if (result) return {};
  std::string answer;
  nestcpp::append_json_value(
      answer, result.syntax_error() != nullptr ? result.syntax_error()->body() : result.validation_failure()->body());
  return answer;
}

// Its messages, joined by " | ".
template <class T>
std::string messages(std::string_view text, const nestcpp::validation_options& options = {}) {
  T out{};
  const auto result = nestcpp::read_json(text, out, options);
  if (result) return {};
  const boost::json::value message =
      (result.syntax_error() != nullptr ? result.syntax_error()->body() : result.validation_failure()->body())
          .at("message");
  if (message.is_string()) return std::string{message.get_string()};
  std::string all;
  for (const auto& line : message.as_array()) {
    if (!all.empty()) all += " | ";
    all += std::string_view{line.as_string()};
  }
  return all;
}
