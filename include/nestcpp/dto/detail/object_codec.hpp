#pragma once
// Reading and writing a DTO. The usual text names its fields in the order of declaration, so each key is first compared
// with the field that is next; only where that does not hold keys are looked up.

#include <nestcpp/dto/detail/dto_table.hpp>
#include <nestcpp/dto/detail/value_codec.hpp>

#include <cstddef>
#include <cstring>
#include <utility>

namespace nestcpp::detail {

// Whether a null in the place of a member that cannot hold it counts as missing, and no rule minds.
template <dto T, std::size_t I>
bool may_be_null(const json_input& in) {
  return field_traits<field_at<T, I>>::optional || (in.skip_null && !dto_table<T>::defined.has(I));
}

template <dto T, std::size_t I>
const char* read_field(const char* p, json_input& in, T& object, bool& present) {
  using field = field_at<T, I>;
  using traits = field_traits<field>;
  auto& member = object.*field::member;
  present = true;
  if constexpr (!traits::is_optional_member) {
    if (p != in.end && *p == 'n' && may_be_null<T, I>(in) && starts_with(p, in.end, "null")) {
      present = false;  // as if missing: the member gets its initialiser's value
      return p + 4;
    }
  }
  rule_value seen;
  if constexpr (traits::has_item_rules) {
    p = value_codec<typename traits::member_type>::read(
        p, in, member, seen, [](const rule_value& item) { return field_passes<T, I, true>(item); });
  } else {
    p = value_codec<typename traits::member_type>::read(p, in, member, seen, any_item{});
  }
  if (p == nullptr) return nullptr;
  if constexpr (traits::is_optional_member) {
    if (seen.kind == json_kind::null) return p;
  }
  return field_passes<T, I, false>(seen) ? p : nullptr;
}

// Members that the text lacks get their initialisers' values: the object may have been read into before.
template <dto T>
void reset_missing(T& object, const typename dto_table<T>::set& seen) {
  T fresh{};
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((seen.has(I) ? void() : void(object.*field_at<T, I>::member = std::move(fresh.*field_at<T, I>::member))), ...);
  }(std::make_index_sequence<field_count<T>>{});
}

template <dto T>
class object_reader {
 public:
  object_reader(json_input& in, T& object) : in_{in}, object_{object} {}

  const char* read(const char* p) {
    if (p == in_.end || *p != '{' || in_.depth == 0) return nullptr;
    --in_.depth;
    p = skip_space(p + 1, in_.end);
    if (p == in_.end) return nullptr;
    if (*p == '}') {
      ++p;
    } else {
      bool closed = false;
      p = in_order(p, closed, std::make_index_sequence<count>{});
      if (p != nullptr && !closed) p = in_any_order(p);
      if (p == nullptr) return nullptr;
    }
    ++in_.depth;
    if (!seen_.has_all_of(dto_table<T>::all)) [[unlikely]] {
      if (!may_lack_the_others()) return nullptr;
      reset_missing(object_, seen_);
    }
    return p;
  }

 private:
  static constexpr std::size_t count = field_count<T>;

  bool may_lack_the_others() const {
    auto present = seen_;
    present.add(excused_);
    return present.has_all_of(in_.skip_undefined ? dto_table<T>::defined : dto_table<T>::required);
  }

  template <std::size_t... I>
  const char* in_order([[maybe_unused]] const char* p, bool& closed, std::index_sequence<I...>) {
    (void)closed;
    (void)((p = next_in_order<I>(p, closed), p != nullptr && !closed) && ...);
    return p;
  }

  // p stands at a key. Reads the member if it is field I; stops at the next key, or behind the closing brace.
  template <std::size_t I>
  const char* next_in_order(const char* p, bool& closed) {
    constexpr auto& key = field_key<T, I>::quoted;
    if (static_cast<std::size_t>(in_.end - p) < key.size() || std::memcmp(p, key.data(), key.size()) != 0) return p;
    p = member<I>(p + key.size());
    return p == nullptr ? nullptr : next(p, closed);
  }

  // p stands behind the key.
  template <std::size_t I>
  const char* member(const char* p) {
    p = colon(p);
    if (p == nullptr) return nullptr;
    bool present = false;
    p = read_field<T, I>(p, in_, object_, present);
    if (present) [[likely]] {
      seen_.set(I);
    } else {
      seen_.clear(I);
      excused_.set(I);
    }
    return p;
  }

  const char* colon(const char* p) const {
    p = skip_space(p, in_.end);
    if (p == in_.end || *p != ':') return nullptr;
    return skip_space(p + 1, in_.end);
  }

  const char* next(const char* p, bool& closed) const {
    p = skip_space(p, in_.end);
    if (p == in_.end) return nullptr;
    if (*p == '}') {
      closed = true;
      return p + 1;
    }
    return *p == ',' ? skip_space(p + 1, in_.end) : nullptr;
  }

  [[gnu::noinline]] const char* in_any_order(const char* p) {
    std::string scratch;
    for (bool closed = false; !closed;) {
      std::string_view key;
      bool ascii = false;
      p = read_text_view(p, in_, key, scratch, ascii);
      if (p == nullptr) return nullptr;
      p = known(p, key, std::make_index_sequence<count>{});
      if (p == nullptr) return nullptr;
      p = next(p, closed);
      if (p == nullptr) return nullptr;
    }
    return p;
  }

  template <std::size_t... I>
  const char* known(const char* p, [[maybe_unused]] std::string_view key, std::index_sequence<I...>) {
    const char* const after_key = p;
    if (((key == field_key<T, I>::name && (p = member<I>(after_key), true)) || ...)) return p;
    if (in_.forbid_unknown) return nullptr;
    p = colon(after_key);
    return p == nullptr ? nullptr : skip_value(p, in_);
  }

  json_input& in_;
  T& object_;
  typename dto_table<T>::set seen_{};
  typename dto_table<T>::set excused_{};
};

template <dto T>
struct value_codec<T> {
  static constexpr std::string_view constraint = "isObject";
  static constexpr std::string_view expected = "must be an object";

  template <class Items>
  static const char* read(const char* p, json_input& in, T& out, rule_value& seen, Items) {
    seen.kind = json_kind::object;
    seen.size = starts_with(p, in.end, "{}") ? 0 : 1;
    return object_reader<T>{in, out}.read(p);
  }

  static std::size_t size_hint(const T& value) {
    return [&value]<std::size_t... I>(std::index_sequence<I...>) {
      return (keys_size<T>() + ... +
              value_codec<typename field_at<T, I>::value_type>::size_hint(value.*field_at<T, I>::member));
    }(std::make_index_sequence<field_count<T>>{});
  }

  // Every key is written with a comma before it; the first one's then becomes the opening brace.
  static void write(json_writer& out, const T& value) {
    const std::size_t start = out.size();
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (write_field<I>(out, value), ...);
    }(std::make_index_sequence<field_count<T>>{});
    if (out.size() == start) {
      out.raw('{');
    } else {
      out.patch(start, '{');
    }
    out.raw('}');
  }

 private:
  template <std::size_t I>
  static void write_field(json_writer& out, const T& object) {
    using field = field_at<T, I>;
    const auto& member = object.*field::member;
    if constexpr (field_traits<field>::omit_empty) {
      if (!member) return;
    }
    out.raw(field_key<T, I>::written);
    value_codec<typename field::value_type>::write(out, member);
  }
};

}  // namespace nestcpp::detail
