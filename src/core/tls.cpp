// The one file that knows OpenSSL. Asio's part of it is compiled here for every binary that uses nestcpp, as
// BOOST_ASIO_SEPARATE_COMPILATION asks for.
#include "core/tls.hpp"

#include "core/digest.hpp"

#include <nestcpp/core/clock.hpp>
#include <nestcpp/core/exceptions.hpp>
#include <nestcpp/core/log.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/asio/write.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

namespace nestcpp::detail {

namespace {

namespace ssl = boost::asio::ssl;

constexpr logger log{"Tls"};
constexpr std::chrono::seconds look_interval{1};

// Frees what OpenSSL hands out.
struct openssl_free {
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
  void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};
template <class T>
using openssl_ptr = std::unique_ptr<T, openssl_free>;

std::string openssl_problem() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "unknown error" : reason;
}

// "tls: cert (/etc/tls/cert.pem)"
std::string name_of(const char* option, const std::string& value) {
  return std::string{"tls: "} + option + (is_pem(value) ? std::string{} : " (" + value + ")");
}

std::string read_pem(const char* option, const std::string& value) {
  if (is_pem(value)) return value;
  errno = 0;
  std::ifstream file{value, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file.is_open() || file.bad()) {
    throw startup_error{name_of(option, value) + ": " + (errno != 0 ? std::strerror(errno) : "cannot be read")};
  }
  if (!is_pem(text)) throw startup_error{name_of(option, value) + ": is not PEM, there is no \"-----BEGIN\" in it"};
  return text;
}

openssl_ptr<BIO> memory_of(const std::string& pem) {
  return openssl_ptr<BIO>{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
}

// At least one. `take` answers false where OpenSSL refuses.
template <class Take>
void for_each_certificate(const char* option, const std::string& value, Take take) {
  const std::string pem = read_pem(option, value);
  const auto memory = memory_of(pem);
  std::size_t count = 0;
  while (const openssl_ptr<X509> each{PEM_read_bio_X509_AUX(memory.get(), nullptr, nullptr, nullptr)}) {
    if (X509_cmp_current_time(X509_get0_notAfter(each.get())) < 0) {
      log.warn("{}: certificate {} has expired", name_of(option, value), count + 1);
    }
    if (!take(each.get(), count++)) throw startup_error{name_of(option, value) + ": " + openssl_problem()};
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (count == 0 || !at_end) {
    throw startup_error{name_of(option, value) + ": certificate " + std::to_string(count + 1) +
                        " cannot be read: " + (at_end ? "there is no \"-----BEGIN CERTIFICATE\"" : openssl_problem())};
  }
  ERR_clear_error();
}

void use_certificate(SSL_CTX* context, const tls_options& options) {
  for_each_certificate("cert", options.cert, [context](X509* each, std::size_t index) {
    return (index == 0 ? SSL_CTX_use_certificate(context, each) : SSL_CTX_add1_chain_cert(context, each)) == 1;
  });
}

void use_authorities(SSL_CTX* context, const tls_options& options, tls_side side) {
  for_each_certificate("ca", options.ca, [context, side](X509* each, std::size_t) {
    // Servers also tell callers whose certificates they take.
    return X509_STORE_add_cert(SSL_CTX_get_cert_store(context), each) == 1 &&
           (side == tls_side::client || SSL_CTX_add_client_CA(context, each) == 1);
  });
}

// Without it OpenSSL would ask at the terminal.
int give_passphrase(char* to, int size, int, void* passphrase) {
  const auto& text = *static_cast<const std::string*>(passphrase);
  if (text.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(to, text.data(), text.size());
  return static_cast<int>(text.size());
}

void use_key(SSL_CTX* context, const tls_options& options) {
  const std::string pem = read_pem("key", options.key);
  const auto memory = memory_of(pem);
  auto passphrase = options.passphrase;
  EVP_PKEY* key = PEM_read_bio_PrivateKey(memory.get(), nullptr, give_passphrase, &passphrase);
  if (key == nullptr) {
    const bool encrypted = pem.find("ENCRYPTED") != std::string::npos;
    const std::string hint = !encrypted                   ? ""
                             : options.passphrase.empty() ? " (the key is encrypted, and there is no passphrase)"
                                                          : " (is the passphrase right?)";
    throw startup_error{name_of("key", options.key) + ": cannot be read: " + openssl_problem() + hint};
  }
  const bool used = SSL_CTX_use_PrivateKey(context, key) == 1;
  EVP_PKEY_free(key);
  if (!used || SSL_CTX_check_private_key(context) != 1) {
    ERR_clear_error();
    throw startup_error{name_of("key", options.key) + ": does not belong to the certificate of " +
                        name_of("cert", options.cert).substr(5)};
  }
}

int accept_all(int, X509_STORE_CTX*) { return 1; }

void set_verification(SSL_CTX* context, const tls_options& options, tls_side side) {
  int mode = SSL_VERIFY_NONE;
  if (side == tls_side::client ? options.reject_unauthorized : options.request_cert) mode = SSL_VERIFY_PEER;
  if (side == tls_side::server && mode == SSL_VERIFY_PEER && options.reject_unauthorized) {
    mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  }
  SSL_CTX_set_verify(context, mode, options.reject_unauthorized ? nullptr : accept_all);
}

std::shared_ptr<ssl::context> load(const tls_options& options, tls_side side) {
  ERR_clear_error();
  auto made =
      std::make_shared<ssl::context>(side == tls_side::server ? ssl::context::tls_server : ssl::context::tls_client);
  SSL_CTX* const context = made->native_handle();
  SSL_CTX_set_min_proto_version(context, options.min_version == tls_version::v1_3 ? TLS1_3_VERSION : TLS1_2_VERSION);
  // Compression leaks; a peer that renegotiates over and over costs us far more than itself.
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // An idle connection holds no record buffers.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  if (!options.ciphers.empty() && SSL_CTX_set_cipher_list(context, options.ciphers.c_str()) != 1) {
    throw startup_error{"tls: ciphers \"" + options.ciphers + "\": " + openssl_problem()};
  }
  if (!options.cert.empty()) {
    use_certificate(context, options);
    use_key(context, options);
  }
  if (!options.ca.empty()) {
    use_authorities(context, options, side);
  } else if (side == tls_side::client) {
    SSL_CTX_set_default_verify_paths(context);
  }
  set_verification(context, options, side);
  if (side == tls_side::server) {
    // A caller with a certificate may resume its session with us, and with nobody else.
    static constexpr unsigned char id[] = "nestcpp";
    SSL_CTX_set_session_id_context(context, id, sizeof id - 1);
  }
  return made;
}

void check(const tls_options& options, tls_side side) {
  if (side == tls_side::server && options.cert.empty()) {
    throw startup_error{"tls: cert is missing: a server needs a certificate and its key"};
  }
  if (options.cert.empty() != options.key.empty()) {
    throw startup_error{options.key.empty() ? "tls: key is missing: cert is given without its private key"
                                            : "tls: cert is missing: key is given without its certificate"};
  }
  if (side == tls_side::server && options.request_cert && options.reject_unauthorized && options.ca.empty()) {
    throw startup_error{"tls: ca is missing: request_cert needs the authorities whose certificates are accepted"};
  }
}

}  // namespace

bool is_pem(std::string_view text) noexcept { return text.find("-----BEGIN") != std::string_view::npos; }

tls_context::tls_context(tls_options options, tls_side side)
    : options_{std::move(options)}, side_{side}, looked_at_{clock::now()} {
  check(options_, side_);
  stamps_ = stamps();  // before the files are read, so that a change meanwhile is seen
  context_ = load(options_, side_);
}

tls_context::~tls_context() = default;

std::vector<tls_context::file_stamp> tls_context::stamps() const {
  std::vector<file_stamp> found;
  for (const std::string* each : {&options_.cert, &options_.key, &options_.ca}) {
    struct stat info{};
    if (each->empty() || is_pem(*each)) continue;
    if (::stat(each->c_str(), &info) != 0) info = {};
    found.push_back({info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_size, info.st_ino});
  }
  return found;
}

std::shared_ptr<ssl::context> tls_context::current() {
  const std::lock_guard lock{mutex_};
  const auto now = clock::now();
  if (now - looked_at_ < look_interval) return context_;
  looked_at_ = now;
  auto found = stamps();
  if (found == stamps_) return context_;
  stamps_ = std::move(found);
  try {
    context_ = load(options_, side_);
    log.info("read the certificates again: {}", name_of("cert", options_.cert).substr(5));
  } catch (const startup_error& error) {
    log.error("{}; the former certificates stay in use", error.what());
  }
  return context_;
}

struct tls_layer::impl {
  impl(socket_type socket, tls_context& from)
      : context{from.current()},
        stream{std::move(socket), *context},
        role{from.side() == tls_side::server ? ssl::stream_base::server : ssl::stream_base::client} {}

  std::shared_ptr<ssl::context> context;  // its callbacks are the stream's
  ssl::stream<socket_type> stream;
  ssl::stream_base::handshake_type role;
};

tls_layer::tls_layer(socket_type socket, tls_context& context, const std::string& server_name)
    : impl_{std::make_unique<impl>(std::move(socket), context)} {
  if (context.side() != tls_side::client) return;
  SSL* const session = impl_->stream.native_handle();
  boost::system::error_code no_address;
  auto address = boost::asio::ip::make_address(server_name, no_address);
  int set = 0;  // 0: no name would be verified, and every certificate of the authority would do
  if (no_address) {
    if (!server_name.empty()) set = SSL_set1_host(session, server_name.c_str());
    SSL_set_tlsext_host_name(session, server_name.c_str());
  } else {
    if (address.is_v6()) {  // no certificate names an interface
      auto plain = address.to_v6();
      plain.scope_id(0);
      address = plain;
    }
    set = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), address.to_string().c_str());
  }
  if (set == 0 && (SSL_get_verify_mode(session) & SSL_VERIFY_PEER) != 0) {
    throw std::invalid_argument{"TLS: \"" + server_name +
                                "\" is no name that a certificate could prove; state server_name"};
  }
}

tls_layer::~tls_layer() = default;

tls_layer::socket_type& tls_layer::socket() noexcept { return impl_->stream.next_layer(); }

void tls_layer::async_handshake(step_handler handler) {
  impl_->stream.async_handshake(impl_->role, std::move(handler));
}

void tls_layer::async_read_some(boost::asio::mutable_buffer to, transfer_handler handler) {
  impl_->stream.async_read_some(to, std::move(handler));
}

void tls_layer::async_write(boost::asio::const_buffer from, transfer_handler handler) {
  boost::asio::async_write(impl_->stream, from, std::move(handler));
}

void tls_layer::async_shutdown(step_handler handler) { impl_->stream.async_shutdown(std::move(handler)); }

std::string tls_layer::explain(boost::system::error_code error) const {
  std::string text = error.message();
  if (error.category() != boost::asio::error::get_ssl_category()) return text;
  const long verdict = SSL_get_verify_result(impl_->stream.native_handle());
  if (verdict != X509_V_OK) text.append(": ").append(X509_verify_cert_error_string(verdict));
  return text;
}

std::array<std::uint8_t, 20> sha1(std::string_view text) noexcept {
  // SHA1() would look for its implementation each time, which takes longer than a short text.
  struct free_context {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  };
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, free_context> context{EVP_MD_CTX_new()};
  std::array<std::uint8_t, 20> digest{};
  if (algorithm == nullptr || context == nullptr || EVP_DigestInit_ex(context.get(), algorithm, nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), text.data(), text.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  }
  return digest;
}

}  // namespace nestcpp::detail
