#pragma once
// A statement's parameters as PostgreSQL takes them: as text.

#include "../array_text.hpp"

#include <nestcpp/database/sql_value.hpp>

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nestcpp::detail {

inline std::string to_text(double v) {
  if (std::isnan(v)) return "NaN";
  if (std::isinf(v)) return v > 0 ? "Infinity" : "-Infinity";
  return fmt::format("{}", v);
}

/// Parameters in PostgreSQL's text form; texts are not copied.
class text_parameters {
 public:
  text_parameters() = default;
  explicit text_parameters(const sql_values& parameters) {
    made_.reserve(parameters.size());  // its texts are pointed to
    for (const auto& each : parameters) {
      std::visit([this](const auto& v) { add(v); }, each.data());
    }
  }
  text_parameters(const text_parameters&) = delete;
  text_parameters& operator=(const text_parameters&) = delete;

  [[nodiscard]] int count() const noexcept { return static_cast<int>(all_.size()); }
  [[nodiscard]] const char* const* all() const noexcept { return all_.data(); }

 private:
  void add(std::monostate) { all_.push_back(nullptr); }
  void add(const std::string& v) { all_.push_back(v.c_str()); }
  void add(bool v) { keep(v ? "true" : "false"); }
  void add(std::int64_t v) { keep(std::to_string(v)); }
  void add(double v) { keep(to_text(v)); }
  void add(const uuid& v) { keep(v.to_string()); }
  void add(const timestamp& v) { keep(v.to_iso8601()); }
  void add(const sql_array& v) { keep(to_array_literal(v)); }
  void keep(std::string v) { all_.push_back(made_.emplace_back(std::move(v)).c_str()); }

  std::vector<std::string> made_;
  std::vector<const char*> all_;
};

}  // namespace nestcpp::detail
