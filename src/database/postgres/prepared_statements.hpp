#pragma once
// What a connection has prepared, and how the rows of it are read.

#include "../driver.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

using PGresult = struct pg_result;  // libpq's

namespace nestcpp::detail {

/// Lower case, without what stands before and behind it.
[[nodiscard]] std::string first_word_of(std::string_view sql);

struct prepared_statement {
  std::string name;
  bool is_ready = false;  // the server has said so
  bool changes = false;   // of a query, PostgreSQL counts the rows as affected
  std::shared_ptr<const std::vector<std::string>> columns;
  std::vector<unsigned> types;
};

/// The columns' names and types are kept in `statement` until they change.
[[nodiscard]] rows read_rows(prepared_statement& statement, const PGresult& result);

/// By their texts; the oldest are forgotten first.
class prepared_statements {
 public:
  /// Makes room for what of `texts` is not known, as far as there can be.
  /// @return the names of those that were forgotten, to be deallocated
  [[nodiscard]] std::vector<std::string> make_room_for(const std::vector<std::string_view>& texts);

  struct found {
    prepared_statement& statement;
    bool is_new;
  };
  /// Stays where it is until it is forgotten.
  [[nodiscard]] found find_or_add(const std::string& sql);
  void forget_what_is_not_ready();
  void clear() noexcept;

 private:
  std::unordered_map<std::string, prepared_statement> statements_;
  std::deque<std::string> order_;  // the oldest first
  std::uint64_t last_name_ = 0;
};

}  // namespace nestcpp::detail
