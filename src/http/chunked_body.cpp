// The only file that includes Boost.Beast: of it the reading of chunked bodies is used.
#include "http/chunked_body.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

namespace nestcpp::detail {

namespace {
// What may come out beyond the limit before Beast has told of it.
constexpr std::size_t tolerance = 64 * 1024;
}  // namespace

// Beast calls back with the pieces of the body as they are found.
class chunked_body::parser final : public boost::beast::http::basic_parser<true> {
 public:
  explicit parser(std::size_t limit) {
    body_limit(boost::none);
    eager(true);
    boost::beast::error_code error;
    constexpr std::string_view head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    put(boost::asio::buffer(head), error);
    limit_ = limit;
  }

  // @return bytes used of `input`; `out` has what is in them
  std::size_t feed(std::string_view input, std::string& out, boost::beast::error_code& error) {
    out_ = &out;
    return put(boost::asio::buffer(input), error);
  }

 private:
  using view = boost::beast::string_view;
  using code = boost::beast::error_code;

  void on_request_impl(boost::beast::http::verb, view, view, int, code&) override {}
  void on_response_impl(int, view, int, code&) override {}
  void on_field_impl(boost::beast::http::field, view, view, code&) override {}
  void on_header_impl(code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, code&) override {}
  std::size_t on_body_impl(view text, code&) override { return text.size(); }
  void on_chunk_header_impl(std::uint64_t size, view, code& error) override {
    if (size > limit_) error = boost::beast::http::error::body_limit;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, view text, code& error) override {
    if (out_->size() + text.size() > limit_ + tolerance) error = boost::beast::http::error::body_limit;
    out_->append(text.data(), text.size());
    return text.size();
  }
  void on_finish_impl(code&) override {}

  std::string* out_ = nullptr;
  std::size_t limit_ = 0;
};

chunked_body::chunked_body(std::size_t limit) : parser_{std::make_unique<parser>(limit)} {}
chunked_body::~chunked_body() = default;

chunked_body::progress chunked_body::feed(std::string_view input, std::string& out) {
  boost::beast::error_code error;
  const std::size_t used = parser_->feed(input, out, error);
  namespace beast = boost::beast::http;
  if (error == beast::error::body_limit) return {used, status::too_large};
  if (error && error != beast::error::need_more) return {used, status::malformed};
  if (parser_->is_done()) return {used, status::done};
  return {used, error ? status::needs_more : status::goes_on};
}

}  // namespace nestcpp::detail
