// expected: must be initialized by a constant expression|<throw-expression>’ is not a constant expression
#include <nestcpp/nestcpp.hpp>

namespace rule_expression_with_mistake {

struct Article {
  std::string sku;
};
#ifdef FIXED
NEST_DTO(Article, NEST_FIELD(sku, matches("^([a-z]+)$")));
#else
NEST_DTO(Article, NEST_FIELD(sku, matches("^([a-z]+$")));
#endif
inline Article read() { return nestcpp::from_json<Article>("{}"); }

}  // namespace rule_expression_with_mistake
