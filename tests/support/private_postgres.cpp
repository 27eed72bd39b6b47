#include "support/private_postgres.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace support {

std::string postgres_address::connection_text() const {
  return "host=" + host + " port=" + port + " user=" + user + " password='" + password + "' dbname=" + database +
         " connect_timeout=10";
}

postgres_address postgres_address::parse(const std::string& text) {
  postgres_address address;
  std::istringstream words{text};
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) throw std::runtime_error{"NESTCPP_TEST_PG: name=value is accepted, not " + word};
    const std::string name = word.substr(0, equals), value = word.substr(equals + 1);
    if (name == "host") address.host = value;
    if (name == "port") address.port = value;
    if (name == "user") address.user = value;
    if (name == "password") address.password = value;
    if (name == "dbname") address.database = value;
  }
  return address;
}

std::optional<postgres_address> given_postgres() {
  const char* const text = std::getenv("NESTCPP_TEST_PG");
  if (text == nullptr || *text == '\0') return std::nullopt;
  return postgres_address::parse(text);
}

private_postgres::private_postgres() {
  std::array<int, 2> in{}, out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
    throw std::system_error{errno, std::generic_category(), "pipe2"};
  }
  descriptor read_orders{in[0]}, answers{out[1]};
  to_keeper_ = descriptor{in[1]};
  from_keeper_ = descriptor{out[0]};

  const std::string script = std::string{NESTCPP_SOURCE_DIR} + "/tests/support/private_postgres.sh";
  keeper_ = ::fork();
  if (keeper_ < 0) throw std::system_error{errno, std::generic_category(), "fork"};
  if (keeper_ == 0) {
    ::dup2(read_orders.get(), 0);
    ::dup2(answers.get(), 1);
    ::execlp("bash", "bash", script.c_str(), NESTCPP_SOURCE_DIR, static_cast<char*>(nullptr));
    ::_exit(127);
  }
  answers.close();
  const std::string line = read_line(milliseconds{90'000});
  if (line.empty()) throw std::runtime_error{"no private PostgreSQL server could be started, see above"};
  address_ = postgres_address::parse(line);
}

private_postgres::~private_postgres() {
  to_keeper_.close();
  ::waitpid(keeper_, nullptr, 0);
}

std::string private_postgres::read_line(milliseconds limit) {
  const time_limit end{limit};
  for (;;) {
    if (const std::size_t newline = buffer_.find('\n'); newline != std::string::npos) {
      std::string line = buffer_.substr(0, newline);
      buffer_.erase(0, newline + 1);
      return line;
    }
    std::array<char, 512> chunk;
    if (!wait_readable(from_keeper_.get(), end.left())) return {};
    const ssize_t got = ::read(from_keeper_.get(), chunk.data(), chunk.size());
    if (got <= 0) return {};
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

void private_postgres::order(const std::string& what) {
  const std::string line = what + "\n";
  if (::write(to_keeper_.get(), line.data(), line.size()) < 0 || read_line(milliseconds{90'000}) != "done") {
    throw std::runtime_error{"the private PostgreSQL server did not " + what};
  }
}

}  // namespace support
