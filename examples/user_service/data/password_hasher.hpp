#pragma once

#include "shared/nest.hpp"
#include "shared/settings.hpp"

#include <nestcpp/core/blocking_pool.hpp>
#include <nestcpp/core/runtime.hpp>
#include <nestcpp/core/semaphore.hpp>
#include <nestcpp/core/task.hpp>

#include <string>

namespace users {

/// Argon2id, away from the event loops. Only so many hashes at a time, as each fills its own memory.
class PasswordHasher {
 public:
  PasswordHasher(nest::runtime& loops, const PasswordHashing& settings);

  /// @return the hash in Argon2's text form, with its salt and parameters
  /// @throws nest::deadline_exceeded where the caller's patience ends before it is its turn
  nest::task<std::string> hash(std::string password);

 private:
  PasswordHashing settings_;
  nest::async_semaphore turns_;
  nest::blocking_pool& pool_;
};

}  // namespace users
