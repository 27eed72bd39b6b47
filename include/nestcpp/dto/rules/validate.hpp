#pragma once
/// @file nestcpp/dto/rules/validate.hpp
/// @brief Asynchronous rules, as classes that the container builds.

namespace nestcpp::rules {

/// NestJS's `@Validate(Class)` with `useContainer`: a rule that waits for something, such as a look-up in a database.
///
///     class IsEmailFree {
///      public:
///       static constexpr std::string_view key = "isEmailFree";
///       static constexpr std::string_view text = "$property is taken";
///       explicit IsEmailFree(UsersRepository& users);
///       nest::task<bool> validate(const std::string& email);   // or `const std::string&, const message_arguments&`
///     };
///     …
///     NEST_FIELD(email, is_email(), validate<IsEmailFree>())
///
/// The class is built once, with its dependencies; its `validate` is called from all loops at a time. It is asked after
/// all other rules of the whole payload have passed, with the member's value (with that of each item in `each(…)`),
/// not for missing or null values, and for those of validate_if only where the condition holds. Beside `is_optional()`
/// the member must be a `std::optional` or `nest::maybe`, which tell whether there was a value. Only handlers of
/// controllers ask such rules; `read_json` does not.
template <class Class>
struct validate {
  static constexpr bool is_field_option = true;
  static constexpr bool is_metadata = true;
  using validator = Class;
};

}  // namespace nestcpp::rules
