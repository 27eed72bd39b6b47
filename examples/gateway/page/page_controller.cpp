#include "gateway/page/page_controller.hpp"

#include <string>

namespace gateway {

nest::http_response PageController::file(std::string_view text, const char* type) {
  nest::http_response answer;
  answer.headers.set("Content-Type", type);
  answer.headers.set("Cache-Control", "no-cache");  // but not sent again to whom it has: it carries an ETag
  answer.headers.set("Content-Security-Policy",
                     "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
                     "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
  answer.headers.set("X-Content-Type-Options", "nosniff");
  answer.headers.set("Referrer-Policy", "no-referrer");
  answer.body = text;
  return answer;
}

}  // namespace gateway
