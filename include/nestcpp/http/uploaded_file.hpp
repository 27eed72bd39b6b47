#pragma once
/// @file nestcpp/http/uploaded_file.hpp
/// @brief Parameters of handlers that take uploads: NestJS's `@UploadedFile()` with its FileInterceptor.
///
///     NEST_POST(set_avatar, "/:id/avatar", body_limit(5 << 20));
///     AvatarDto set_avatar(nest::path<"id", nest::uuid> id, nest::uploaded_file<"avatar"> avatar, CaptionDto caption);
///
/// The fields of the form are the body (`CaptionDto`), all of them texts. The whole body, files and all, may have 10
/// MiB where the route has no `body_limit(…)`. A file of another field, or more of one field than the parameter takes,
/// is answered 400 "Unexpected file field - name", as multer does.

#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/http/http_context.hpp>
#include <nestcpp/http/http_form.hpp>
#include <nestcpp/pipeline/argument_metadata.hpp>
#include <nestcpp/pipeline/method_traits.hpp>
#include <nestcpp/pipeline/parameter_extractor.hpp>
#include <nestcpp/pipeline/parameters.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace nestcpp {

/// The file of a field. Missing: 400 "File is required", unless `T` is `std::optional<form_file>`.
template <fixed_string Name, class T = form_file>
struct uploaded_file : detail::named_parameter<Name, T> {
  static_assert(std::is_same_v<T, form_file> || std::is_same_v<T, std::optional<form_file>>,
                "nestcpp: uploaded_file<\"name\", T>: T is nest::form_file or std::optional<nest::form_file>");
};

/// The files of a field, none or up to `MaxCount`; NestJS's `@UploadedFiles()`.
template <fixed_string Name, std::size_t MaxCount = 10>
struct uploaded_files : detail::named_parameter<Name, std::vector<form_file>> {};

/// The whole form with files of any field; NestJS's AnyFilesInterceptor.
struct uploaded_form : detail::whole_parameter<http_form> {};

template <fixed_string Name, class T>
struct parameter_extractor<uploaded_file<Name, T>> {
  static constexpr bool http_only = true;
  static uploaded_file<Name, T> extract(execution_context& context) {
    for (const form_file& each : context.switch_to_http().form().files) {
      if (each.field_name == Name.view()) return {{each}};
    }
    if constexpr (std::is_same_v<T, form_file>) {
      throw bad_request_exception{"File is required"};
    } else {
      return {};
    }
  }
};
template <fixed_string Name, std::size_t MaxCount>
struct parameter_extractor<uploaded_files<Name, MaxCount>> {
  static constexpr bool http_only = true;
  static uploaded_files<Name, MaxCount> extract(execution_context& context) {
    uploaded_files<Name, MaxCount> found;
    for (const form_file& each : context.switch_to_http().form().files) {
      if (each.field_name == Name.view()) found.value.push_back(each);
    }
    return found;
  }
};
template <>
struct parameter_extractor<uploaded_form> {
  static constexpr bool http_only = true;
  static uploaded_form extract(execution_context& context) { return {{context.switch_to_http().form()}}; }
};

/// NestJS's MaxFileSizeValidator: `piped<uploaded_file<"avatar">, max_file_size<100'000>>` takes files of less than so
/// many bytes, and answers others 400.
template <std::size_t Bytes>
struct max_file_size {
  template <class T>
  T transform(T files, const argument_metadata&) const {
    if constexpr (std::is_same_v<T, form_file>) {
      check(files);
    } else if constexpr (std::is_same_v<T, std::optional<form_file>>) {
      if (files) check(*files);
    } else {
      for (const form_file& each : files) check(each);
    }
    return files;
  }

 private:
  static void check(const form_file& file) {
    if (file.size() < Bytes) return;
    throw bad_request_exception{"Validation failed (current file size is " + std::to_string(file.size()) +
                                ", expected size is less than " + std::to_string(Bytes) + ")"};
  }
};

namespace detail {

inline constexpr std::size_t upload_body_limit = std::size_t{10} << 20U;

template <class T>
struct upload_of {
  static void add_to(upload_fields&) {}
  static constexpr bool exists = false;
};
template <fixed_string Name, class T>
struct upload_of<uploaded_file<Name, T>> {
  static void add_to(upload_fields& to) { to.fields.push_back({Name.view(), 1}); }
  static constexpr bool exists = true;
};
template <fixed_string Name, std::size_t MaxCount>
struct upload_of<uploaded_files<Name, MaxCount>> {
  static void add_to(upload_fields& to) { to.fields.push_back({Name.view(), MaxCount}); }
  static constexpr bool exists = true;
};
template <>
struct upload_of<uploaded_form> {
  static void add_to(upload_fields& to) { to.any = true; }
  static constexpr bool exists = true;
};
template <class Parameter, class... Pipes>
struct upload_of<piped<Parameter, Pipes...>> : upload_of<Parameter> {};

/// What the parameters of a handler take of a form; nullopt: it takes no uploads.
template <auto Method>
[[nodiscard]] std::optional<upload_fields> uploads_of() {
  return []<class... A>(std::tuple<A...>*) -> std::optional<upload_fields> {
    if constexpr ((upload_of<std::remove_cvref_t<A>>::exists || ...)) {
      upload_fields all;
      (upload_of<std::remove_cvref_t<A>>::add_to(all), ...);
      return all;
    } else {
      return std::nullopt;
    }
  }(static_cast<typename traits_of<Method>::arguments*>(nullptr));
}

}  // namespace detail

}  // namespace nestcpp
