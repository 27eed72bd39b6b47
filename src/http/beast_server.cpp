// The adapter on Boost.Beast: bodies are read piece by piece, as they come.

#include "http/answers.hpp"
#include "http/body_reader.hpp"
#include "http/chunked_body.hpp"
#include "http/loop_server.hpp"

#include <nestcpp/http/http_server.hpp>

#include <utility>

namespace nestcpp {

namespace {

class beast_body_reader final : public detail::body_reader {
 public:
  explicit beast_body_reader(const detail::body_form& form) : decoder_{form} {
    if (!form.content_length) chunks_.emplace(form.limit);
  }

  std::exception_ptr take(std::string_view wire, std::string& body) override {
    return chunks_ ? take_chunks(wire, body) : decoder_.take(wire, body);
  }

  end finish(std::string& body) override {
    std::exception_ptr failure;
    if (chunks_) failure = take_chunks("\r\n", body);
    if (chunks_ && !failure && !is_whole_) failure = detail::refusal(400);
    if (!failure) failure = decoder_.finish();
    return {failure ? status::failed : status::done, std::move(failure)};
  }

 private:
  std::exception_ptr take_chunks(std::string_view wire, std::string& body) {
    using chunk_status = detail::chunked_body::status;
    if (wire.empty()) return nullptr;  // Beast must not see the same bytes again
    held_ += wire;
    while (!held_.empty()) {
      std::string found;
      const auto [used, what] = chunks_->feed(held_, found);
      held_.erase(0, used);
      if (what == chunk_status::too_large) return request_entity_too_large();
      if (what == chunk_status::malformed) return detail::refusal(400);
      if (auto failure = decoder_.take(found, body)) return failure;
      is_whole_ = what == chunk_status::done;
      if (used == 0 || what != chunk_status::goes_on) break;
    }
    return nullptr;
  }

  std::optional<detail::chunked_body> chunks_;
  std::string held_;  // a line that has not come whole
  bool is_whole_ = false;
  detail::body_decoder decoder_;
};

class beast_body_readers final : public detail::body_readers {
 public:
  std::unique_ptr<detail::body_reader> make(const detail::body_form& form, detail::body_waiter&) override {
    return std::make_unique<beast_body_reader>(form);
  }
};

}  // namespace

std::unique_ptr<http_server> make_beast_server(http_dispatcher& dispatcher, runtime& loops,
                                               http_server_options options) {
  return detail::make_loop_server(dispatcher, loops, std::move(options), std::make_unique<beast_body_readers>());
}

}  // namespace nestcpp
