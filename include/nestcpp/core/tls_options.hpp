#pragma once
/// @file nestcpp/core/tls_options.hpp
/// @brief TLS for HTTP and the TCP transport, with the names of NestJS's `tlsOptions` (which are Node's), in
/// snake_case.

#include <chrono>
#include <cstdint>
#include <string>

namespace nestcpp {

enum class tls_version : std::uint8_t { v1_2, v1_3 };

/// Certificates and keys are PEM: a text that holds "-----BEGIN" is the PEM itself, any other is the path of a file.
///
/// Files are read at start, and again once they have changed: each is looked at before a connection is made, at most
/// once a second. New connections have the new certificates, those that exist go on with theirs. What is put in place
/// does not fit together, or cannot be read: an error is logged, the former certificates stay until the files change
/// again.
/// @par Errors At start, a startup_error that names the option and the file and says what is wrong with it.
struct tls_options {
  /// This side's certificate, followed by those of intermediate authorities. Servers must have one; a client has one
  /// where the server asks for it (mutual TLS).
  std::string cert{};
  std::string key{};         ///< The private key of `cert`.
  std::string passphrase{};  ///< Of an encrypted `key`.
  /// The authorities whose certificates are accepted, one or many. Default: clients trust those of the system; servers
  /// must name some where `request_cert` is set.
  std::string ca{};
  /// Clients: the name that the server's certificate must have. Default: `tcp_client_options::host`.
  std::string server_name{};
  /// Servers: asks callers for a certificate. Default: false.
  bool request_cert = false;
  /// Clients: refuse a server without a certificate that is in order; servers with `request_cert`: refuse such callers.
  /// Default: true. Without it the connection is encrypted, but with whom is unknown.
  bool reject_unauthorized = true;
  tls_version min_version = tls_version::v1_2;  ///< Default: 1.2.
  std::string ciphers{};                        ///< OpenSSL's list for TLS 1.2. Default: OpenSSL's.
  /// Servers: time limit of a handshake, from the connection on; 0: none. Default: 10 s. (Clients: `connect_timeout`.)
  std::chrono::milliseconds handshake_timeout{10000};
};

}  // namespace nestcpp
