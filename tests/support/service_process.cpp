#include "support/service_process.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace support {

namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error{errno, std::generic_category(), what}; }

struct pipe_ends {
  descriptor read, write;
};

pipe_ends make_pipe() {
  std::array<int, 2> fds{};
  if (::pipe2(fds.data(), O_CLOEXEC) != 0) fail("pipe2");
  return {descriptor{fds[0]}, descriptor{fds[1]}};
}

/// Async-signal-safe, for the time between fork and exec.
bool enter_own_network() {
  if (::unshare(CLONE_NEWNET) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  ifreq loopback{};
  loopback.ifr_name[0] = 'l';
  loopback.ifr_name[1] = 'o';
  loopback.ifr_flags = IFF_UP;
  const bool up = ::ioctl(fd, SIOCSIFFLAGS, &loopback) == 0;
  ::close(fd);
  return up;
}

constexpr int could_not_start = 127;

/// Async-signal-safe.
[[noreturn]] void become(const char* path, char* const* arguments, char* const* variables, const char* directory,
                         int out, int err, pid_t parent, bool own_network) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(could_not_start);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int nothing = ::open("/dev/null", O_RDONLY);
  const bool ready = (!own_network || enter_own_network()) && ::dup2(nothing, 0) >= 0 && ::dup2(out, 1) >= 0 &&
                     ::dup2(err, 2) >= 0 && ::chdir(directory) == 0;
  if (ready) ::execve(path, arguments, variables);
  ::_exit(could_not_start);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

process_end end_from(int status) {
  if (WIFSIGNALED(status)) return {.status = std::nullopt, .signal = WTERMSIG(status)};
  return {.status = WEXITSTATUS(status), .signal = std::nullopt};
}

}  // namespace

bool can_isolate_network() {
  const pid_t child = ::fork();
  if (child < 0) return false;
  if (child == 0) ::_exit(enter_own_network() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

service_process::service_process(const process_options& options) : name_{options.executable.filename().string()} {
  if (::access(options.executable.c_str(), X_OK) != 0) {
    throw std::runtime_error{options.executable.string() + " is not built"};
  }
  std::vector<std::string> arguments{options.executable.string()};
  arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
  std::vector<std::string> variables;
  for (const auto& [name, value] : options.variables) variables.push_back(name + "=" + value);
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view inherited{*entry};
    if (inherited.substr(0, inherited.find('=')).ends_with("SAN_OPTIONS")) variables.emplace_back(inherited);
  }
  const auto argv = pointers(arguments);
  const auto envp = pointers(variables);

  pipe_ends out = make_pipe(), err = make_pipe();
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) fail("fork");
  if (pid_ == 0) {
    become(options.executable.c_str(), argv.data(), envp.data(), options.working_directory.c_str(), out.write.get(),
           err.write.get(), parent, options.own_network);
  }
  reader_ = std::thread{[this, from_out = std::move(out.read), from_err = std::move(err.read)]() mutable {
    read_pipes(std::move(from_out), std::move(from_err));
  }};
}

service_process::~service_process() {
  kill();
  reader_.join();
}

void service_process::read_pipes(descriptor out, descriptor err) {
  std::array<char, 16384> chunk;
  std::array<descriptor*, 2> from{&out, &err};
  std::array<std::string*, 2> to{&out_, &err_};
  while (out.is_open() || err.is_open()) {
    std::array<pollfd, 2> waiting{{{out.get(), POLLIN, 0}, {err.get(), POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].revents == 0) continue;
      const ssize_t got = ::read(from[i]->get(), chunk.data(), chunk.size());
      if (got > 0) {
        const std::scoped_lock lock{mutex_};
        to[i]->append(chunk.data(), static_cast<std::size_t>(got));
      } else if (got == 0 || errno != EINTR) {
        from[i]->close();
      }
    }
  }
  drained_ = true;
}

std::vector<std::string> service_process::listening_lines() const {
  const std::string out = standard_output();
  std::vector<std::string> found;
  for (auto& line : lines_of(std::string_view{out}.substr(0, out.rfind('\n') + 1))) {
    if (line.starts_with("listening ")) found.push_back(std::move(line));
  }
  return found;
}

void service_process::await_listeners(std::size_t count, milliseconds limit) {
  const bool over = eventually([&] { return listening_lines().size() >= count || !is_running(); }, limit);
  if (over && eventually([&] { return listening_lines().size() >= count; }, milliseconds{is_running() ? 0 : 200}))
    return;
  throw std::runtime_error{name_ + (is_running() ? " is not ready" : " ended before it was ready") + "\n" +
                           transcript()};
}

std::uint16_t service_process::port(std::string_view kind) const {
  const std::string begin = "listening " + std::string{kind} + " ";
  for (const auto& line : listening_lines()) {
    if (!line.starts_with(begin)) continue;
    const std::size_t colon = line.rfind(':');
    std::uint16_t port = 0;
    std::from_chars(line.data() + colon + 1, line.data() + line.size(), port);
    return port;
  }
  throw std::runtime_error{name_ + " does not listen for " + std::string{kind} + "\n" + transcript()};
}

void service_process::signal(int number) const {
  if (!end_) ::kill(pid_, number);
}

void service_process::kill() {
  signal(SIGKILL);
  wait();
}

std::optional<process_end> service_process::wait(milliseconds limit) {
  const auto has_ended = [this] {
    if (end_) return true;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
    end_ = end_from(status);
    return true;
  };
  (void)eventually(has_ended, limit);
  // What it wrote last may still be in the pipes.
  if (end_) (void)eventually([this] { return drained_.load(); }, patience);
  return end_;
}

std::string service_process::standard_output() const {
  const std::scoped_lock lock{mutex_};
  return out_;
}

std::string service_process::standard_error() const {
  const std::scoped_lock lock{mutex_};
  return err_;
}

std::string service_process::transcript() const {
  return "---- " + name_ + ", stdout:\n" + standard_output() + "---- " + name_ + ", stderr:\n" + standard_error() +
         "----";
}

}  // namespace support
