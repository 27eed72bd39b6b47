#include "user_service/data/password_hasher.hpp"

#include <nestcpp/pipeline/execution_context.hpp>

#include <sodium.h>

#include <stdexcept>
#include <utility>

namespace users {

namespace {

std::string argon2id(const std::string& password, const PasswordHashing& settings) {
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str(hash.data(), password.data(), password.size(), settings.ops, settings.kib * 1024) != 0) {
    throw std::runtime_error{"no memory to hash a password"};
  }
  hash.resize(hash.find('\0'));
  return hash;
}

nest::deadline patience() {
  const auto* call = nest::execution_context::current();
  return call == nullptr ? nest::deadline::never() : call->get_deadline();
}

}  // namespace

PasswordHasher::PasswordHasher(nest::runtime& loops, const PasswordHashing& settings)
    : settings_{settings}, turns_{settings.concurrency}, pool_{loops.pool("password-hash", settings.concurrency)} {
  if (sodium_init() < 0) throw std::runtime_error{"libsodium cannot be used on this system"};
}

nest::task<std::string> PasswordHasher::hash(std::string password) {
  const auto turn = co_await turns_.acquire(patience());
  co_return co_await pool_.run([this, password = std::move(password)] { return argon2id(password, settings_); });
}

}  // namespace users
