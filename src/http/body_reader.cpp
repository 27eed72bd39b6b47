#include "http/body_reader.hpp"

#include "http/answers.hpp"

#include <nestcpp/http/http_dispatcher.hpp>

namespace nestcpp::detail {

body_decoder::body_decoder(const body_form& form) : limit_{form.limit} {
  if (form.coding != content_coding::none) decoder_.emplace(form.coding, form.limit);
}

std::exception_ptr body_decoder::take(std::string_view piece, std::string& body) {
  if (!decoder_) {
    if (piece.size() > limit_ - body.size()) return request_entity_too_large();
    body += piece;
    return nullptr;
  }
  switch (decoder_->feed(piece, body)) {
    case content_decoder::status::ok: return nullptr;
    case content_decoder::status::too_large: return request_entity_too_large();
    case content_decoder::status::corrupt: break;
  }
  return bad_compression();
}

std::exception_ptr body_decoder::finish() const {
  return decoder_ && !decoder_->is_complete() ? bad_compression() : nullptr;
}

}  // namespace nestcpp::detail
