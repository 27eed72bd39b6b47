#include "http/content_coding.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <new>

#include <zlib.h>
#ifdef NESTCPP_HAVE_BROTLI
#include <brotli/decode.h>
#include <brotli/encode.h>
#endif

namespace nestcpp::detail {

namespace {

constexpr std::size_t piece_size = 16 * 1024;
constexpr int gzip_window = 15 + 16;
constexpr int zlib_window = 15;

Bytef* bytes(std::string_view text) noexcept {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // NOLINT: zlib does not write there
}

}  // namespace

content_coding parse_content_coding(std::string_view name) noexcept {
  if (name == "gzip" || name == "x-gzip") return content_coding::gzip;
  if (name == "deflate") return content_coding::deflate;
#ifdef NESTCPP_HAVE_BROTLI
  if (name == "br") return content_coding::brotli;
#endif
  return content_coding::none;
}

std::string_view name_of(content_coding coding) noexcept {
  switch (coding) {
    case content_coding::gzip: return "gzip";
    case content_coding::deflate: return "deflate";
    case content_coding::brotli: return "br";
    case content_coding::none: break;
  }
  return "identity";
}

struct content_decoder::impl {
  virtual ~impl() = default;
  virtual status feed(std::string_view input, std::string& out) = 0;

  // Takes what came out; false: it is too much.
  bool take(std::string_view piece, std::string& out) {
    if (piece.size() > left) return false;
    left -= piece.size();
    out += piece;
    return true;
  }
  std::size_t left = 0;
  bool complete = false;
};

namespace {

struct zlib_decoder final : content_decoder::impl {
  explicit zlib_decoder(int window) {
    if (inflateInit2(&zlib, window) != Z_OK) throw std::bad_alloc{};
  }
  ~zlib_decoder() override { inflateEnd(&zlib); }

  content_decoder::status feed(std::string_view input, std::string& out) override {
    std::array<char, piece_size> piece;
    while (!input.empty()) {
      if (complete) return content_decoder::status::corrupt;
      const std::size_t taken = std::min<std::size_t>(input.size(), std::numeric_limits<uInt>::max());
      zlib.next_in = bytes(input);
      zlib.avail_in = static_cast<uInt>(taken);
      do {
        zlib.next_out = reinterpret_cast<Bytef*>(piece.data());
        zlib.avail_out = piece.size();
        const int result = inflate(&zlib, Z_NO_FLUSH);
        if (!take({piece.data(), piece.size() - zlib.avail_out}, out)) return content_decoder::status::too_large;
        complete = result == Z_STREAM_END;
        if (complete || result == Z_BUF_ERROR) break;  // the latter: wants more input
        if (result != Z_OK) return content_decoder::status::corrupt;
      } while (zlib.avail_in > 0 || zlib.avail_out == 0);
      input.remove_prefix(taken - zlib.avail_in);
    }
    return content_decoder::status::ok;
  }

  z_stream zlib{};
};

#ifdef NESTCPP_HAVE_BROTLI
struct brotli_decoder final : content_decoder::impl {
  brotli_decoder() : state{BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)} {
    if (state == nullptr) throw std::bad_alloc{};
  }
  ~brotli_decoder() override { BrotliDecoderDestroyInstance(state); }

  content_decoder::status feed(std::string_view input, std::string& out) override {
    if (complete && !input.empty()) return content_decoder::status::corrupt;
    std::array<char, piece_size> piece;
    std::size_t size_in = input.size();
    const std::uint8_t* next_in = bytes(input);
    BrotliDecoderResult result{};
    do {
      std::size_t size_out = piece.size();
      auto* next_out = reinterpret_cast<std::uint8_t*>(piece.data());
      result = BrotliDecoderDecompressStream(state, &size_in, &next_in, &size_out, &next_out, nullptr);
      if (!take({piece.data(), piece.size() - size_out}, out)) return content_decoder::status::too_large;
      if (result == BROTLI_DECODER_RESULT_ERROR) return content_decoder::status::corrupt;
    } while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT);
    complete = result == BROTLI_DECODER_RESULT_SUCCESS;
    return complete && size_in > 0 ? content_decoder::status::corrupt : content_decoder::status::ok;
  }

  BrotliDecoderState* state;
};
#endif

}  // namespace

content_decoder::content_decoder(content_coding coding, std::size_t limit) {
#ifdef NESTCPP_HAVE_BROTLI
  if (coding == content_coding::brotli) impl_ = std::make_unique<brotli_decoder>();
#endif
  if (!impl_) impl_ = std::make_unique<zlib_decoder>(coding == content_coding::gzip ? gzip_window : zlib_window);
  impl_->left = limit;
}

content_decoder::~content_decoder() = default;
content_decoder::status content_decoder::feed(std::string_view input, std::string& out) {
  return impl_->feed(input, out);
}
bool content_decoder::is_complete() const noexcept { return impl_->complete; }

struct content_encoder::impl {
  virtual ~impl() = default;
  virtual void run(std::string_view input, std::string& out, bool last) = 0;
};

namespace {

struct zlib_encoder final : content_encoder::impl {
  zlib_encoder(int window, int level) {
    if (deflateInit2(&zlib, level, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc{};
  }
  ~zlib_encoder() override { deflateEnd(&zlib); }

  void run(std::string_view input, std::string& out, bool last) override {
    std::array<char, piece_size> piece;
    do {
      const std::size_t taken = std::min<std::size_t>(input.size(), std::numeric_limits<uInt>::max());
      zlib.next_in = bytes(input);
      zlib.avail_in = static_cast<uInt>(taken);
      input.remove_prefix(taken);
      do {
        zlib.next_out = reinterpret_cast<Bytef*>(piece.data());
        zlib.avail_out = piece.size();
        deflate(&zlib, !input.empty() ? Z_NO_FLUSH : last ? Z_FINISH : Z_SYNC_FLUSH);
        out.append(piece.data(), piece.size() - zlib.avail_out);
      } while (zlib.avail_out == 0);
    } while (!input.empty());
  }

  z_stream zlib{};
};

#ifdef NESTCPP_HAVE_BROTLI
struct brotli_encoder final : content_encoder::impl {
  brotli_encoder() : state{BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)} {
    if (state == nullptr) throw std::bad_alloc{};
    BrotliEncoderSetParameter(state, BROTLI_PARAM_QUALITY, 4);  // as the npm package compression
  }
  ~brotli_encoder() override { BrotliEncoderDestroyInstance(state); }

  void run(std::string_view input, std::string& out, bool last) override {
    std::array<char, piece_size> piece;
    std::size_t size_in = input.size();
    const std::uint8_t* next_in = bytes(input);
    do {
      std::size_t size_out = piece.size();
      auto* next_out = reinterpret_cast<std::uint8_t*>(piece.data());
      if (!BrotliEncoderCompressStream(state, last ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_FLUSH, &size_in,
                                       &next_in, &size_out, &next_out, nullptr)) {
        throw std::bad_alloc{};
      }
      out.append(piece.data(), piece.size() - size_out);
    } while (size_in > 0 || BrotliEncoderHasMoreOutput(state));
  }

  BrotliEncoderState* state;
};
#endif

}  // namespace

content_encoder::content_encoder(content_coding coding, int level) {
#ifdef NESTCPP_HAVE_BROTLI
  if (coding == content_coding::brotli) impl_ = std::make_unique<brotli_encoder>();
#endif
  if (!impl_) impl_ = std::make_unique<zlib_encoder>(coding == content_coding::gzip ? gzip_window : zlib_window, level);
}

content_encoder::~content_encoder() = default;

void content_encoder::feed(std::string_view input, std::string& out) {
  if (!input.empty()) impl_->run(input, out, false);
}

void content_encoder::finish(std::string_view input, std::string& out) { impl_->run(input, out, true); }

}  // namespace nestcpp::detail
