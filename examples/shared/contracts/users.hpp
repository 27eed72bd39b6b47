#pragma once
/// What the user service is asked, answers and tells. Both sides use these types, so a mismatch does not compile.

#include "shared/contracts/rules.hpp"

#include <nestcpp/core/timestamp.hpp>
#include <nestcpp/core/uuid.hpp>
#include <nestcpp/dto/dto.hpp>
#include <nestcpp/macros.hpp>
#include <nestcpp/messaging/contract.hpp>

#include <optional>
#include <string>

namespace contracts {

struct CreateUserDto {
  std::string firstName, lastName, email, password;
};
NEST_DTO(CreateUserDto, NEST_FIELD(firstName, is_string(), is_not_empty(), max_length(100), has_no_nul()),
         NEST_FIELD(lastName, is_string(), is_not_empty(), max_length(100), has_no_nul()),
         NEST_FIELD(email, is_email()), NEST_FIELD(password, is_string(), min_length(8), max_length(128)));

struct GetUserDto {
  std::string id;
};
NEST_DTO(GetUserDto, NEST_FIELD(id, is_uuid()));

/// Never holds the password, nor its hash.
struct UserDto {
  nest::uuid id;
  std::string firstName, lastName, email;
  bool isActive = true;
  nest::timestamp createdAt, updatedAt;
};
NEST_DTO(UserDto, NEST_FIELD(id, is_uuid()), NEST_FIELD(firstName), NEST_FIELD(lastName), NEST_FIELD(email),
         NEST_FIELD(isActive), NEST_FIELD(createdAt), NEST_FIELD(updatedAt));

struct UserCreatedEvent {
  std::optional<std::string> eventId;  ///< other implementations of the user service may leave it out
  nest::uuid userId;
  std::string email, firstName, lastName;
  nest::timestamp createdAt;
};
NEST_DTO(UserCreatedEvent, NEST_FIELD(eventId, is_string()), NEST_FIELD(userId, is_uuid()),
         NEST_FIELD(email, is_string(), is_not_empty()), NEST_FIELD(firstName, is_string()),
         NEST_FIELD(lastName, is_string()), NEST_FIELD(createdAt, is_date_string()));

using create_user = nest::message<"user.create", CreateUserDto, UserDto>;
using get_user = nest::message<"user.get", GetUserDto, UserDto>;
using user_created = nest::event<"user.created", UserCreatedEvent>;

}  // namespace contracts
