#pragma once
/// @file nestcpp/database/result_set.hpp
/// @brief The rows a statement returned: `row["email"].as<std::string>()`.

#include <nestcpp/database/sql_value.hpp>
#include <nestcpp/dto/enums.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

class result_set;

namespace detail {

/// Rows as one array of cells over one text buffer.
struct result_data {
  enum class kind : std::uint8_t { null, integer, real, text };
  struct cell {
    kind type = kind::null;
    std::uint32_t length = 0;
    union {
      std::int64_t integer = 0;
      double real;
      std::size_t offset;
    };
  };

  void add_null() { cells.push_back({}); }
  void add_integer(std::int64_t v) {
    cells.push_back({});
    cells.back().type = kind::integer;
    cells.back().integer = v;
  }
  void add_real(double v) {
    cells.push_back({});
    cells.back().type = kind::real;
    cells.back().real = v;
  }
  void add_text(std::string_view v);

  std::shared_ptr<const std::vector<std::string>> columns = std::make_shared<const std::vector<std::string>>();
  std::vector<cell> cells;  // row by row
  std::string text;
  std::size_t rows = 0;
  std::size_t affected = 0;
};

}  // namespace detail

/// One column of one row. A view: not to be kept longer than its `result_row`.
class column_value {
 public:
  [[nodiscard]] const std::string& name() const { return (*data_->columns)[column_]; }
  [[nodiscard]] bool is_null() const noexcept { return cell().type == detail::result_data::kind::null; }

  /// The value as `T`: bool, any integer or floating-point type, `std::string`, `std::string_view` (valid as long as
  /// the row), `uuid`, `timestamp`, `boost::json::value` (parsed from text), enumerations with a NEST_ENUM (by name),
  /// types with a `database_type`, `std::optional` of these, and `std::vector` of all these (from PostgreSQL's arrays
  /// of one dimension, or a JSON array).
  /// @throws database_error naming the column, for null where `T` is no optional, and for a value that is no `T`.
  template <class T>
  [[nodiscard]] T as() const {
    if constexpr (is_optional<T>::value) {
      if (is_null()) return std::nullopt;
      return as<typename T::value_type>();
    } else if constexpr (std::is_same_v<T, bool>) {
      return as_bool();
    } else if constexpr (detail::database_integer<T>) {
      const std::int64_t number = as_integer();
      if (!std::in_range<T>(number)) throw_unfit("an integer of its range");
      return static_cast<T>(number);
    } else if constexpr (std::is_floating_point_v<T>) {
      return static_cast<T>(as_real());
    } else if constexpr (std::is_same_v<T, std::string>) {
      return as_text();
    } else if constexpr (std::is_same_v<T, std::string_view>) {
      return as_view();
    } else if constexpr (std::is_same_v<T, uuid>) {
      return as_uuid();
    } else if constexpr (std::is_same_v<T, timestamp>) {
      return as_timestamp();
    } else if constexpr (std::is_same_v<T, boost::json::value>) {
      return as_json();
    } else if constexpr (is_vector<T>::value && !detail::has_database_type<T>) {
      const detail::result_data items = as_items();
      T all;
      all.reserve(items.rows);
      for (std::size_t i = 0; i < items.rows; ++i) {
        all.push_back(column_value{items, i, 0}.as<typename T::value_type>());
      }
      return all;
    } else {
      static_assert(
          detail::has_database_type<T>,
          "nestcpp: this type cannot be read from a column; specialise nestcpp::database_type<T> with to() and from()");
      return database_type<T>::from(*this);
    }
  }

 private:
  friend class result_row;
  template <class T>
  friend struct database_type;
  template <class T>
  struct is_optional : std::false_type {};
  template <class T>
  struct is_optional<std::optional<T>> : std::true_type {};
  template <class T>
  struct is_vector : std::false_type {};
  template <class T>
  struct is_vector<std::vector<T>> : std::true_type {
    static_assert(!std::is_same_v<T, std::string_view>, "nestcpp: an array's texts do not outlive its reading");
  };

  column_value(const detail::result_data& data, std::size_t row, std::size_t column)
      : data_{&data}, row_{row}, column_{column} {}
  [[nodiscard]] const detail::result_data::cell& cell() const noexcept {
    return data_->cells[row_ * data_->columns->size() + column_];
  }
  [[nodiscard]] bool as_bool() const;
  [[nodiscard]] std::int64_t as_integer() const;
  [[nodiscard]] double as_real() const;
  [[nodiscard]] std::string as_text() const;
  [[nodiscard]] std::string_view as_view() const;
  [[nodiscard]] uuid as_uuid() const;
  [[nodiscard]] timestamp as_timestamp() const;
  [[nodiscard]] boost::json::value as_json() const;
  /// One row for each item.
  [[nodiscard]] detail::result_data as_items() const;
  [[noreturn]] void throw_unfit(std::string_view wanted) const;

  const detail::result_data* data_;
  std::size_t row_;
  std::size_t column_;
};

/// Enumerations with a NEST_ENUM are stored by name.
template <described_enum E>
struct database_type<E> {
  static sql_value to(E v) { return enum_name(v); }
  static E from(const column_value& f) {
    const auto parsed = parse_enum<E>(f.as<std::string_view>());
    if (!parsed) f.throw_unfit("one of " + enum_names<E>());
    return *parsed;
  }
};

/// One row; keeps the result alive.
class result_row {
 public:
  /// @throws database_error for a column that is not in the result; the message lists those that are.
  [[nodiscard]] column_value operator[](std::string_view column) const;
  /// @throws database_error where there are not as many columns.
  [[nodiscard]] column_value operator[](std::size_t column) const;
  /// Number of columns.
  [[nodiscard]] std::size_t size() const noexcept { return data_->columns->size(); }

 private:
  friend class result_set;
  result_row(std::shared_ptr<const detail::result_data> data, std::size_t index)
      : data_{std::move(data)}, index_{index} {}

  std::shared_ptr<const detail::result_data> data_;
  std::size_t index_;
};

/// What a statement returned. Cheap to copy; copies share the rows.
/// @par Thread safety Reading is safe from any thread.
class result_set {
 public:
  class iterator {
   public:
    using value_type = result_row;
    using reference = const result_row&;
    using pointer = const result_row*;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;

    explicit iterator(result_row at) : at_{std::move(at)} {}
    const result_row& operator*() const noexcept { return at_; }
    const result_row* operator->() const noexcept { return &at_; }
    iterator& operator++() {
      ++at_.index_;
      return *this;
    }
    iterator operator++(int) {
      auto former = *this;
      ++*this;
      return former;
    }
    bool operator==(const iterator& other) const { return at_.index_ == other.at_.index_; }

   private:
    result_row at_;
  };

  result_set() : result_set{std::make_shared<const detail::result_data>()} {}
  explicit result_set(std::shared_ptr<const detail::result_data> data) : data_{std::move(data)} {}

  /// Number of rows.
  [[nodiscard]] std::size_t size() const noexcept { return data_->rows; }
  [[nodiscard]] bool empty() const noexcept { return data_->rows == 0; }
  /// Rows that an insert, update or delete touched; 0 for other statements.
  [[nodiscard]] std::size_t affected_rows() const noexcept { return data_->affected; }
  [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return *data_->columns; }
  /// @throws database_error where there are not as many rows.
  [[nodiscard]] result_row operator[](std::size_t index) const;
  [[nodiscard]] iterator begin() const { return iterator{result_row{data_, 0}}; }
  [[nodiscard]] iterator end() const { return iterator{result_row{data_, data_->rows}}; }

 private:
  friend class iterator;
  std::shared_ptr<const detail::result_data> data_;
};

}  // namespace nestcpp
