#pragma once
// What the echo service understands; its server and its typed client share it.

#include <nestcpp/dto/dto.hpp>
#include <nestcpp/messaging/contract.hpp>

#include <string>

namespace bench {

struct EchoDto {
  std::string firstName, lastName, email, password;
};
NEST_DTO(EchoDto, NEST_FIELD(firstName, is_string(), is_not_empty(), max_length(100)),
         NEST_FIELD(lastName, is_string(), is_not_empty(), max_length(100)), NEST_FIELD(email, is_email()),
         NEST_FIELD(password, is_string(), min_length(8), max_length(128)));

// Of any size.
struct TextDto {
  std::string text;
};
NEST_DTO(TextDto, NEST_FIELD(text, is_string(), is_not_empty()));

// No rules.
struct PlainDto {
  std::string firstName, lastName, email, password;
};
NEST_DTO(PlainDto, NEST_FIELD(firstName), NEST_FIELD(lastName), NEST_FIELD(email), NEST_FIELD(password));

struct AllocationsDto {
  double count = 0;
};
NEST_DTO(AllocationsDto, NEST_FIELD(count));

using echo_message = nestcpp::message<"echo", EchoDto, EchoDto>;
using text_message = nestcpp::message<"echo.text", TextDto, TextDto>;
using plain_message = nestcpp::message<"echo.plain", PlainDto, PlainDto>;
using allocations_message = nestcpp::message<"allocations", AllocationsDto, AllocationsDto>;

}  // namespace bench
