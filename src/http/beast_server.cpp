// The adapter on Boost.Beast: bodies are read on the loops.

#include "http/answers.hpp"
#include "http/body_reader.hpp"
#include "http/chunked_body.hpp"
#include "http/loop_server.hpp"

#include <nestcpp/http/http_server.hpp>

#include <algorithm>
#include <utility>

namespace nestcpp {

namespace {

class beast_body_reader final : public detail::body_reader {
 public:
  explicit beast_body_reader(const detail::body_form& form) : left_{form.content_length.value_or(0)}, decoder_{form} {
    if (!form.content_length) chunks_.emplace(form.limit);
  }

  progress feed(std::string_view input, std::string& body) override {
    if (input.empty()) return {0, status::needs_more};
    if (chunks_) return feed_chunks(input, body);
    input = input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), left_)));
    left_ -= input.size();
    if (auto failure = decoder_.take(input, body)) return {input.size(), status::failed, std::move(failure)};
    return left_ == 0 ? end(input.size()) : progress{input.size(), status::needs_more};
  }

 private:
  progress feed_chunks(std::string_view input, std::string& body) {
    using chunk_status = detail::chunked_body::status;
    std::string found;
    const auto [used, what] = chunks_->feed(input, found);
    if (what == chunk_status::too_large) return {used, status::failed, request_entity_too_large()};
    if (what == chunk_status::malformed) return {used, status::failed, detail::refusal(400)};
    if (auto failure = decoder_.take(found, body)) return {used, status::failed, std::move(failure)};
    if (what == chunk_status::done) return end(used);
    return {used, used > 0 && what == chunk_status::goes_on ? status::goes_on : status::needs_more};
  }

  progress end(std::size_t used) const {
    auto failure = decoder_.finish();
    return {used, failure ? status::failed : status::done, std::move(failure)};
  }

  std::uint64_t left_;
  std::optional<detail::chunked_body> chunks_;
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
