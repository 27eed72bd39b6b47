#include "scripted_server.hpp"

#include "support/nest_frames.hpp"
#include "support/wait.hpp"

#include <algorithm>
#include <system_error>

namespace replay {

using namespace std::chrono_literals;

namespace {
constexpr std::string_view id_key = R"(,"id":")";
}

std::string id_of(const std::string& packet) {
  const auto at = packet.rfind(id_key);
  if (at == std::string::npos) return {};
  const auto begin = at + id_key.size();
  return packet.substr(begin, packet.find('"', begin) - begin);
}

std::string replaced(std::string text, const std::vector<std::string>& from, const std::vector<std::string>& to) {
  for (std::size_t i = 0; i < from.size() && i < to.size(); ++i) {
    for (auto at = text.find(from[i]); at != std::string::npos; at = text.find(from[i], at + to[i].size())) {
      text.replace(at, from[i].size(), to[i]);
    }
  }
  return text;
}

scripted_server::scripted_server(script play) : play_{std::move(play)}, thread_{[this] { run(); }} {}

scripted_server::~scripted_server() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  thread_.join();
}

void scripted_server::run() {
  for (;;) {
    auto stream = listener_.accept(20ms);
    {
      const std::lock_guard lock{mutex_};
      if (stopping_) return;
      if (stream) ++connections_;
    }
    if (!stream) continue;
    try {
      serve(*stream);
    } catch (const std::system_error&) {  // reset by the client: it has ended, too
    }
    const std::lock_guard lock{mutex_};
    ended_ = true;
  }
}

void scripted_server::serve(support::tcp_stream& stream) {
  support::frame_reader frames;
  bool answered = false;
  for (;;) {
    if (support::wait_readable(stream.fd(), 20ms)) {
      const std::string more = stream.receive();
      if (more.empty()) return;
      frames.append(more);
    }
    std::vector<std::string> ids;
    {
      const std::lock_guard lock{mutex_};
      if (stopping_) return;
      while (auto packet = frames.next()) packets_.push_back(std::move(*packet));
      if (answered || packets_.size() < play_.packets) continue;
      for (const auto& each : packets_) {
        if (auto id = id_of(each); !id.empty()) ids.push_back(std::move(id));
      }
    }
    answered = true;
    stream.send(replaced(play_.replies, play_.ids, ids));
    if (play_.after == script::then::end) stream.shut_down_writing();
    if (play_.after == script::then::reset) {
      stream.reset();
      return;
    }
  }
}

bool scripted_server::wait_for(std::size_t packets, support::milliseconds limit) {
  return support::eventually([&] { return this->packets().size() >= packets; }, limit);
}

bool scripted_server::wait_for_end(support::milliseconds limit) {
  return support::eventually(
      [this] {
        const std::lock_guard lock{mutex_};
        return ended_;
      },
      limit);
}

std::vector<std::string> scripted_server::packets() const {
  const std::lock_guard lock{mutex_};
  return packets_;
}

std::size_t scripted_server::connections() const {
  const std::lock_guard lock{mutex_};
  return connections_;
}

}  // namespace replay
