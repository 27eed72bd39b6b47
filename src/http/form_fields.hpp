#pragma once
// A form's fields as a JSON object; names with brackets make objects and arrays.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nestcpp::detail {

class form_fields {
 public:
  enum class added : std::uint8_t { ok, too_deep, index_too_large };

  /// Whose reading of names: the npm packages qs (urlencoded bodies) or append-field (multer).
  enum class style : std::uint8_t { qs, append_field };

  /// @param largest_index of an array; qs makes an object of what goes beyond, multer refuses it
  form_fields(style names, std::size_t largest_index) noexcept : names_{names}, largest_index_{largest_index} {}

  [[nodiscard]] added add(std::string_view name, std::string value);
  [[nodiscard]] std::string json() const;

  static constexpr std::size_t max_depth = 32;

 private:
  struct node {
    enum class kind : std::uint8_t { nothing, text, object, array };
    std::string name{};  // in an array: its index
    kind what = kind::nothing;
    std::string text{};
    std::vector<node> members{};

    node& member(std::string_view key);
    void append(std::string value);
    void become(kind wanted);
  };

  static void write(std::string& out, const node& from);

  node root_{.what = node::kind::object};
  style names_;
  std::size_t largest_index_;
};

}  // namespace nestcpp::detail
