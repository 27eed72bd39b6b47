// Reading and writing the DTO of four strings that the message path is measured with.
#include <nestcpp/dto/dto.hpp>

#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

namespace {

struct CreateUserDto {
  std::string firstName, lastName, email, password;
};
NEST_DTO(CreateUserDto, NEST_FIELD(firstName, is_string(), is_not_empty(), max_length(100)),
         NEST_FIELD(lastName, is_string(), is_not_empty(), max_length(100)), NEST_FIELD(email, is_email()),
         NEST_FIELD(password, is_string(), min_length(8), max_length(128)));

// The same without rules: what they cost.
struct Unchecked {
  std::string firstName, lastName, email, password;
};
NEST_DTO(Unchecked, NEST_FIELD(firstName), NEST_FIELD(lastName), NEST_FIELD(email), NEST_FIELD(password));

constexpr std::string_view payload =
    R"({"firstName":"Ada","lastName":"Lovelace","email":"ada.lovelace@example.com","password":"correct horse battery"})";
constexpr std::string_view reversed =
    R"({"password":"correct horse battery","email":"ada.lovelace@example.com","lastName":"Lovelace","firstName":"Ada"})";
constexpr std::string_view spaced =
    R"({ "firstName": "Ada", "lastName": "Lovelace", "email": "ada.lovelace@example.com", "password": "correct horse battery" })";
constexpr std::string_view escaped =
    R"({"firstName":"Zo\u00eb \ud83d\ude00","lastName":"\"q\" \\","email":"ada.lovelace@example.com","password":"correct horse battery"})";
constexpr std::string_view refused =
    R"({"firstName":"","lastName":"Lovelace","email":"ada.lovelace","password":"short"})";

template <class T>
void read(benchmark::State& state, std::string_view text) {
  const nestcpp::validation_options options{.forbid_non_whitelisted = true};
  for (auto _ : state) {
    T dto;
    auto result = nestcpp::read_json(text, dto, options);
    benchmark::DoNotOptimize(result);
    benchmark::DoNotOptimize(dto);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(text.size()));
}

template <class T>
void read_again(benchmark::State& state, std::string_view text) {
  const nestcpp::validation_options options{.forbid_non_whitelisted = true};
  T dto;
  for (auto _ : state) {
    auto result = nestcpp::read_json(text, dto, options);
    benchmark::DoNotOptimize(result);
    benchmark::DoNotOptimize(dto);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(text.size()));
}

void write(benchmark::State& state, std::string_view text) {
  const auto dto = nestcpp::from_json<CreateUserDto>(text);
  std::string out;
  for (auto _ : state) {
    out.clear();
    nestcpp::write_json(out, dto);
    benchmark::DoNotOptimize(out);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(out.size()));
}

void read_checked(benchmark::State& state, std::string_view text) { read_again<CreateUserDto>(state, text); }
void read_new(benchmark::State& state, std::string_view text) { read<CreateUserDto>(state, text); }
void read_unchecked(benchmark::State& state, std::string_view text) { read_again<Unchecked>(state, text); }

BENCHMARK_CAPTURE(read_checked, same_object, payload);
BENCHMARK_CAPTURE(read_new, new_object, payload);
BENCHMARK_CAPTURE(read_unchecked, without_rules, payload);
BENCHMARK_CAPTURE(read_checked, other_order, reversed);
BENCHMARK_CAPTURE(read_checked, white_space, spaced);
BENCHMARK_CAPTURE(read_checked, escapes, escaped);
BENCHMARK_CAPTURE(read_checked, refusal, refused);
BENCHMARK_CAPTURE(write, plain, payload);
BENCHMARK_CAPTURE(write, escapes, escaped);

}  // namespace
