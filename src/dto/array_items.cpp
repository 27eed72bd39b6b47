#include <nestcpp/dto/detail/document.hpp>
#include <nestcpp/dto/rules/array.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <limits>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace nestcpp::detail {
namespace {

// The items as a document; those of a typed array are read again from their text, which is known to be JSON.
template <class Use>
auto with_items(const rule_value& array, Use use) {
  if (array.document != nullptr) return use(array.document->get_array());
  boost::json::value read;
  const json_input in{array.text.data(), array.text.data() + array.text.size(), std::numeric_limits<unsigned>::max()};
  if (array.text.empty() || read_document(in.begin, in, read) == nullptr) return use(boost::json::array{});
  return use(read.get_array());
}

bool is_equal(const boost::json::value& item, const item_constant& constant) {
  const rule_value seen = see(item);
  switch (constant.kind) {
    case item_constant::type::text: return seen.is_string() && seen.text == constant.text;
    case item_constant::type::number: return seen.is_number() && seen.number == constant.number;
    case item_constant::type::boolean: return seen.kind == json_kind::boolean && seen.boolean == constant.boolean;
  }
  return false;
}

}  // namespace

bool has_unique_items(const rule_value& array, std::string_view property) {
  return with_items(array, [property](const boost::json::array& items) {
    std::unordered_set<std::string_view> texts;
    std::unordered_set<double> numbers;  // 0 and -0 are equal, here as in JavaScript
    bool missing = false, null = false, yes = false, no = false;
    for (const auto& item : items) {
      rule_value seen = see(item);
      if (!property.empty() && seen.kind != json_kind::null) {
        const boost::json::object* object = item.if_object();
        const boost::json::value* found = object == nullptr ? nullptr : object->if_contains(property);
        seen = found == nullptr ? rule_value{} : see(*found);
      }
      bool fresh = true;
      switch (seen.kind) {
        case json_kind::string: fresh = texts.insert(seen.text).second; break;
        case json_kind::number: fresh = numbers.insert(seen.number).second; break;
        case json_kind::boolean: fresh = !std::exchange(seen.boolean ? yes : no, true); break;
        case json_kind::null: fresh = !std::exchange(null, true); break;
        case json_kind::undefined: fresh = !std::exchange(missing, true); break;
        default: break;
      }
      if (!fresh) return false;
    }
    return true;
  });
}

std::size_t count_present(const rule_value& array, const item_constant* constants, std::size_t count) {
  return with_items(array, [constants, count](const boost::json::array& items) {
    std::size_t present = 0;
    for (std::size_t i = 0; i < count; ++i) {
      for (const auto& item : items) {
        if (is_equal(item, constants[i])) {
          ++present;
          break;
        }
      }
    }
    return present;
  });
}

}  // namespace nestcpp::detail
