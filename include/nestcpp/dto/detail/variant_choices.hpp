#pragma once
// What has been found out about variants inside the values of others. Each alternative that is tried reads all that is
// inside; without this the work would double with every level.

#include <boost/json/value.hpp>

#include <compare>
#include <cstddef>
#include <map>

namespace nestcpp::detail {

// Of the reader: the index of the alternative that fits; their number: none does.
struct variant_choices {
  struct key {
    const char* position;
    const void* type;
    bool unchecked;
    auto operator<=>(const key&) const = default;
  };
  std::map<key, std::size_t> fitting;
};

// Of the explanation of one payload, whose values stay where they are.
class explained_choices {
 public:
  struct key {
    const boost::json::value* value;
    const void* type;
    auto operator<=>(const key&) const = default;
  };
  static constexpr std::size_t accepted = static_cast<std::size_t>(-1);

  explained_choices() : former_{current_} { current_ = this; }
  explained_choices(const explained_choices&) = delete;
  explained_choices& operator=(const explained_choices&) = delete;
  ~explained_choices() { current_ = former_; }

  // Those of the payload that this thread explains; null: none.
  static explained_choices* current() noexcept { return current_; }

  // `accepted`, or the index of the alternative that says what is wrong.
  std::map<key, std::size_t> speaking;

 private:
  explained_choices* former_;
  static inline thread_local explained_choices* current_ = nullptr;
};

}  // namespace nestcpp::detail
