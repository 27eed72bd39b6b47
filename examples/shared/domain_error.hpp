#pragma once
/// What can go wrong by the rules of a domain, whatever the protocol: each service derives its own errors from these.

#include <stdexcept>

struct DomainError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What was asked for does not exist.
struct NotFoundError : DomainError {
  using DomainError::DomainError;
};

/// What was asked for contradicts what is there.
struct ConflictError : DomainError {
  using DomainError::DomainError;
};
