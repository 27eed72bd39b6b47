#pragma once
/// @file nestcpp/http/http_router.hpp
/// @brief From method and path to a route, without sockets.

#include <nestcpp/http/http_context.hpp>
#include <nestcpp/http/http_method.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nestcpp {

/// A tree of path segments. Matching follows Express: letters of either case are the same, one slash at the end is
/// ignored, `//` is no `/`, GET routes serve HEAD. A segment spelt out comes before a parameter, and that before a
/// wildcard, whatever the order of registration.
/// @par Thread safety `add` not safe; `match` safe once all routes are added.
class http_router {
 public:
  http_router();
  ~http_router();
  http_router(http_router&&) noexcept;
  http_router& operator=(http_router&&) noexcept;

  enum class outcome : std::uint8_t { found, not_found, undecodable };
  struct result {
    outcome what = outcome::not_found;
    std::size_t route = 0;
    /// `found`: the parameters' values, decoded, under the names of the route.
    route_parameters parameters;
    /// `undecodable`: the segment with bad percent-encoding, as sent.
    std::string_view segment;
  };

  /// @param pattern `/users/:id`; segments are texts or `:name` (letters, digits, `_`), slashes at the ends do not
  /// count. What stands in braces may be left out, `/users{/:id}`; `*name` at the end takes all that follows, one
  /// segment at least, `/files/*path`; in braces also none.
  /// @param route what `match` gives back
  /// @param handler names the route's handler in messages: `UsersController.find`
  /// @throws startup_error for a pattern of another form, a parameter named twice, or a method and path that another
  /// handler has
  void add(http_method method, std::string_view pattern, std::size_t route, std::string handler);

  /// @param path as sent, without the query
  /// @par Lifetime The result's names live as long as the router, its segment as long as `path`.
  [[nodiscard]] result match(http_method method, std::string_view path) const;

 private:
  struct node;
  std::unique_ptr<node> root_;
};

}  // namespace nestcpp
