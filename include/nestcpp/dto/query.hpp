#pragma once
/// @file nestcpp/dto/query.hpp
/// @brief Query strings and path parameters read into a DTO.

#include <nestcpp/dto/detail/judge.hpp>
#include <nestcpp/dto/json.hpp>
#include <nestcpp/dto/validation.hpp>

#include <boost/json/value.hpp>

#include <string>
#include <utility>
#include <vector>

namespace nestcpp {

/// Names and values, decoded, in the order sent.
using query_pairs = std::vector<std::pair<std::string, std::string>>;

namespace detail {
// `a=1` a text, repeated or `a[]=1` an array, `a[0]=1` an array's item, `a[b]=1` an object's member; at most five
// levels, and twenty for an index. A name whose brackets make no sense is a name; a value that does not go with one
// before it is dropped.
[[nodiscard]] boost::json::value query_document(const query_pairs& pairs);
}  // namespace detail

/// Reads a query into a DTO: all values are texts and are converted to the members' types as `convert()` does it, and a
/// single value stands for an array of one. Rules, messages and options are those of a body.
///
/// `page=2&tags=a&tags=b`, `tags[]=a`, `filter[name]=x` and `items[0][id]=1` are understood.
/// @return what was wrong; after a failure `out` holds anything
template <dto T>
read_result read_query(const query_pairs& pairs, T& out,
                       const validation_options& options = default_validation_options) {
  return detail::judge_document(detail::query_document(pairs), out, options, detail::conversion::query);
}

/// The same into a new object.
/// @throws validation_exception, what `exception_factory` makes of the errors
template <dto T>
[[nodiscard]] T from_query(const query_pairs& pairs, const validation_options& options = default_validation_options) {
  T out{};
  read_query(pairs, out, options).throw_if_failed();
  return out;
}

}  // namespace nestcpp
