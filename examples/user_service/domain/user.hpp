#pragma once

#include "shared/nest.hpp"

#include <nestcpp/core/timestamp.hpp>
#include <nestcpp/core/uuid.hpp>

#include <algorithm>
#include <string>

namespace users {

struct User {
  nest::uuid id;
  std::string firstName, lastName;
  std::string email;         ///< in lower case, unique
  std::string passwordHash;  ///< never leaves this service
  bool isActive = true;
  nest::timestamp createdAt, updatedAt;
};

/// Addresses that differ in the case of ASCII letters only are one address.
inline std::string normalized_email(std::string email) {
  std::transform(email.begin(), email.end(), email.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return email;
}

}  // namespace users
