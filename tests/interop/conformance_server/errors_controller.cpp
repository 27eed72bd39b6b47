#include "errors_controller.hpp"

#include "object_text.hpp"

namespace conformance {

namespace json = boost::json;

nest::task<json_text> ErrorsController::prom_rej() {
  throw nest::rpc_exception{"rej"};
  co_return json_text{};
}

json_text ErrorsController::rpc_obj() {
  throw nest::rpc_exception{json::object{{"code", 42}, {"message", "custom"}, {"extra", json::array{1}}}};
}
json_text ErrorsController::rpc_obj_nomsg() { throw nest::rpc_exception{json::object{{"code", 42}}}; }
json_text ErrorsController::rpc_arr() { throw nest::rpc_exception{json::array{"a", "b"}}; }
json_text ErrorsController::rpc_err() { throw nest::rpc_exception{json::object{}}; }

json_text ErrorsController::noparam(json_text data) {
  return object_text({{"n", json_text::of(1)}, {"a0", std::move(data)}});
}

}  // namespace conformance
