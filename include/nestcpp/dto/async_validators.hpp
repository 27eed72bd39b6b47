#pragma once
/// @file nestcpp/dto/async_validators.hpp
/// @brief For the pipeline: the objects that asynchronous rules are asked through.

#include <algorithm>
#include <utility>
#include <vector>

namespace nestcpp {

/// The objects behind `validate<Class>()`.
/// @par Lifetime Of the objects: the caller's; they must outlive the set.
class async_validators {
 public:
  template <class Class>
  void add(Class& object) {
    entries_.emplace_back(&key<Class>, &object);
  }
  /// It must have been added.
  template <class Class>
  [[nodiscard]] Class& get() const {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [](const auto& entry) { return entry.first == &key<Class>; });
    return *static_cast<Class*>(found->second);
  }

 private:
  template <class Class>
  static inline const char key = 0;
  std::vector<std::pair<const void*, void*>> entries_;
};

}  // namespace nestcpp
