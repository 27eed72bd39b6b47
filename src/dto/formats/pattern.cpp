#include "dto/formats/pattern.hpp"

#include "dto/formats/ascii.hpp"
#include "dto/formats/letter_case.hpp"
#include "dto/formats/utf16.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

namespace nestcpp::detail {
namespace {

constexpr bool is_line_end(char32_t unit) { return unit == '\n' || unit == '\r' || unit == 0x2028 || unit == 0x2029; }
constexpr bool is_word(char32_t unit) {
  return unit < 128 && (is_letter_or_digit(static_cast<char>(unit)) || unit == '_');
}

// How JavaScript compares characters under the flag i: what is no ASCII never becomes ASCII, unless under u.
char32_t folded(char32_t unit, bool unicode) {
  if (unit < 128) return static_cast<char32_t>(static_cast<unsigned char>(to_upper(static_cast<char>(unit))));
  if (unicode && unit == 0x17f) return 'S';
  if (unicode && unit == 0x212a) return 'K';
  const char32_t upper = simple_upper(unit);
  return upper < 128 ? unit : upper;
}

}  // namespace

// Thompson's construction, from operands and operators as they come. An operand is a piece of automaton: built from its
// last step, so each is made for a given follower; therefore a tree is kept and the steps are made at the end.
class pattern_builder {
 public:
  explicit pattern_builder(pattern& out) : out_{out} {}

  void nothing() { put({node_kind::nothing}); }
  void character(char32_t code) {
    begin_class(false);
    range(code, code);
    end_class();
  }
  void any_character() {
    begin_class(true);
    if (!out_.flags_.dot_all) {
      range('\n', '\n');
      range('\r', '\r');
      range(0x2028, 0x2029);
    }
    end_class();
  }
  void begin_class(bool negated) {
    set_ = {};
    set_.negated = negated;
    set_.first_span = static_cast<std::uint32_t>(out_.spans_.size());
  }
  void range(char32_t first, char32_t last) {
    for (char32_t c = first; c <= last && c < 128; ++c) {
      add_ascii(c);
      if (out_.flags_.ignore_case) {
        add_ascii(static_cast<unsigned char>(to_lower(static_cast<char>(c))));
        add_ascii(static_cast<unsigned char>(to_upper(static_cast<char>(c))));
      }
    }
    if (last >= 128) out_.spans_.push_back({std::max<char32_t>(first, 128), last});
  }
  void end_class() {
    set_.end_span = static_cast<std::uint32_t>(out_.spans_.size());
    node made{node_kind::set};
    made.set = static_cast<std::uint32_t>(out_.sets_.size());
    out_.sets_.push_back(set_);
    put(made);
  }
  void place(pattern_place where) {
    node made{node_kind::place};
    made.where = where;
    put(made);
  }
  void repeat(std::size_t least, std::size_t most) {
    node made{node_kind::repeat};
    made.least = least;
    made.most = most;
    made.left = take();
    put(made);
  }
  void both() { join(node_kind::both); }
  void either() { join(node_kind::either); }
  void look_ahead(bool negative) {
    node made{node_kind::look_ahead};
    made.negative = negative;
    made.left = take();
    put(made);
  }

  void finish() {
    build_automaton(take());
    // Which steps lead to which, side by side.
    std::vector<std::uint32_t> counts(out_.steps_.size() + 1, 0);
    for (const auto& [from, to] : edges_) ++counts[to + 1];
    for (std::size_t i = 1; i < counts.size(); ++i) counts[i] += counts[i - 1];
    out_.before_.resize(edges_.size());
    for (std::size_t i = 0; i < out_.steps_.size(); ++i) {
      out_.steps_[i].first_before = counts[i];
      out_.steps_[i].end_before = counts[i + 1];
    }
    for (const auto& [from, to] : edges_) out_.before_[counts[to]++] = from;
  }

 private:
  enum class node_kind : std::uint8_t { nothing, set, place, repeat, both, either, look_ahead };
  struct node {
    node_kind kind;
    pattern_place where{};
    bool negative = false;
    std::uint32_t set = 0;
    std::size_t left = 0, right = 0;
    std::size_t least = 0, most = 0;
  };

  void add_ascii(char32_t c) { set_.ascii[c / 64] |= std::uint64_t{1} << (c % 64); }
  void put(node made) {
    operands_.push_back(nodes_.size());
    nodes_.push_back(made);
  }
  std::size_t take() {
    const std::size_t last = operands_.back();
    operands_.pop_back();
    return last;
  }
  void join(node_kind kind) {
    node made{kind};
    made.right = take();
    made.left = take();
    put(made);
  }

  std::uint32_t add(pattern::step made) {
    made.automaton = current_;
    out_.steps_.push_back(made);
    return static_cast<std::uint32_t>(out_.steps_.size() - 1);
  }
  std::uint32_t add(pattern::step_kind kind, std::uint32_t follower) {
    pattern::step made;
    made.kind = kind;
    const std::uint32_t index = add(made);
    edges_.emplace_back(index, follower);
    return index;
  }

  // The look-aheads within become automata of their own, before this one.
  std::uint32_t build_automaton(std::size_t root) {
    look_aheads_of(root);
    current_ = static_cast<std::uint32_t>(out_.automata_.size());
    pattern::automaton made;
    made.accept = add(pattern::step{});
    made.start = build(root, made.accept);
    out_.automata_.push_back(made);
    return current_;
  }

  // Sequences lean to the left: a loop over them bounds the stack.
  void look_aheads_of(std::size_t index) {
    for (;; index = nodes_[index].left) {
      node& at = nodes_[index];
      if (at.kind == node_kind::look_ahead) at.set = build_automaton(at.left);
      if (at.kind == node_kind::both || at.kind == node_kind::either) look_aheads_of(at.right);
      if (at.kind != node_kind::both && at.kind != node_kind::either && at.kind != node_kind::repeat) return;
    }
  }

  // Gives the first step of what the node stands for, followed by `next`.
  std::uint32_t build(std::size_t index, std::uint32_t next) {
    for (; nodes_[index].kind == node_kind::both; index = nodes_[index].left) next = build(nodes_[index].right, next);
    const node& at = nodes_[index];
    switch (at.kind) {
      case node_kind::nothing: return next;
      case node_kind::set: {
        const std::uint32_t made = add(pattern::step_kind::character, next);
        out_.steps_[made].set = at.set;
        return made;
      }
      case node_kind::place: {
        const std::uint32_t made = add(pattern::step_kind::place, next);
        out_.steps_[made].where = at.where;
        return made;
      }
      case node_kind::look_ahead: {
        const auto kind = at.negative ? pattern::step_kind::no_look_ahead : pattern::step_kind::look_ahead;
        const std::uint32_t made = add(kind, next);
        out_.steps_[made].set = at.set;
        return made;
      }
      case node_kind::both: return next;  // taken apart above
      case node_kind::either: {
        const std::uint32_t made = add(pattern::step_kind::split, build(at.right, next));
        for (index = at.left; nodes_[index].kind == node_kind::either; index = nodes_[index].left) {
          edges_.emplace_back(made, build(nodes_[index].right, next));
        }
        edges_.emplace_back(made, build(index, next));
        return made;
      }
      case node_kind::repeat: break;
    }
    std::uint32_t first = next;
    if (at.most == without_limit) {
      first = add(pattern::step_kind::split, next);
      edges_.emplace_back(first, build(at.left, first));
    } else {
      for (std::size_t i = at.least; i < at.most; ++i) {
        const std::uint32_t made = add(pattern::step_kind::split, next);
        edges_.emplace_back(made, build(at.left, first));
        first = made;
      }
    }
    for (std::size_t i = 0; i < at.least; ++i) first = build(at.left, first);
    return first;
  }

  pattern& out_;
  std::vector<node> nodes_;
  std::vector<std::size_t> operands_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges_;
  pattern::character_set set_;
  std::uint32_t current_ = 0;
};

pattern::pattern(std::string_view text, std::string_view flags) : flags_{parse_pattern_flags(flags)} {
  pattern_builder builder{*this};
  pattern_reader{text, flags_, builder}.read();
  builder.finish();
}

bool pattern::listed(const character_set& set, char32_t unit) const {
  if (unit < 128) return (set.ascii[unit / 64] >> (unit % 64) & 1) != 0;
  return std::any_of(spans_.begin() + set.first_span, spans_.begin() + set.end_span,
                     [unit](const span& s) { return unit >= s.first && unit <= s.last; });
}

bool pattern::in(const character_set& set, char32_t unit) const {
  if (listed(set, unit)) return !set.negated;
  if (!flags_.ignore_case || (unit < 128 && !flags_.unicode)) return set.negated;
  const char32_t upper = folded(unit, flags_.unicode);
  bool found = listed(set, upper);
  for_each_lower_of(
      upper, [&](char32_t other) { found = found || (folded(other, flags_.unicode) == upper && listed(set, other)); });
  return found != set.negated;
}

// One text.
template <class Unit>
class pattern::run {
 public:
  run(const pattern& of, const Unit* text, std::size_t size) : of_{of}, text_{text}, size_{size} {}

  bool any_match() {
    const std::size_t count = of_.steps_.size();
    scratch& s = memory();
    s.marks.assign(count, 0);
    s.now.clear();
    s.before.clear();
    const std::uint32_t whole = of_.automata_.back().start;
    for (std::size_t at = size_ + 1; at-- > 0;) {
      // marks: the place + 1 for which a step was found to reach its automaton's end
      std::swap(s.now, s.before);
      s.now.clear();
      std::size_t from = 0;
      for (std::uint32_t a = 0; a < of_.automata_.size(); ++a) {
        mark(s, of_.automata_[a].accept, at);
        // Those of this automaton lie side by side, as automata were run one after another.
        for (; from < s.before.size() && of_.steps_[s.before[from]].automaton == a; ++from) {
          const step& next = of_.steps_[s.before[from]];
          for (std::uint32_t b = next.first_before; b != next.end_before; ++b) {
            const step& candidate = of_.steps_[of_.before_[b]];
            if (candidate.kind == step_kind::character && of_.in(of_.sets_[candidate.set], text_[at])) {
              mark(s, of_.before_[b], at);
            }
          }
        }
      }
      if (s.marks[whole] == at + 1) return true;
    }
    return false;
  }

 private:
  struct scratch {
    std::vector<std::size_t> marks;
    std::vector<std::uint32_t> now, before, open;
  };
  static scratch& memory() {
    thread_local scratch kept;
    return kept;
  }

  // The step reaches the end from `at`, and so do those that lead to it without a character.
  void mark(scratch& s, std::uint32_t index, std::size_t at) {
    s.open.assign(1, index);
    while (!s.open.empty()) {
      const std::uint32_t top = s.open.back();
      s.open.pop_back();
      if (s.marks[top] == at + 1) continue;
      s.marks[top] = at + 1;
      s.now.push_back(top);
      const step& reached = of_.steps_[top];
      for (std::uint32_t b = reached.first_before; b != reached.end_before; ++b) {
        if (passes(s, of_.steps_[of_.before_[b]], at)) s.open.push_back(of_.before_[b]);
      }
    }
  }

  bool passes(const scratch& s, const step& before, std::size_t at) const {
    switch (before.kind) {
      case step_kind::split: return true;
      case step_kind::place: return stands(before.where, at);
      case step_kind::look_ahead: return s.marks[of_.automata_[before.set].start] == at + 1;
      case step_kind::no_look_ahead: return s.marks[of_.automata_[before.set].start] != at + 1;
      default: return false;
    }
  }

  bool stands(pattern_place where, std::size_t at) const {
    const bool edge = (at > 0 && is_word(text_[at - 1])) != (at < size_ && is_word(text_[at]));
    switch (where) {
      case pattern_place::begin: return at == 0 || (of_.flags_.multiline && is_line_end(text_[at - 1]));
      case pattern_place::end: return at == size_ || (of_.flags_.multiline && is_line_end(text_[at]));
      case pattern_place::word_edge: return edge;
      case pattern_place::no_word_edge: return !edge;
    }
    return false;
  }

  const pattern& of_;
  const Unit* text_;
  std::size_t size_;
};

bool pattern::test(std::string_view text) const {
  if (all_of(text, [](char c) { return static_cast<unsigned char>(c) < 128; })) {
    return run<unsigned char>{*this, reinterpret_cast<const unsigned char*>(text.data()), text.size()}.any_match();
  }
  thread_local std::u32string units;
  units.clear();
  const auto keep = [](char32_t unit) {
    units.push_back(unit);
    return true;
  };
  if (flags_.unicode) {
    for_each_code_point(text, keep);
  } else {
    for_each_unit(text, keep);
  }
  return run<char32_t>{*this, units.data(), units.size()}.any_match();
}

const pattern& compiled_pattern(std::string_view text, std::string_view flags) {
  thread_local std::unordered_map<std::string, std::unique_ptr<const pattern>> kept;
  thread_local std::string key;
  key.assign(flags).append(1, '/').append(text);
  auto& found = kept[key];
  if (found == nullptr) {
    try {
      found = std::make_unique<const pattern>(text, flags);
    } catch (...) {
      kept.erase(key);
      throw;
    }
  }
  return *found;
}

}  // namespace nestcpp::detail
