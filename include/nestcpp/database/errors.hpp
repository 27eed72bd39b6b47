#pragma once
/// @file nestcpp/database/errors.hpp
/// @brief What a database call throws, the same on every driver. Messages leave out the details that quote a row's
/// values.

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nestcpp {

/// Any failure of a statement: bad SQL, a value that does not fit, a result read as the wrong type.
class database_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  database_error(const std::string& what, std::string code) : std::runtime_error{what}, code_{std::move(code)} {}
  /// PostgreSQL's SQLSTATE ("23505") or SQLite's extended result code ("2067"); empty where the library itself refused.
  [[nodiscard]] const std::string& code() const noexcept { return code_; }

 private:
  std::string code_;
};

/// A row with these values exists already.
class unique_violation : public database_error {
 public:
  unique_violation(const std::string& what, std::string code, std::string constraint, std::vector<std::string> columns)
      : database_error{what, std::move(code)}, constraint_{std::move(constraint)}, columns_{std::move(columns)} {}
  /// PostgreSQL: the constraint's or index's name ("users_email_key"); empty where its messages are not in English and
  /// the user is no superuser. SQLite does not tell it: "users.email".
  [[nodiscard]] const std::string& constraint() const noexcept { return constraint_; }
  /// The columns of the key, without the table: {"email"}.
  [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return columns_; }

 private:
  std::string constraint_;
  std::vector<std::string> columns_;
};

/// A row that is referred to does not exist, or a row that is removed is still referred to.
class foreign_key_violation : public database_error {
 public:
  foreign_key_violation(const std::string& what, std::string code, std::string constraint)
      : database_error{what, std::move(code)}, constraint_{std::move(constraint)} {}
  /// Empty on SQLite, which does not tell it.
  [[nodiscard]] const std::string& constraint() const noexcept { return constraint_; }

 private:
  std::string constraint_;
};

/// Concurrent transactions collided (serialization failure, deadlock): repeating the whole transaction may succeed.
class serialization_failure : public database_error {
 public:
  using database_error::database_error;
};

/// An entity with a `version()` was to be written, and its row has another version: somebody wrote it since it was
/// read. Read it again and decide anew.
class optimistic_lock_error : public database_error {
 public:
  using database_error::database_error;
};

/// A statement ran longer than `database_options::statement_timeout` and was cancelled.
class statement_timeout : public database_error {
 public:
  using database_error::database_error;
};

/// The database cannot be reached, the connection broke, or no connection came free in time. Whether a statement that
/// was under way took effect is unknown; a transaction took effect only if this came from its `commit()`, and then
/// perhaps.
class database_unavailable : public database_error {
 public:
  using database_error::database_error;
};

}  // namespace nestcpp
