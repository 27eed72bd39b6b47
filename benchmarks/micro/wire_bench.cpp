// The wire core by the message: cutting frames, reading envelopes, finding routes, writing replies. 160-byte frames,
// reads of 64 KiB.
#include <nestcpp/messaging/envelope.hpp>
#include <nestcpp/messaging/frame.hpp>
#include <nestcpp/messaging/pattern.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace {

using namespace nestcpp;

const std::string data{
    R"({"firstName":"Ada","lastName":"Lovelace","email":"ada@example.org","password":"correct horse battery"})"};

std::string request_frame() {
  std::string frame;
  append_request(frame, R"("user.create")", data, {}, R"("806d1e448d1f1642f5138")");
  return frame;
}

void per_message(benchmark::State& state, std::size_t messages, std::size_t bytes) {
  state.SetItemsProcessed(static_cast<std::int64_t>(messages));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  state.counters["per_message"] =
      benchmark::Counter(static_cast<double>(messages), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// A stream that ends within a frame, in reads of 64 KiB; the copy into the buffer stands for the kernel's.
void cut_frames(benchmark::State& state, const std::string& frame) {
  constexpr std::size_t read{65536};
  std::string stream;
  while (stream.size() < 64 * read) stream += frame;
  frame_decoder decoder;
  std::size_t at{0}, messages{0}, bytes{0};
  for (auto _ : state) {
    const auto size = std::min(read, stream.size() - at);
    const auto room = decoder.prepare(read);
    std::copy_n(stream.data() + at, size, room.data());
    decoder.commit(size);
    at = at + size == stream.size() ? 0 : at + size;
    bytes += size;
    std::string_view text;
    while (decoder.next(text) == frame_decoder::status::frame) {
      benchmark::DoNotOptimize(text);
      ++messages;
    }
  }
  per_message(state, messages, bytes);
}

void copy_only(benchmark::State& state) {
  const std::string stream(64 * 65536, 'x');
  std::string room(65536, '\0');
  std::size_t at{0}, bytes{0};
  for (auto _ : state) {
    std::copy_n(stream.data() + at, room.size(), room.data());
    benchmark::DoNotOptimize(room.data());
    at = (at + room.size()) % stream.size();
    bytes += room.size();
  }
  per_message(state, bytes / request_frame().size(), bytes);
}

void scan_one_request(benchmark::State& state) {
  const auto frame = request_frame();
  const auto text = std::string_view{frame}.substr(frame.find('#') + 1);
  request_envelope packet;
  std::string error;
  std::size_t messages{0};
  for (auto _ : state) {
    benchmark::DoNotOptimize(scan_request(text, packet, error));
    benchmark::DoNotOptimize(packet);
    ++messages;
  }
  per_message(state, messages, messages * text.size());
}

void scan_one_reply(benchmark::State& state) {
  const auto text = R"({"response":)" + data + R"(,"isDisposed":true,"id":"806d1e448d1f1642f5138"})";
  reply_envelope packet;
  std::string error;
  std::size_t messages{0};
  for (auto _ : state) {
    benchmark::DoNotOptimize(scan_reply(text, packet, error));
    benchmark::DoNotOptimize(packet);
    ++messages;
  }
  per_message(state, messages, messages * text.size());
}

template <class Write>
void write(benchmark::State& state, Write write_one) {
  std::string out;
  std::size_t messages{0}, bytes{0};
  for (auto _ : state) {
    if (out.size() > 65536) {
      bytes += out.size();
      out.clear();
    }
    write_one(out);
    ++messages;
  }
  per_message(state, messages, bytes + out.size());
}

void route(benchmark::State& state, std::string_view raw) {
  std::size_t messages{0};
  for (auto _ : state) {
    benchmark::DoNotOptimize(route_of(raw));
    ++messages;
  }
  per_message(state, messages, 0);
}

void plain(benchmark::State& state) {
  std::size_t messages{0};
  std::string_view raw{R"("user.create")"}, found;
  for (auto _ : state) {
    benchmark::DoNotOptimize(raw);
    benchmark::DoNotOptimize(plain_route(raw, found));
    ++messages;
  }
  per_message(state, messages, 0);
}

void next_id(benchmark::State& state) {
  request_id_generator ids;
  std::size_t messages{0};
  for (auto _ : state) {
    benchmark::DoNotOptimize(ids.next());
    ++messages;
  }
  per_message(state, messages, 0);
}

BENCHMARK(copy_only);
BENCHMARK_CAPTURE(cut_frames, ascii, request_frame());
BENCHMARK_CAPTURE(cut_frames, one_accent, [] {
  auto json = "{\"pattern\":\"user.create\",\"data\":" + data + "}";
  json.replace(json.find("Ada"), 3, "Zoé");
  std::string frame;
  append_frame(frame, json);
  return frame;
}());
BENCHMARK_CAPTURE(cut_frames, cyrillic, [] {
  std::string text, frame;
  while (text.size() < 300) text += "Привет, мир! ";
  append_frame(frame, "\"" + text + "\"");
  return frame;
}());
BENCHMARK_CAPTURE(cut_frames, four_bytes, std::string{"2#{}"});
BENCHMARK(scan_one_request);
BENCHMARK(scan_one_reply);
BENCHMARK_CAPTURE(write, reply_value,
                  [](std::string& out) { append_reply_value(out, data, R"("806d1e448d1f1642f5138")"); });
BENCHMARK_CAPTURE(write, reply_in_place, [](std::string& out) {
  reply_writer reply{out};
  reply.json() += data;
  reply.finish(R"("806d1e448d1f1642f5138")");
});
BENCHMARK_CAPTURE(write, request, [](std::string& out) {
  append_request(out, R"("user.create")", data, {}, R"("806d1e448d1f1642f5138")");
});
BENCHMARK(plain);
BENCHMARK_CAPTURE(route, string, R"("user.create")");
BENCHMARK_CAPTURE(route, object, R"({"role":"user","cmd":"create"})");
BENCHMARK(next_id);

}  // namespace

BENCHMARK_MAIN();
