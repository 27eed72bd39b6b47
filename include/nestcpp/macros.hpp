#pragma once
/// @file nestcpp/macros.hpp
/// @brief Every macro that users write.

/// Makes `Type` a DTO; stands after the type, in its namespace, and before the type's first use as a DTO.
///
///     struct CreateUserDto { std::string firstName, email; };
///     NEST_DTO(CreateUserDto,
///              NEST_FIELD(firstName, is_string(), is_not_empty(), max_length(100)),
///              NEST_FIELD(email, is_email()));
///
/// `NEST_DTO(Empty)` is a DTO without fields. Members without a `NEST_FIELD` do not travel. Beside fields it takes
/// `fields_of<Base>()` (see nestcpp/dto/inherited_fields.hpp) and a naming such as `snake_case()`.
#define NEST_DTO(Type, ...)                                                                      \
  static_assert(::std::is_default_constructible_v<Type>,                                         \
                "nestcpp: NEST_DTO(" #Type "): a DTO must be default constructible; give " #Type \
                " a constructor without "                                                        \
                "arguments, or none at all");                                                    \
  constexpr auto nest_describe_dto(::nestcpp::tag<Type>) {                                       \
    using nest_self [[maybe_unused]] = Type;                                                     \
    NESTCPP_DETAIL_RULE_NAMES                                                                    \
    return ::std::make_tuple(__VA_ARGS__);                                                       \
  }                                                                                              \
  static_assert(true)

/// One field inside `NEST_DTO`: the member's name, then its rules and options. Rules are told off from the last to the
/// first, as NestJS's decorators are.
#define NEST_FIELD(Name, ...) ::nestcpp::make_field<&nest_self::Name>(#Name __VA_OPT__(, ) __VA_ARGS__)

/// Makes an enumeration travel by the names of its values: `NEST_ENUM(Status, pending, sent, failed);`
#define NEST_ENUM(Type, ...)                                                        \
  constexpr auto nest_describe_enum(::nestcpp::tag<Type>) {                         \
    using nest_self = Type;                                                         \
    return ::std::array{NESTCPP_DETAIL_FOR_EACH(NESTCPP_DETAIL_ENUM, __VA_ARGS__)}; \
  }                                                                                 \
  static_assert(true)

/// The same with texts or numbers of their own: `NEST_ENUM_AS(Level, (low, "LOW"), (high, "HIGH"));`
#define NEST_ENUM_AS(Type, ...)                                                        \
  constexpr auto nest_describe_enum(::nestcpp::tag<Type>) {                            \
    using nest_self = Type;                                                            \
    return ::std::array{NESTCPP_DETAIL_FOR_EACH(NESTCPP_DETAIL_ENUM_AS, __VA_ARGS__)}; \
  }                                                                                    \
  static_assert(true)

/// Describes how a class is stored, at namespace scope beside the class: `NEST_ENTITY(User, "users", NEST_COLUMN(…),
/// …)`. See nestcpp/database/entity.hpp.
#define NEST_ENTITY(Type, table, ...)                                                               \
  [[maybe_unused]] inline auto nestcpp_describe_entity(::nestcpp::tag<Type>) {                      \
    using nestcpp_described = Type;                                                                 \
    using ::nestcpp::entity_options::column_name;                                                   \
    using ::nestcpp::entity_options::create_date;                                                   \
    using ::nestcpp::entity_options::delete_date;                                                   \
    using ::nestcpp::entity_options::primary_key;                                                   \
    using ::nestcpp::entity_options::update_date;                                                   \
    using ::nestcpp::entity_options::version;                                                       \
    return ::nestcpp::detail::describe_entity<nestcpp_described>(table __VA_OPT__(, ) __VA_ARGS__); \
  }                                                                                                 \
  static_assert(true)

/// One column in NEST_ENTITY: the member, then its options. The column's name is the member's in snake_case.
#define NEST_COLUMN(member, ...) \
  ::nestcpp::detail::describe_column(&nestcpp_described::member, #member __VA_OPT__(, ) __VA_ARGS__)

/// Opens a controller, inside its class: `NEST_CONTROLLER(UsersController, "/users", use_guards<AuthGuard>());`. The
/// prefix may be left out. What follows is public.
#define NEST_CONTROLLER(Type, ...)                                            \
 public:                                                                      \
  using nest_self = Type;                                                     \
  NESTCPP_DETAIL_CHECK_SELF(NEST_CONTROLLER, Type)                            \
  static ::nestcpp::detail::index<0> nest_index_(::nestcpp::detail::rank<0>); \
  static constexpr auto nest_controller_() {                                  \
    NESTCPP_DETAIL_ENHANCER_NAMES                                             \
    return ::nestcpp::make_controller(#Type __VA_OPT__(, ) __VA_ARGS__);      \
  }                                                                           \
  static_assert(true)

/// Bind the method named to a route: `NEST_GET(find, "/:id");` above `task<UserDto> find(nest::path<"id", nest::uuid>
/// id);`. Options may follow: use_guards<…>(), use_interceptors<…>(), use_pipes<…>(), use_filters<…>(),
/// set_metadata(…), http_code(…), response_header(…, …), redirect(…), body_limit(…), api_version(…).
#define NEST_GET(method, path, ...) NESTCPP_DETAIL_HTTP_ROUTE(get, method, path, __VA_ARGS__)
#define NEST_POST(method, path, ...) NESTCPP_DETAIL_HTTP_ROUTE(post, method, path, __VA_ARGS__)
#define NEST_PUT(method, path, ...) NESTCPP_DETAIL_HTTP_ROUTE(put, method, path, __VA_ARGS__)
#define NEST_PATCH(method, path, ...) NESTCPP_DETAIL_HTTP_ROUTE(patch, method, path, __VA_ARGS__)
#define NEST_DELETE(method, path, ...) NESTCPP_DETAIL_HTTP_ROUTE(delete_, method, path, __VA_ARGS__)
#define NEST_HEAD(method, path, ...) NESTCPP_DETAIL_HTTP_ROUTE(head, method, path, __VA_ARGS__)
#define NEST_OPTIONS(method, path, ...) NESTCPP_DETAIL_HTTP_ROUTE(options, method, path, __VA_ARGS__)
/// NestJS's `@Sse()`: a GET route whose handler returns `stream<T>` or `task<stream<T>>`, answered as server-sent
/// events as they come. See nestcpp/http/message_event.hpp.
#define NEST_SSE(method, path, ...)            \
  NESTCPP_DETAIL_HTTP_ROUTE(get, method, path, \
                            ::nestcpp::detail::server_sent_events<&nest_self::method>() __VA_OPT__(, ) __VA_ARGS__)
/// Every method; a route that names the method goes before it.
#define NEST_ALL(method, path, ...) NESTCPP_DETAIL_HTTP_ROUTE(all, method, path, __VA_ARGS__)

/// Binds the method named to a message: `NEST_MESSAGE_PATTERN(create, contracts::create_user);`.
#define NEST_MESSAGE_PATTERN(method, contract, ...)                                                                  \
  NESTCPP_DETAIL_ROUTE({                                                                                             \
    NESTCPP_DETAIL_CHECK_CONTRACT(method, contract)                                                                  \
    static_assert(!contract::is_event, "nestcpp: " #method ": " #contract " is an event; write NEST_EVENT_PATTERN"); \
    NESTCPP_DETAIL_CHECK_MESSAGE(method, contract, __VA_ARGS__)                                                      \
    static_assert(::nestcpp::detail::reply_matches<&nest_self::method, contract>(),                                  \
                  "nestcpp: " #method ": the return type is not the reply of " #contract                             \
                  "; return that type, or a "                                                                        \
                  "task<> of it");                                                                                   \
    return ::nestcpp::make_message_route<&nest_self::method, contract>(#method __VA_OPT__(, ) __VA_ARGS__);          \
  })

/// Binds the method named to an event: `NEST_EVENT_PATTERN(on_created, contracts::user_created);`. Several methods may
/// be bound to one event.
#define NEST_EVENT_PATTERN(method, contract, ...)                                                                      \
  NESTCPP_DETAIL_ROUTE({                                                                                               \
    NESTCPP_DETAIL_CHECK_CONTRACT(method, contract)                                                                    \
    static_assert(contract::is_event, "nestcpp: " #method ": " #contract " is a message; write NEST_MESSAGE_PATTERN"); \
    NESTCPP_DETAIL_CHECK_MESSAGE(method, contract, __VA_ARGS__)                                                        \
    return ::nestcpp::make_message_route<&nest_self::method, contract>(#method __VA_OPT__(, ) __VA_ARGS__);            \
  })

/// Attaches values to the method named, for all its routes and patterns, by their types:
/// `NEST_SET_METADATA(remove, Roles{{"admin"}});`. See nestcpp/pipeline/metadata.hpp.
#define NEST_SET_METADATA(method, ...)                                                  \
  NESTCPP_DETAIL_ROUTE({                                                                \
    NESTCPP_DETAIL_CHECK_METHOD(method)                                                 \
    return ::nestcpp::detail::make_method_metadata(#method __VA_OPT__(, ) __VA_ARGS__); \
  })

/// States the parameters of a class's constructor for the container, best right above it; see
/// nestcpp/module/inject.hpp. `NEST_INJECT(UsersRepository, Settings, Tracer*); UsersService(UsersRepository&,
/// Settings, Tracer*);`
#define NEST_INJECT(...)                          \
  friend struct ::nestcpp::detail::inject_access; \
  using nest_inject_parameters = ::nestcpp::inject_list<__VA_ARGS__>

/// Opens a typed client, inside its class: `NEST_CLIENT(UserClient, "user-service", timeout(5s), retry(…));`.
#define NEST_CLIENT(Type, service, ...)                           \
 public:                                                          \
  NESTCPP_DETAIL_CHECK_SELF(NEST_CLIENT, Type)                    \
  using ::nestcpp::typed_client::typed_client;                    \
  static ::nestcpp::client_info nest_client_() {                  \
    NESTCPP_DETAIL_CLIENT_NAMES                                   \
    return {service, ::nestcpp::make_client_policy(__VA_ARGS__)}; \
  }                                                               \
  static_assert(true)

/// A member function `task<Reply> method(Request)` that sends a message; `stream<T> method(Request)` where the reply is
/// a stream. Options may follow, as constants: timeout(…), retry(…), idempotent(), circuit_breaker{…}, hedging{…}, ….
#define NEST_SEND(method, contract, ...)                                                           \
  [[nodiscard]] ::nestcpp::detail::sent_t<contract> method(contract::request nest_request_) {      \
    NESTCPP_DETAIL_CLIENT_NAMES                                                                    \
    static_assert(!contract::is_event,                                                             \
                  "nestcpp: " #method ": " #contract " is an event, no message; write NEST_EMIT"); \
    static constexpr auto nest_policy_ = ::nestcpp::make_client_policy(__VA_ARGS__);               \
    NESTCPP_DETAIL_CHECK_POLICY(method)                                                            \
    return send_contract<contract>(::std::move(nest_request_), nest_policy_);                      \
  }                                                                                                \
  static_assert(true)

/// A member function `task<void> method(Payload)` that sends an event. With `acknowledged()` it waits until the event's
/// handlers have ended; timeout(…), retry(…) and idempotent() may follow then.
#define NEST_EMIT(method, contract, ...)                                                                              \
  [[nodiscard]] ::nestcpp::task<void> method(contract::request nest_payload_) {                                       \
    NESTCPP_DETAIL_CLIENT_NAMES                                                                                       \
    using ::nestcpp::client_options::acknowledged;                                                                    \
    static_assert(contract::is_event, "nestcpp: " #method ": " #contract " is a message, no event; write NEST_SEND"); \
    static constexpr auto nest_policy_ = ::nestcpp::make_client_policy(__VA_ARGS__);                                  \
    NESTCPP_DETAIL_CHECK_POLICY(method)                                                                               \
    static_assert(nest_policy_.acknowledged || !nest_policy_.needs_answer(),                                          \
                  "nestcpp: " #method                                                                                 \
                  ": nothing answers a plain event; timeout, retry and idempotent need "                              \
                  "acknowledged()");                                                                                  \
    return emit_contract<contract>(::std::move(nest_payload_), nest_policy_);                                         \
  }                                                                                                                   \
  static_assert(true)

// ---- what the macros above are made of
// -------------------------------------------------------------------------------

// The class that a macro names is the one it stands in. Never called.
#define NESTCPP_DETAIL_CHECK_SELF(Macro, Type)                                                               \
  void nest_check_self_() const {                                                                            \
    static_assert(::std::is_same_v<decltype(*this), const Type&>,                                            \
                  "nestcpp: " #Macro "(" #Type "): name the class that it stands in, which is another one"); \
  }

// Options are written unqualified: a block scope with these declarations goes before the user's own names.
#define NESTCPP_DETAIL_ENHANCER_NAMES \
  using ::nestcpp::api_tags;          \
  using ::nestcpp::api_version;       \
  using ::nestcpp::set_metadata;      \
  using ::nestcpp::use_filters;       \
  using ::nestcpp::use_guards;        \
  using ::nestcpp::use_interceptors;  \
  using ::nestcpp::use_pipes;         \
  using ::nestcpp::validation_pipe;

#define NESTCPP_DETAIL_RULE_NAMES                   \
  using ::nestcpp::rules::allow;                    \
  using ::nestcpp::rules::always;                   \
  using ::nestcpp::rules::api_property;             \
  using ::nestcpp::rules::array_contains;           \
  using ::nestcpp::rules::array_max_size;           \
  using ::nestcpp::rules::array_min_size;           \
  using ::nestcpp::rules::array_not_contains;       \
  using ::nestcpp::rules::array_not_empty;          \
  using ::nestcpp::rules::array_unique;             \
  using ::nestcpp::rules::base32_options;           \
  using ::nestcpp::rules::base64_options;           \
  using ::nestcpp::rules::base64_padding;           \
  using ::nestcpp::rules::camel_case;               \
  using ::nestcpp::rules::contains;                 \
  using ::nestcpp::rules::convert;                  \
  using ::nestcpp::rules::convert_as_javascript;    \
  using ::nestcpp::rules::credit_card_options;      \
  using ::nestcpp::rules::currency_options;         \
  using ::nestcpp::rules::decimal_options;          \
  using ::nestcpp::rules::each;                     \
  using ::nestcpp::rules::email_options;            \
  using ::nestcpp::rules::env;                      \
  using ::nestcpp::rules::env_max;                  \
  using ::nestcpp::rules::env_min;                  \
  using ::nestcpp::rules::equals;                   \
  using ::nestcpp::rules::exclude;                  \
  using ::nestcpp::rules::exclude_on_read;          \
  using ::nestcpp::rules::exclude_on_write;         \
  using ::nestcpp::rules::expose;                   \
  using ::nestcpp::rules::fields_of;                \
  using ::nestcpp::rules::fqdn_options;             \
  using ::nestcpp::rules::iban_options;             \
  using ::nestcpp::rules::is_alpha;                 \
  using ::nestcpp::rules::is_alphanumeric;          \
  using ::nestcpp::rules::is_array;                 \
  using ::nestcpp::rules::is_ascii;                 \
  using ::nestcpp::rules::is_base32;                \
  using ::nestcpp::rules::is_base58;                \
  using ::nestcpp::rules::is_base64;                \
  using ::nestcpp::rules::is_bic;                   \
  using ::nestcpp::rules::is_boolean;               \
  using ::nestcpp::rules::is_boolean_string;        \
  using ::nestcpp::rules::is_btc_address;           \
  using ::nestcpp::rules::is_byte_length;           \
  using ::nestcpp::rules::is_credit_card;           \
  using ::nestcpp::rules::is_currency;              \
  using ::nestcpp::rules::is_data_uri;              \
  using ::nestcpp::rules::is_date;                  \
  using ::nestcpp::rules::is_date_string;           \
  using ::nestcpp::rules::is_decimal;               \
  using ::nestcpp::rules::is_defined;               \
  using ::nestcpp::rules::is_divisible_by;          \
  using ::nestcpp::rules::is_ean;                   \
  using ::nestcpp::rules::is_email;                 \
  using ::nestcpp::rules::is_empty;                 \
  using ::nestcpp::rules::is_enum;                  \
  using ::nestcpp::rules::is_ethereum_address;      \
  using ::nestcpp::rules::is_firebase_push_id;      \
  using ::nestcpp::rules::is_fqdn;                  \
  using ::nestcpp::rules::is_full_width;            \
  using ::nestcpp::rules::is_half_width;            \
  using ::nestcpp::rules::is_hash;                  \
  using ::nestcpp::rules::is_hex_color;             \
  using ::nestcpp::rules::is_hexadecimal;           \
  using ::nestcpp::rules::is_hsl;                   \
  using ::nestcpp::rules::is_iban;                  \
  using ::nestcpp::rules::is_in;                    \
  using ::nestcpp::rules::is_int;                   \
  using ::nestcpp::rules::is_ip;                    \
  using ::nestcpp::rules::is_isbn;                  \
  using ::nestcpp::rules::is_isin;                  \
  using ::nestcpp::rules::is_iso31661_alpha2;       \
  using ::nestcpp::rules::is_iso31661_alpha3;       \
  using ::nestcpp::rules::is_iso31661_numeric;      \
  using ::nestcpp::rules::is_iso4217_currency_code; \
  using ::nestcpp::rules::is_iso6391;               \
  using ::nestcpp::rules::is_iso8601;               \
  using ::nestcpp::rules::is_isrc;                  \
  using ::nestcpp::rules::is_issn;                  \
  using ::nestcpp::rules::is_json;                  \
  using ::nestcpp::rules::is_jwt;                   \
  using ::nestcpp::rules::is_lat_long;              \
  using ::nestcpp::rules::is_latitude;              \
  using ::nestcpp::rules::is_locale;                \
  using ::nestcpp::rules::is_longitude;             \
  using ::nestcpp::rules::is_lowercase;             \
  using ::nestcpp::rules::is_mac_address;           \
  using ::nestcpp::rules::is_magnet_uri;            \
  using ::nestcpp::rules::is_military_time;         \
  using ::nestcpp::rules::is_mime_type;             \
  using ::nestcpp::rules::is_mobile_phone;          \
  using ::nestcpp::rules::is_mongo_id;              \
  using ::nestcpp::rules::is_multibyte;             \
  using ::nestcpp::rules::is_negative;              \
  using ::nestcpp::rules::is_not_empty;             \
  using ::nestcpp::rules::is_not_empty_object;      \
  using ::nestcpp::rules::is_not_in;                \
  using ::nestcpp::rules::is_number;                \
  using ::nestcpp::rules::is_number_string;         \
  using ::nestcpp::rules::is_object;                \
  using ::nestcpp::rules::is_octal;                 \
  using ::nestcpp::rules::is_optional;              \
  using ::nestcpp::rules::is_passport_number;       \
  using ::nestcpp::rules::is_port;                  \
  using ::nestcpp::rules::is_positive;              \
  using ::nestcpp::rules::is_postal_code;           \
  using ::nestcpp::rules::is_rfc3339;               \
  using ::nestcpp::rules::is_rgb_color;             \
  using ::nestcpp::rules::is_sem_ver;               \
  using ::nestcpp::rules::is_string;                \
  using ::nestcpp::rules::is_strong_password;       \
  using ::nestcpp::rules::is_surrogate_pair;        \
  using ::nestcpp::rules::is_time_zone;             \
  using ::nestcpp::rules::is_uppercase;             \
  using ::nestcpp::rules::is_url;                   \
  using ::nestcpp::rules::is_uuid;                  \
  using ::nestcpp::rules::is_variable_width;        \
  using ::nestcpp::rules::iso8601_options;          \
  using ::nestcpp::rules::issn_options;             \
  using ::nestcpp::rules::json_name;                \
  using ::nestcpp::rules::kebab_case;               \
  using ::nestcpp::rules::length;                   \
  using ::nestcpp::rules::mac_address_options;      \
  using ::nestcpp::rules::matches;                  \
  using ::nestcpp::rules::max;                      \
  using ::nestcpp::rules::max_date;                 \
  using ::nestcpp::rules::max_length;               \
  using ::nestcpp::rules::min;                      \
  using ::nestcpp::rules::min_date;                 \
  using ::nestcpp::rules::min_length;               \
  using ::nestcpp::rules::mobile_phone_options;     \
  using ::nestcpp::rules::not_contains;             \
  using ::nestcpp::rules::not_equals;               \
  using ::nestcpp::rules::number_options;           \
  using ::nestcpp::rules::number_string_options;    \
  using ::nestcpp::rules::omit_empty;               \
  using ::nestcpp::rules::pascal_case;              \
  using ::nestcpp::rules::snake_case;               \
  using ::nestcpp::rules::strong_password_options;  \
  using ::nestcpp::rules::text_list;                \
  using ::nestcpp::rules::to_lower_case;            \
  using ::nestcpp::rules::to_upper_case;            \
  using ::nestcpp::rules::transform;                \
  using ::nestcpp::rules::transform_on_write;       \
  using ::nestcpp::rules::trim;                     \
  using ::nestcpp::rules::url_options;              \
  using ::nestcpp::rules::validate;                 \
  using ::nestcpp::rules::validate_by;              \
  using ::nestcpp::rules::validate_if;              \
  using ::nestcpp::rules::validate_nested;          \
  using ::nestcpp::rules::with_groups;              \
  using ::nestcpp::rules::with_message;

#define NESTCPP_DETAIL_CLIENT_NAMES                 \
  using namespace ::std::chrono_literals; /* 5s */  \
  using ::nestcpp::adaptive_throttle;               \
  using ::nestcpp::bulkhead;                        \
  using ::nestcpp::circuit_breaker;                 \
  using ::nestcpp::exponential_backoff;             \
  using ::nestcpp::hedging;                         \
  using ::nestcpp::rate_limit;                      \
  using ::nestcpp::retry_rules;                     \
  using ::nestcpp::sliding_window;                  \
  using ::nestcpp::client_options::attempt_timeout; \
  using ::nestcpp::client_options::idempotent;      \
  using ::nestcpp::client_options::no_retry_budget; \
  using ::nestcpp::client_options::retry;           \
  using ::nestcpp::client_options::retry_budget;    \
  using ::nestcpp::client_options::timeout;

#define NESTCPP_DETAIL_CHECK_POLICY(method)                                                                          \
  static_assert(!nest_policy_.is_of_client(),                                                                        \
                "nestcpp: " #method ": a retry budget is shared by all calls of a client; write it in NEST_CLIENT"); \
  static_assert(!nest_policy_.hedging || nest_policy_.idempotent,                                                    \
                "nestcpp: " #method ": hedging sends a request more than once; add idempotent()");

// One decorator: the next index, and the description under that index. The body is a complete-class context, so that
// the method may be declared below.
#define NESTCPP_DETAIL_ROUTE(...)                                                                                \
  static ::nestcpp::detail::index<decltype(nest_index_(::nestcpp::detail::last_rank{}))::value + 1> nest_index_( \
      ::nestcpp::detail::rank<decltype(nest_index_(::nestcpp::detail::last_rank{}))::value + 1>);                \
  static constexpr auto nest_route_(                                                                             \
      ::nestcpp::detail::index<decltype(nest_index_(::nestcpp::detail::last_rank{}))::value>)                    \
      __VA_ARGS__ static_assert(true)

// A generic lambda, so that a name that is none is an answer and no error of its own.
#define NESTCPP_DETAIL_CHECK_METHOD(method)                                                                      \
  constexpr bool nest_method_found_ = [](auto nest_tag_) {                                                       \
    return requires { ::nestcpp::detail::one_method(&decltype(nest_tag_)::type::method); };                      \
  }(::nestcpp::tag<nest_self>{});                                                                                \
  static_assert(nest_method_found_, "nestcpp: " #method                                                          \
                                    ": the class has no method of this name, or several; a decorator names one " \
                                    "method, so give each overload a name of its own");                          \
  static_assert(::nestcpp::detail::is_handler_method<&nest_self::method>(),                                      \
                "nestcpp: " #method                                                                              \
                ": a handler is a member function, not static, without & or volatile behind its "                \
                "parameters");

#define NESTCPP_DETAIL_HTTP_ROUTE(verb, method, path, ...)                                                           \
  NESTCPP_DETAIL_ROUTE({                                                                                             \
    NESTCPP_DETAIL_ENHANCER_NAMES                                                                                    \
    using ::nestcpp::http_code;                                                                                      \
    using ::nestcpp::response_header;                                                                                \
    using ::nestcpp::redirect;                                                                                       \
    using ::nestcpp::body_limit;                                                                                     \
    using ::nestcpp::api_bearer_auth;                                                                                \
    using ::nestcpp::api_exclude_endpoint;                                                                           \
    using ::nestcpp::api_operation;                                                                                  \
    using ::nestcpp::api_response;                                                                                   \
    NESTCPP_DETAIL_CHECK_METHOD(method)                                                                              \
    static_assert(::nestcpp::detail::http_parameters_fit<&nest_self::method>(),                                      \
                  "nestcpp: " #method                                                                                \
                  ": parameters are path<>, query<>, header<>, payload<>, contexts (by reference), types with a "    \
                  "parameter_extractor and at most one body, by value or const&");                                   \
    static_assert(::nestcpp::detail::path_parameters_exist<&nest_self::method>(nest_controller_().prefix, path),     \
                  "nestcpp: " #method ": a path<> parameter has no :placeholder in " path);                          \
    static_assert(::nestcpp::detail::are_http_options(__VA_ARGS__),                                                  \
                  "nestcpp: " #method                                                                                \
                  ": options of a route are use_guards<…>(), use_interceptors<…>(), "                                \
                  "use_pipes<…>(), use_filters<…>(), set_metadata(…), http_code(…), response_header(…, …), "         \
                  "redirect(…), body_limit(…)");                                                                     \
    static_assert(::nestcpp::detail::are_valid_options(__VA_ARGS__),                                                 \
                  "nestcpp: " #method                                                                                \
                  ": http_code(…) takes a status from 200 to 599; response_header(name, value) "                     \
                  "a name of letters, digits and dashes and a value without control characters; redirect(url, "      \
                  "status) a URL and a status from 300 to 399; body_limit(…) at least one byte");                    \
    return ::nestcpp::make_http_route<&nest_self::method, ::nestcpp::http_method::verb, path>(#method __VA_OPT__(, ) \
                                                                                                  __VA_ARGS__);      \
  })

#define NESTCPP_DETAIL_CHECK_CONTRACT(method, name)                                                             \
  NESTCPP_DETAIL_CHECK_METHOD(method)                                                                           \
  static_assert(::nestcpp::contract<name>, "nestcpp: " #method ": " #name " is no contract; write using " #name \
                                           " = nest::message<\"pattern\", Request, Reply>, or nest::event");

#define NESTCPP_DETAIL_CHECK_MESSAGE(method, contract, ...)                                                          \
  NESTCPP_DETAIL_ENHANCER_NAMES                                                                                      \
  static_assert(::nestcpp::detail::message_parameters_fit<&nest_self::method>(),                                     \
                "nestcpp: " #method                                                                                  \
                ": parameters of a message handler are payload<>, contexts (by reference), types with a "            \
                "parameter_extractor and at most one payload, by value or const&; path<>, query<> and header<> are " \
                "HTTP's");                                                                                           \
  static_assert(::nestcpp::detail::request_matches<&nest_self::method, contract>(),                                  \
                "nestcpp: " #method ": the payload parameter is not the request of " #contract);                     \
  static_assert(::nestcpp::detail::are_enhancer_options(__VA_ARGS__),                                                \
                "nestcpp: " #method                                                                                  \
                ": options of a message handler are use_guards<…>(), use_interceptors<…>(), "                        \
                "use_pipes<…>(), use_filters<…>(), set_metadata(…)");

// Calls Macro(argument) for each argument, with commas between.
#define NESTCPP_DETAIL_PARENS ()
#define NESTCPP_DETAIL_EXPAND(...) \
  NESTCPP_DETAIL_EXPAND4(NESTCPP_DETAIL_EXPAND4(NESTCPP_DETAIL_EXPAND4(NESTCPP_DETAIL_EXPAND4(__VA_ARGS__))))
#define NESTCPP_DETAIL_EXPAND4(...) \
  NESTCPP_DETAIL_EXPAND3(NESTCPP_DETAIL_EXPAND3(NESTCPP_DETAIL_EXPAND3(NESTCPP_DETAIL_EXPAND3(__VA_ARGS__))))
#define NESTCPP_DETAIL_EXPAND3(...) \
  NESTCPP_DETAIL_EXPAND2(NESTCPP_DETAIL_EXPAND2(NESTCPP_DETAIL_EXPAND2(NESTCPP_DETAIL_EXPAND2(__VA_ARGS__))))
#define NESTCPP_DETAIL_EXPAND2(...) \
  NESTCPP_DETAIL_EXPAND1(NESTCPP_DETAIL_EXPAND1(NESTCPP_DETAIL_EXPAND1(NESTCPP_DETAIL_EXPAND1(__VA_ARGS__))))
#define NESTCPP_DETAIL_EXPAND1(...) __VA_ARGS__
#define NESTCPP_DETAIL_FOR_EACH(Macro, ...) \
  __VA_OPT__(NESTCPP_DETAIL_EXPAND(NESTCPP_DETAIL_FOR_EACH_STEP(Macro, __VA_ARGS__)))
#define NESTCPP_DETAIL_FOR_EACH_STEP(Macro, First, ...) \
  Macro(First) __VA_OPT__(, NESTCPP_DETAIL_FOR_EACH_AGAIN NESTCPP_DETAIL_PARENS(Macro, __VA_ARGS__))
#define NESTCPP_DETAIL_FOR_EACH_AGAIN() NESTCPP_DETAIL_FOR_EACH_STEP

#define NESTCPP_DETAIL_ENUM(Name) \
  ::nestcpp::enum_entry<nest_self> { nest_self::Name, #Name }
#define NESTCPP_DETAIL_ENUM_AS(Pair) NESTCPP_DETAIL_ENUM_PAIR Pair
#define NESTCPP_DETAIL_ENUM_PAIR(Name, Text) ::nestcpp::make_enum_entry<nest_self>(nest_self::Name, Text)
