#pragma once
/// @file nestcpp/http/openapi/openapi_operation.hpp
/// @brief What a handler's signature says to a document: parameters, body and answer.

#include <nestcpp/core/stream.hpp>
#include <nestcpp/dto/json_schema.hpp>
#include <nestcpp/dto/json_text.hpp>
#include <nestcpp/http/http_method.hpp>
#include <nestcpp/http/http_parameters.hpp>
#include <nestcpp/http/http_response.hpp>
#include <nestcpp/http/openapi/openapi_details.hpp>
#include <nestcpp/http/redirect_to.hpp>
#include <nestcpp/http/streamable_file.hpp>
#include <nestcpp/http/uploaded_file.hpp>
#include <nestcpp/pipeline/method_traits.hpp>
#include <nestcpp/pipeline/parameters.hpp>
#include <nestcpp/pipeline/reply.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace nestcpp {

/// A signature in OpenAPI's words.
struct openapi_signature {
  boost::json::array parameters;
  std::optional<boost::json::object> body;    ///< schema
  std::optional<boost::json::object> answer;  ///< schema; none: the answer has no body
  std::string answer_type = "application/json";
  std::string body_type = "application/json";
};

/// One route, as documents need it.
struct openapi_operation {
  http_method method = http_method::get;
  std::string path;  ///< "/users/:id"
  std::string controller, handler;
  std::vector<std::string> tags;
  int status = 200;
  bool has_guards = false;
  bool forbids_unknown = false;  ///< properties that a DTO does not name
  bool sends_events = false;     ///< server-sent events, each of the answer's schema
  openapi_details details;
  openapi_signature (*describe)(schema_components&) = nullptr;
};

namespace detail {

struct signature_builder {
  schema_components& components;
  openapi_signature& to;

  void parameter(std::string_view in, std::string_view name, bool required, boost::json::object schema);
  void body_property(std::string_view name, boost::json::object schema);
  boost::json::object& own_properties();

  template <class A>
  void add() {
    add_parameter(std::type_identity<std::remove_cvref_t<A>>{});
  }

  template <class Parameter, class... Pipes>
  void add_parameter(std::type_identity<piped<Parameter, Pipes...>>) {
    add_parameter(std::type_identity<Parameter>{});
  }
  template <fixed_string Name, class T>
  void add_parameter(std::type_identity<path<Name, T>>) {
    parameter("path", Name.view(), true, json_schema<without_optional_t<T>>(components));
  }
  template <fixed_string Name, class T>
  void add_parameter(std::type_identity<query<Name, T>>) {
    parameter("query", Name.view(), !is_optional_type<T>, json_schema<without_optional_t<T>>(components));
  }
  template <fixed_string Name, class T>
  void add_parameter(std::type_identity<header<Name, T>>) {
    parameter("header", Name.view(), !is_optional_type<T>, json_schema<without_optional_t<T>>(components));
  }
  template <fixed_string Name, class T>
  void add_parameter(std::type_identity<payload<Name, T>>) {
    body_property(Name.view(), json_schema<T>(components));
  }
  template <class T>
  void add_parameter(std::type_identity<query_of<T>>) {
    add_fields("query", schema_of_dto<T>(components, schema_use::read));
  }
  template <class T>
  void add_parameter(std::type_identity<path_of<T>>) {
    add_fields("path", schema_of_dto<T>(components, schema_use::read));
  }
  template <fixed_string Name, class T>
  void add_parameter(std::type_identity<cookie<Name, T>>) {
    parameter("cookie", Name.view(), !is_optional_type<T>, json_schema<without_optional_t<T>>(components));
  }
  template <fixed_string Name, class T>
  void add_parameter(std::type_identity<uploaded_file<Name, T>>) {
    file(Name.view(), !is_optional_type<T>, false);
  }
  template <fixed_string Name, std::size_t MaxCount>
  void add_parameter(std::type_identity<uploaded_files<Name, MaxCount>>) {
    file(Name.view(), false, true);
  }
  void add_parameter(std::type_identity<uploaded_form>) { to.body_type = "multipart/form-data"; }
  void file(std::string_view name, bool required, bool several);
  template <class T>
  void add_parameter(std::type_identity<T>) {
    if constexpr (parameter_traits<T>::kind == parameter_kind::body) body(json_schema<T>(components));
  }
  void body(boost::json::object schema);
  void add_fields(std::string_view in, const boost::json::object& schema);
};

template <class T>
void describe_answer(openapi_signature& to, schema_components& components) {
  if constexpr (is_stream_v<T>) {
    describe_answer<stream_value_t<T>>(to, components);
  } else if constexpr (std::is_same_v<T, std::string>) {
    to.answer = boost::json::object{{"type", "string"}};
    to.answer_type = "text/html";
  } else if constexpr (std::is_same_v<T, streamable_file>) {
    to.answer = boost::json::object{};
    to.answer_type = "application/octet-stream";
  } else if constexpr (std::is_same_v<T, http_response> || std::is_same_v<T, reply> || std::is_same_v<T, json_text>) {
    to.answer = boost::json::object{};
  } else if constexpr (!std::is_void_v<T> && !std::is_same_v<T, redirect_to>) {
    to.answer = json_schema<T>(components, schema_use::written);
  }
}

}  // namespace detail

/// For `openapi_operation::describe`.
template <auto Method>
[[nodiscard]] openapi_signature describe_signature(schema_components& components) {
  openapi_signature made;
  detail::signature_builder builder{components, made};
  using traits = detail::traits_of<Method>;
  [&]<class... A>(std::tuple<A...>*) {
    (builder.template add<A>(), ...);
  }(static_cast<typename traits::arguments*>(nullptr));
  detail::describe_answer<typename traits::value>(made, components);
  return made;
}

}  // namespace nestcpp
