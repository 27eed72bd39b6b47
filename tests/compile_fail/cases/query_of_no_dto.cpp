// expected: query_of<Dto>: the whole query string is read into a DTO
#include <nestcpp/nestcpp.hpp>

namespace query_of_no_dto {

#ifdef FIXED
struct Page {
  int number = 1;
};
NEST_DTO(Page, NEST_FIELD(number, is_optional(), is_int()));
#else
using Page = int;
#endif

class Books {
  NEST_CONTROLLER(Books, "/books");

 public:
  NEST_GET(list, "/");
  int list(nestcpp::query_of<Page>) { return 1; }
};
inline auto endpoint(Books& books, const nestcpp::handler_chain& chain) {
  return std::make_unique<nestcpp::method_endpoint<&Books::list>>(books, chain);
}

}  // namespace query_of_no_dto
