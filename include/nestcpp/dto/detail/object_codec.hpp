#pragma once
// Reading and writing a DTO. The usual text names its fields in the order of declaration, so each key is first compared
// with the field that is next; only where that does not hold keys are looked up.

#include <nestcpp/dto/detail/dto_table.hpp>
#include <nestcpp/dto/detail/std_codecs.hpp>
#include <nestcpp/dto/detail/transforms.hpp>
#include <nestcpp/dto/detail/value_codec.hpp>

#include <cstddef>
#include <cstring>
#include <utility>

namespace nestcpp::detail {

// Whether a null in the place of a member that cannot hold it counts as missing, and no rule minds.
template <dto T, std::size_t I>
bool may_be_null(const json_input& in) {
  return traits_at<T, I>::optional || (in.skip_null && !dto_table<T>::defined.has(I));
}

// Asked about the items of a field's arrays, and by inner() about those of arrays inside them.
template <dto T, std::size_t I, unsigned Levels>
struct item_check {
  bool unchecked;

  bool operator()(const rule_value& item) const { return field_passes<T, I, Levels>(item) || unchecked; }
  [[nodiscard]] auto inner() const {
    constexpr bool deeper = std::apply([]<class... R>(const R&...) { return ((each_depth<R> > Levels) || ...); },
                                       std::get<I>(dto_fields<T>).rules);
    if constexpr (deeper) {
      return item_check<T, I, Levels + 1>{unchecked};
    } else {
      return any_item{};
    }
  }
};

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
  if constexpr (traits::has_item_rules && !traits::has_transforms) {
    p = value_codec<typename traits::member_type>::read(p, in, member, seen, item_check<T, I, 1>{in.unchecked});
  } else {
    p = value_codec<typename traits::member_type>::read(p, in, member, seen, any_item{});
  }
  if (p == nullptr) return nullptr;
  if constexpr (traits::is_optional_member) {
    if (seen.kind == json_kind::null) return p;
  }
  if constexpr (traits::has_transforms) {
    transform_member<T, I>(member, seen);
    if constexpr (traits::has_item_rules) {
      if (!items_pass(member, item_check<T, I, 1>{in.unchecked})) return nullptr;
    }
  }
  return field_passes<T, I, 0>(seen) || in.unchecked ? p : nullptr;
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
  object_reader(json_input& in, T& object) : in_{in}, object_{object}, depth_{in.depth - 1} {}

  const char* read(const char* p) {
    if (p == in_.end || *p != '{' || in_.depth == 0) return nullptr;
    in_.depth = depth_;
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
      if (!seen_.has_all_of(gaps_)) in_.gap = true;
      reset_missing(object_, seen_);
    }
    if constexpr (dto_table<T>::has_conditions) {
      if (!in_.unchecked && !conditions_hold(std::make_index_sequence<count>{})) return nullptr;
    }
    return p;
  }

 private:
  static constexpr std::size_t count = field_count<T>;

  bool may_lack_the_others() const {
    if (in_.unchecked) return true;
    auto present = seen_;
    present.add(excused_);
    present.add(dto_table<T>::conditional);
    return present.has_all_of(in_.skip_undefined ? dto_table<T>::defined : dto_table<T>::required);
  }

  template <std::size_t... I>
  bool conditions_hold(std::index_sequence<I...>) const {
    return (condition_holds<I>() && ...);
  }
  // Whether the field is as its rules want it, or they do not apply.
  template <std::size_t I>
  bool condition_holds() const {
    if constexpr (traits_at<T, I>::conditional) {
      const bool lacking = !seen_.has(I) && !excused_.has(I) &&
                           (in_.skip_undefined ? dto_table<T>::defined : dto_table<T>::required).has(I);
      return !(unfit_.has(I) || lacking) || !rules_apply<T, I>(object_, default_validation_options);
    }
    return true;
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
    if constexpr (!traits_at<T, I>::is_read) return excuse<I>(skip_value(p, in_));
    constexpr auto exposure = exposure_of(std::get<I>(dto_fields<T>));
    if constexpr (!exposure.groups.empty() || exposure.since != 0 || exposure.until != 0) {
      const auto& settings =
          in_.options == nullptr ? default_validation_options.transform_options : in_.options->transform_options;
      if (!is_exposed(exposure, settings.groups, settings.version)) return skip_value(p, in_);
    }
    const char* const value = p;
    bool present = false;
    // Rules that do not apply have not judged what stands there.
    constexpr bool may_have_gaps = traits_at<T, I>::conditional || traits_at<T, I>::nested_rule;
    [[maybe_unused]] const bool gap = in_.gap;
    p = read_field<T, I>(p, in_, object_, present);
    if constexpr (traits_at<T, I>::conditional) {
      const bool fits = p != nullptr;
      if (!fits) p = set_aside<I>(value);
      in_.gap = gap;
      if (!fits) return p;
    } else {
      if (p == nullptr) [[unlikely]] {
        if (!in_.unchecked) return nullptr;
        if (!may_have_gaps && value != in_.end && *value != 'n') gaps_.set(I);  // a null stands for nothing
        return pass_over(value, I);
      }
      if constexpr (may_have_gaps) in_.gap = gap;
    }
    if (present) [[likely]] {
      seen_.set(I);
    } else {
      seen_.clear(I);
      excused_.set(I);
    }
    return p;
  }

  template <std::size_t I>
  const char* excuse(const char* after) {
    excused_.set(I);
    return after;
  }

  // What is wrong with the value may not matter. Read again without rules it is kept, if the member can hold it.
  template <std::size_t I>
  [[gnu::noinline]] const char* set_aside(const char* value) {
    unfit_.set(I);
    if (in_.unchecked || in_.broken) return pass_over(value, I);  // it has been read like that
    in_.depth = depth_;
    in_.unchecked = true;
    bool present = false;
    const char* p = read_field<T, I>(value, in_, object_, present);
    in_.unchecked = false;
    if (p == nullptr) return pass_over(value, I);
    seen_.set(I);
    return p;
  }

  // A value that the member cannot hold, where that does not matter.
  [[gnu::noinline, gnu::cold]] const char* pass_over(const char* value, std::size_t field) {
    if (in_.broken) return nullptr;
    in_.depth = depth_;
    seen_.clear(field);
    const char* const after = skip_value(value, in_);
    if (after == nullptr) in_.broken = true;
    return after;
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
    if (in_.forbid_unknown && !(depth_ == in_.discriminator_depth && key == in_.discriminator)) return nullptr;
    p = colon(after_key);
    return p == nullptr ? nullptr : skip_value(p, in_);
  }

  struct nothing {
    static constexpr bool has(std::size_t) { return false; }
  };

  json_input& in_;
  T& object_;
  unsigned depth_;  // inside the object
  typename dto_table<T>::set seen_{};
  typename dto_table<T>::set excused_{};
  typename dto_table<T>::set gaps_{};  // held what the member cannot
  [[no_unique_address]] std::conditional_t<dto_table<T>::has_conditions, typename dto_table<T>::set, nothing> unfit_{};
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
    write_members(out, value);
    if (out.size() == start) {
      out.raw('{');
    } else {
      out.patch(start, '{');
    }
    out.raw('}');
  }

  // A comma, the key and the value of each.
  static void write_members(json_writer& out, const T& value) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (write_field<I>(out, value), ...);
    }(std::make_index_sequence<field_count<T>>{});
  }

 private:
  template <std::size_t I>
  static void write_field(json_writer& out, const T& object) {
    using field = field_at<T, I>;
    using traits = field_traits<field>;
    const auto& member = object.*field::member;
    if constexpr (!traits::is_written) return;
    if constexpr (is_maybe<typename traits::member_type>) {
      if (member.is_missing()) return;
    } else if constexpr (traits::omit_empty) {
      if (!member) return;
    }
    constexpr auto exposure = exposure_of(std::get<I>(dto_fields<T>));
    if constexpr (!exposure.groups.empty() || exposure.since != 0 || exposure.until != 0) {
      const serialize_options& asked = out.options();
      if (!is_exposed(exposure, asked.groups, asked.version)) return;
    }
    out.raw(field_key<T, I>::written);
    write_transformed<T, I>(out, member);
  }
};

}  // namespace nestcpp::detail
