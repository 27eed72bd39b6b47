#include "http/compression.hpp"

#include "http/text_source.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace nestcpp::detail {

namespace {

template <class Visit>
void for_each_item(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(item.size() + 1, list.size()));
    visit(trim_blanks(item));
  }
}

// "gzip;q=0.5" → 0.5
double quality_of(std::string_view item) noexcept {
  const auto q = item.find("q=");
  if (q == std::string_view::npos || item.find(';') > q) return 1;
  double value = 0;
  const auto text = item.substr(q + 2);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? value : 0;
}

class compressed_source final : public http_body_source {
 public:
  compressed_source(std::shared_ptr<http_body_source> from, content_coding coding, int level)
      : http_body_source{from->loop()}, from_{std::move(from)}, encoder_{coding, level} {}

  [[nodiscard]] task<bool> next(std::string& to) override {
    if (ended_) co_return false;
    std::string piece;
    const bool more = co_await from_->next(piece);
    ended_ = !more;
    if (more) {
      encoder_.feed(piece, to);
    } else {
      encoder_.finish({}, to);
    }
    co_return true;
  }
  void abandon() noexcept override {
    if (!ended_) from_->abandon();
  }

 private:
  std::shared_ptr<http_body_source> from_;
  content_encoder encoder_;
  bool ended_ = false;
};

}  // namespace

// Of those that a caller likes equally, the first here.
#ifdef NESTCPP_HAVE_BROTLI
constexpr std::array codings{content_coding::brotli, content_coding::gzip, content_coding::deflate};
#else
constexpr std::array codings{content_coding::gzip, content_coding::deflate};
#endif

content_coding negotiate_coding(std::string_view accepted) noexcept {
  content_coding best = content_coding::none;
  double best_quality = 0;
  for (const content_coding coding : codings) {
    double quality = -1;
    double any = 0;
    for_each_item(accepted, [&](std::string_view item) {
      const std::string_view name = trim_blanks(item.substr(0, item.find(';')));
      if (equals_ignoring_case(name, name_of(coding))) quality = quality_of(item);
      if (name == "*") any = quality_of(item);
    });
    if (quality < 0) quality = any;
    if (quality <= best_quality) continue;
    best = coding;
    best_quality = quality;
  }
  return best;
}

bool is_compressible(std::string_view content_type) noexcept {
  const std::string_view type = trim_blanks(content_type.substr(0, content_type.find(';')));
  constexpr std::string_view text = "text/";
  if (equals_ignoring_case(type.substr(0, text.size()), text)) return !equals_ignoring_case(type, "text/event-stream");
  for (const std::string_view end : {"+json", "+text", "+xml", "/json", "/javascript", "/xml"}) {
    if (type.size() > end.size() && equals_ignoring_case(type.substr(type.size() - end.size()), end)) return true;
  }
  return equals_ignoring_case(type, "application/x-www-form-urlencoded") ||
         equals_ignoring_case(type, "application/wasm") || equals_ignoring_case(type, "application/octet-stream") ||
         equals_ignoring_case(type, "image/bmp") || equals_ignoring_case(type, "font/ttf") ||
         equals_ignoring_case(type, "font/otf");
}

void vary_by(http_headers& headers, std::string_view name) {
  const std::string former{headers.get("Vary").value_or("")};
  bool there = false;
  for_each_item(former,
                [&](std::string_view item) { there = there || item == "*" || equals_ignoring_case(item, name); });
  if (!there) headers.set("Vary", former.empty() ? std::string{name} : former + ", " + std::string{name});
}

void compress(http_response& response, const http_request& request, const compression_options& options,
              event_loop& loop) {
  if (!response.source && response.body.empty()) return;
  if (!is_compressible(response.headers.get("Content-Type").value_or(""))) return;
  bool transformable = true;
  for_each_item(response.headers.get("Cache-Control").value_or(""),
                [&](std::string_view item) { transformable = transformable && item != "no-transform"; });
  if (!transformable) return;
  vary_by(response.headers, "Accept-Encoding");
  const std::optional<std::uint64_t> size = response.source ? response.source->size() : response.body.size();
  if (size.value_or(options.threshold) < options.threshold) return;
  if (response.headers.contains("Content-Encoding") || response.headers.contains("Content-Range") ||
      request.method() == http_method::head) {
    return;
  }
  const content_coding coding = negotiate_coding(request.headers.get("Accept-Encoding").value_or(""));
  if (coding == content_coding::none) return;
  response.headers.set("Content-Encoding", std::string{name_of(coding)});
  if (!response.source && response.body.size() <= text_source::piece_size) {
    std::string small;
    content_encoder{coding, options.level}.finish(response.body, small);
    response.body = std::move(small);
    return;
  }
  auto source = response.source ? std::move(response.source)
                                : std::make_shared<text_source>(loop, std::exchange(response.body, {}));
  response.source = std::make_shared<compressed_source>(std::move(source), coding, options.level);
}

}  // namespace nestcpp::detail
