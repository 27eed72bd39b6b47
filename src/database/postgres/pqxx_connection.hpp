#pragma once
// A connection by libpqxx 6.4, 7 or 8, whose differences are here and nowhere else. The only file that includes
// pqxx and libpq.

#include <libpq-fe.h>
#include <pqxx/pqxx>

#include <string>

namespace nestcpp::detail {

/// libpqxx's connection with the libpq connection that is in it.
#if PQXX_VERSION_MAJOR < 7

class pqxx_connection {
 public:
  explicit pqxx_connection(const std::string& options) : connection_{options} {}
  [[nodiscard]] pqxx::connection_base& get() noexcept { return connection_; }
  [[nodiscard]] PGconn* raw() const noexcept { return connection_.policy.raw; }

 private:
  struct policy_holder {
    class direct final : public pqxx::connectionpolicy {
     public:
      using connectionpolicy::connectionpolicy;
      handle do_startconnect(handle before) override { return raw = normalconnect(before); }
      handle raw = nullptr;
    } policy;
  };
  struct tapped : policy_holder, pqxx::connection_base {
    explicit tapped(const std::string& options)
        : policy_holder{policy_holder::direct{options}}, connection_base{this->policy} {
      init();
      // 6 connects again by itself, in the middle of anything; here a lost connection stays lost until the pool
      // replaces it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
      inhibit_reactivation(true);
#pragma GCC diagnostic pop
    }
    ~tapped() { close(); }
  } connection_;
};

#else

class pqxx_connection {
 public:
  explicit pqxx_connection(const std::string& options)
      : raw_{pqxx::connection{options}.release_raw_connection()},
        connection_{pqxx::connection::seize_raw_connection(raw_)} {}
  [[nodiscard]] pqxx::connection& get() noexcept { return connection_; }
  [[nodiscard]] PGconn* raw() const noexcept { return raw_; }

 private:
  PGconn* raw_;
  pqxx::connection connection_;
};

#endif

}  // namespace nestcpp::detail
