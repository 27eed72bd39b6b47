// expected: nestcpp: NEST_SSE: the handler returns nest::stream<T>
#include <nestcpp/nestcpp.hpp>

namespace sse_without_a_stream {

class Ticks {
  NEST_CONTROLLER(Ticks, "/ticks");

 public:
  NEST_SSE(all, "/");
#ifdef FIXED
  nestcpp::stream<int> all() { co_yield 1; }
#else
  int all() { return 1; }
#endif
};

}  // namespace sse_without_a_stream
