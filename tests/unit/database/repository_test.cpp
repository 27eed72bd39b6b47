#include <nestcpp/database/repository.hpp>

#include "support.hpp"

#include <nestcpp/dto/dto.hpp>

#include <atomic>
#include <limits>
#include <set>
#include <thread>

namespace shop {

enum class Status { pending, sent };
NEST_ENUM(Status, pending, sent);

struct Celsius {
  int degrees = 0;
  friend bool operator==(Celsius, Celsius) = default;
};

struct Order {
  nestcpp::uuid id;
  std::string customerName;
  std::optional<std::string> note;
  bool isPaid = false;
  std::int64_t total = 0;
  double weight = 0;
  Status status = Status::pending;
  Celsius storedAt;
  nestcpp::timestamp createdAt;
  std::optional<nestcpp::timestamp> paidAt;
  std::string notStored = "default";
};
NEST_ENTITY(Order, "order",  // a keyword: names are quoted
            NEST_COLUMN(id, primary_key()), NEST_COLUMN(customerName), NEST_COLUMN(note),
            NEST_COLUMN(isPaid, column_name("paid")), NEST_COLUMN(total), NEST_COLUMN(weight), NEST_COLUMN(status),
            NEST_COLUMN(storedAt), NEST_COLUMN(createdAt), NEST_COLUMN(paidAt));

struct Note {
  std::int64_t id = 0;
  std::string text{};
  nestcpp::timestamp createdAt{};
  std::optional<nestcpp::timestamp> updatedAt{};
  int version = 0;
  std::optional<nestcpp::timestamp> deletedAt{};
};
NEST_ENTITY(Note, "notes", NEST_COLUMN(id, primary_key()), NEST_COLUMN(version, version()), NEST_COLUMN(text),
            NEST_COLUMN(createdAt, create_date()), NEST_COLUMN(updatedAt, update_date()),
            NEST_COLUMN(deletedAt, delete_date()));

struct Comment {
  std::int64_t id = 0;
  std::optional<std::int64_t> noteId{};
  std::string words{};
  std::optional<nestcpp::timestamp> deletedAt{};
};
NEST_ENTITY(Comment, "comments", NEST_COLUMN(id, primary_key()), NEST_COLUMN(noteId), NEST_COLUMN(words),
            NEST_COLUMN(deletedAt, delete_date()));

}  // namespace shop

template <>
struct nestcpp::database_type<shop::Celsius> {
  static sql_value to(shop::Celsius v) { return std::to_string(v.degrees) + " C"; }
  static shop::Celsius from(const column_value& f) { return {std::stoi(f.as<std::string>())}; }
};

namespace nestcpp::test {
namespace {

using shop::Order;

class Repository : public database_test {
 protected:
  void make_orders() {
    execute(
        ddl("CREATE TABLE \"order\" (id {uuid} PRIMARY KEY, customer_name text NOT NULL UNIQUE, note text, paid {bool} "
            "NOT NULL, "
            "total bigint NOT NULL, weight {real} NOT NULL, status text NOT NULL, stored_at text NOT NULL, "
            "created_at {time} NOT NULL, paid_at {time})"));
  }
  repository<Order> orders() { return repository<Order>{db()}; }
  static Order order(std::string name, std::int64_t total) {
    return {.id = uuid::v7(),
            .customerName = std::move(name),
            .note = {},
            .total = total,
            .storedAt = {},
            .createdAt = timestamp::now(),
            .paidAt = {}};
  }
};
NESTCPP_ON_BOTH_DRIVERS(Repository);

TEST(Entity, NamesColumnsInSnakeCase) {
  EXPECT_EQ(detail::snake_case("firstName"), "first_name");
  EXPECT_EQ(detail::snake_case("id"), "id");
  EXPECT_EQ(detail::snake_case("userID"), "user_id");
  EXPECT_EQ(detail::snake_case("HTTPPort"), "http_port");
  EXPECT_EQ(detail::snake_case("already_snake"), "already_snake");
  EXPECT_EQ(detail::snake_case("line2Text"), "line2_text");
}

TEST_P(Repository, ReadsBackWhatItStored) {
  make_orders();
  auto stored = order("Zoë 😀 'q'", 1LL << 40);
  stored.isPaid = true;
  stored.weight = 1.5;
  stored.status = shop::Status::sent;
  stored.storedAt = {-18};
  stored.paidAt = timestamp::now();
  stored.notStored = "left out";
  auto repo = orders();
  run(repo.insert(stored));
  const auto found = run(repo.find_one_by(&Order::id, stored.id));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, stored.id);
  EXPECT_EQ(found->customerName, stored.customerName);
  EXPECT_EQ(found->note, std::nullopt);
  EXPECT_TRUE(found->isPaid);
  EXPECT_EQ(found->total, stored.total);
  EXPECT_EQ(found->weight, 1.5);
  EXPECT_EQ(found->status, shop::Status::sent);
  EXPECT_EQ(found->storedAt, stored.storedAt);
  EXPECT_EQ(found->createdAt, stored.createdAt);
  EXPECT_EQ(found->paidAt, stored.paidAt);
  EXPECT_EQ(found->notStored, "default");
  EXPECT_FALSE(run(repo.find_one_by(&Order::id, uuid::v7())));
}

TEST_P(Repository, FindsInOrderWithLimits) {
  make_orders();
  auto repo = orders();
  for (int i = 0; i < 5; ++i) run(repo.insert(order("c" + std::to_string(i), i * 10)));
  const auto names = [](const std::vector<Order>& list) {
    std::string all;
    for (const auto& each : list) all += each.customerName + " ";
    return all;
  };
  EXPECT_EQ(names(run(repo.find({.order = {descending(&Order::total)}, .limit = 2}))), "c4 c3 ");
  EXPECT_EQ(names(run(repo.find({.order = {ascending(&Order::total)}, .limit = 2, .offset = 1}))), "c1 c2 ");
  EXPECT_EQ(names(run(repo.find({.order = {ascending(&Order::isPaid), descending(&Order::total)}, .offset = 3}))),
            "c1 c0 ");
  EXPECT_EQ(names(run(repo.find_by(&Order::isPaid, false, {.order = {ascending(&Order::customerName)}}))),
            "c0 c1 c2 c3 c4 ");
  EXPECT_EQ(run(repo.find_by(&Order::isPaid, true)).size(), 0U);
  EXPECT_EQ(run(repo.find_by(&Order::note, std::nullopt)).size(), 5U);
  EXPECT_EQ(run(repo.find_by(&Order::note, "x")).size(), 0U);
  EXPECT_EQ(run(repo.find_one_by(&Order::isPaid, false, {.order = {descending(&Order::total)}}))->customerName, "c4");
  EXPECT_EQ(run(repo.find_by(&Order::status, shop::Status::pending)).size(), 5U);
  EXPECT_EQ(run(repo.count()), 5);
  EXPECT_EQ(run(repo.count_by(&Order::total, 20)), 1);
}

TEST_P(Repository, UpdatesAndRemoves) {
  make_orders();
  auto repo = orders();
  auto one = order("one", 1);
  run(repo.insert(one));
  run(repo.insert(order("two", 2)));
  one.note = "changed";
  one.paidAt = timestamp::now();
  EXPECT_TRUE(run(repo.update(one)));
  EXPECT_EQ(run(repo.find_one_by(&Order::customerName, "one"))->note, "changed");
  EXPECT_EQ(run(repo.find_one_by(&Order::customerName, "two"))->note, std::nullopt);
  EXPECT_FALSE(run(repo.update(order("nobody", 3))));
  EXPECT_EQ(run(repo.remove_by(&Order::id, one.id)), 1U);
  EXPECT_EQ(run(repo.remove_by(&Order::id, one.id)), 0U);
  EXPECT_EQ(run(repo.count()), 1);
}

class NotesRepository : public database_test {
 protected:
  repository<shop::Note> notes() {
    execute(
        ddl("CREATE TABLE notes (id bigint PRIMARY KEY, version integer NOT NULL, text text NOT NULL, "
            "created_at {time} NOT NULL, updated_at {time}, deleted_at {time})"));
    return repository<shop::Note>{db()};
  }
  static shop::Note note(std::int64_t id, std::string text) { return {.id = id, .text = std::move(text)}; }
};
NESTCPP_ON_BOTH_DRIVERS(NotesRepository);

TEST_P(NotesRepository, KeepsDatesAndVersions) {
  auto repo = notes();
  const auto before = timestamp::from_unix_ms(timestamp::now().unix_ms());
  const shop::Note first = run(repo.save(note(1, "a")));
  EXPECT_EQ(first.version, 1);
  EXPECT_GE(first.createdAt, before);
  EXPECT_EQ(first.updatedAt, first.createdAt);
  EXPECT_EQ(first.deletedAt, std::nullopt);

  std::this_thread::sleep_for(3ms);
  shop::Note changed = first;
  changed.text = "b";
  changed.createdAt = timestamp::from_unix_ms(0);  // is not written
  const shop::Note second = run(repo.save(changed));
  EXPECT_EQ(second.version, 2);
  EXPECT_EQ(second.text, "b");
  EXPECT_EQ(second.createdAt, first.createdAt);
  EXPECT_GT(second.updatedAt, first.updatedAt);

  shop::Note late = first;  // read before the second was written
  late.text = "lost";
  EXPECT_EQ(message_of<optimistic_lock_error>([&] { run(repo.update(late)); }),
            "the row of table \"notes\" has another version: it was written meanwhile");
  EXPECT_THROW(static_cast<void>(run(repo.save(late))), optimistic_lock_error);
  EXPECT_EQ(run(repo.find_one_by(&shop::Note::id, 1))->text, "b");
  EXPECT_FALSE(run(repo.update(note(7, "nobody"))));

  run(repo.upsert(note(1, "c")));
  const auto third = run(repo.find_one_by(&shop::Note::id, 1));
  EXPECT_EQ(third->version, 3);
  EXPECT_EQ(third->text, "c");
  EXPECT_EQ(third->createdAt, first.createdAt);
  EXPECT_GE(third->updatedAt, second.updatedAt);

  auto given = note(2, "d");
  given.createdAt = timestamp::from_unix_ms(1'000);
  run(repo.insert(std::vector{given, note(3, "e")}));
  EXPECT_EQ(run(repo.find_one_by(&shop::Note::id, 2))->createdAt, given.createdAt);
  EXPECT_GE(run(repo.find_one_by(&shop::Note::id, 3))->createdAt, before);
  EXPECT_EQ(run(repo.find_one_by(&shop::Note::id, 3))->version, 1);
}

TEST_P(NotesRepository, OfManyWritersOneWinsEachVersion) {
  auto repo = notes();
  run(repo.insert(note(1, "")));
  std::atomic<int> written{0};
  std::vector<std::future<void>> writers;
  for (int i = 0; i < 8; ++i) {
    writers.push_back(loops_.start([](repository<shop::Note> mine, std::atomic<int>& count) -> task<void> {
      for (int round = 0; round < 10; ++round) {
        auto found = co_await mine.find_one_by(&shop::Note::id, 1);
        found->text += '.';
        try {
          co_await mine.update(*std::move(found));
          ++count;
        } catch (const optimistic_lock_error&) {
        }
      }
    }(repo, written)));
  }
  for (auto& each : writers) each.get();
  const auto found = run(repo.find_one_by(&shop::Note::id, 1));
  EXPECT_EQ(found->version, written + 1);
  EXPECT_EQ(found->text.size(), static_cast<std::size_t>(written));
}

TEST_P(NotesRepository, HidesWhatWasSoftlyRemoved) {
  auto repo = notes();
  using shop::Note;
  run(repo.insert(std::vector{note(1, "a"), note(2, "b")}));
  EXPECT_EQ(run(repo.soft_remove(where::equal(&Note::id, 1))), 1U);
  EXPECT_EQ(run(repo.soft_remove(where::equal(&Note::id, 1))), 0U);
  EXPECT_FALSE(run(repo.find_one_by(&Note::id, 1)));
  EXPECT_EQ(run(repo.find()).size(), 1U);
  EXPECT_EQ(run(repo.find({.where = where::equal(&Note::text, "a") || where::equal(&Note::text, "b")})).size(), 1U);
  EXPECT_EQ(run(repo.count()), 1);
  EXPECT_EQ(run(repo.count_by(&Note::text, "a")), 0);
  EXPECT_EQ(run(repo.count(where::equal(&Note::text, "a"))), 0);
  EXPECT_FALSE(run(repo.exists(where::equal(&Note::id, 1))));

  const auto all = run(repo.find({.order = {ascending(&Note::id)}, .with_deleted = true}));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].deletedAt);
  EXPECT_EQ(all[0].version, 2);
  EXPECT_EQ(run(repo.restore(where::equal(&Note::id, 1))), 1U);
  EXPECT_EQ(run(repo.restore(where::equal(&Note::id, 1))), 0U);
  EXPECT_TRUE(run(repo.find_one_by(&Note::id, 1)));
  EXPECT_EQ(run(repo.remove(where::more_than(&Note::id, 0))), 2U);
  EXPECT_TRUE(run(repo.find({.with_deleted = true})).empty());
}

TEST_P(NotesRepository, FindsWhatBelongsToARow) {
  using shop::Comment;
  using shop::Note;
  auto repo = notes();
  execute(ddl("CREATE TABLE comments (id bigint PRIMARY KEY, note_id bigint, words text NOT NULL, deleted_at {time})"));
  repository<Comment> comments{db()};
  run(repo.insert(std::vector{note(1, "a"), note(2, "b"), note(3, "c"), note(4, "d")}));
  run(comments.insert(std::vector<Comment>{{.id = 10, .noteId = 1, .words = "x"},
                                           {.id = 11, .noteId = 3, .words = "y"},
                                           {.id = 12, .noteId = 1, .words = "z"},
                                           {.id = 13, .noteId = 3, .words = "gone"},
                                           {.id = 14, .words = "of none"},
                                           {.id = 15, .noteId = 99, .words = "of one that is not there"}}));
  EXPECT_EQ(run(comments.soft_remove(where::equal(&Comment::id, 13))), 1U);

  const auto shown = [](const std::vector<std::pair<Note, std::vector<Comment>>>& list) {
    std::string all;
    for (const auto& [left, right] : list) {
      std::set<std::string> words;
      for (const auto& each : right) words.insert(each.words);
      all += left.text + ":";
      for (const auto& each : words) all += each;
      all += " ";
    }
    return all;
  };
  EXPECT_EQ(shown(run(repo.find_with_many(&Note::id, &Comment::noteId, {.order = {ascending(&Note::id)}}))),
            "a:xz b: c:y d: ");
  // The limit counts notes, not comments.
  EXPECT_EQ(
      shown(run(repo.find_with_many(
          &Note::id, &Comment::noteId,
          {.where = where::not_equal(&Note::text, "b"), .order = {descending(&Note::text)}, .limit = 2, .offset = 1}))),
      "c:y a:xz ");
  EXPECT_EQ(run(repo.find_with_many(&Note::id, &Comment::noteId)).size(), 4U);
  EXPECT_EQ(shown(run(repo.find_with_many(
                &Note::id, &Comment::noteId,
                {.order = {ascending(&Note::id)}, .limit = std::numeric_limits<std::size_t>::max(), .offset = 3}))),
            "d: ");
  EXPECT_EQ(run(repo.soft_remove(where::equal(&Note::id, 1))), 1U);
  EXPECT_EQ(shown(run(repo.find_with_many(&Note::id, &Comment::noteId, {.order = {ascending(&Note::id)}}))),
            "b: c:y d: ");

  std::string all;
  for (const auto& [comment, owner] :
       run(comments.find_with_one(&Comment::noteId, &Note::id, {.order = {ascending(&Comment::id)}}))) {
    all += comment.words + ":" + (owner ? owner->text : "-") + " ";
  }
  EXPECT_EQ(all, "x:- y:c z:- of none:- of one that is not there:- ");
}

TEST_P(Repository, WorksWithinATransaction) {
  make_orders();
  auto repo = orders();
  run([](database& db, repository<Order> mine, Order first) -> task<void> {
    auto tx = co_await db.begin();
    co_await mine.insert(first, tx);
    first.total = 7;
    EXPECT_TRUE(co_await mine.update(first, tx));
    const auto found = co_await mine.find_one_by(&Order::id, first.id, tx);
    EXPECT_TRUE(found && found->total == 7);
    bool violated = false;
    try {
      auto same_name = first;
      same_name.id = uuid::v7();
      co_await mine.insert(same_name, tx);
    } catch (const unique_violation& violation) {
      violated = violation.columns() == std::vector<std::string>{"customer_name"};
    }
    EXPECT_TRUE(violated);
  }(db(), repo, order("a", 1)));
  EXPECT_EQ(run(repo.count()), 0);
}

TEST_P(Repository, FindsByConditions) {
  make_orders();
  auto repo = orders();
  for (int i = 0; i < 5; ++i) {
    auto each = order("c" + std::to_string(i), i * 10);
    if (i % 2 == 0) each.note = "even";
    each.isPaid = i > 2;
    run(repo.insert(each));
  }
  const auto names = [&](condition<Order> which) {
    std::string all;
    for (const auto& each : run(repo.find({.where = std::move(which), .order = {ascending(&Order::total)}}))) {
      all += each.customerName.substr(1);
    }
    return all;
  };
  EXPECT_EQ(names(where::equal(&Order::total, 20)), "2");
  EXPECT_EQ(names(where::not_equal(&Order::total, 20)), "0134");
  EXPECT_EQ(names(where::more_than(&Order::total, 20)), "34");
  EXPECT_EQ(names(where::more_than_or_equal(&Order::total, 20)), "234");
  EXPECT_EQ(names(where::less_than(&Order::total, 20)), "01");
  EXPECT_EQ(names(where::less_than_or_equal(&Order::total, 20)), "012");
  EXPECT_EQ(names(where::between(&Order::total, 10, 30)), "123");
  EXPECT_EQ(names(where::in(&Order::customerName, {"c1", "c4", "none"})), "14");
  EXPECT_EQ(names(where::in(&Order::customerName, {})), "");
  EXPECT_EQ(names(where::like(&Order::customerName, "%3")), "3");
  EXPECT_EQ(names(where::is_null(&Order::note)), "13");
  EXPECT_EQ(names(!where::is_null(&Order::note)), "024");
  EXPECT_EQ(names(where::equal(&Order::note, "even") && where::equal(&Order::isPaid, true)), "4");
  EXPECT_EQ(names(where::equal(&Order::total, 0) ||
                  (where::equal(&Order::note, "even") && where::more_than(&Order::total, 20))),
            "04");
  EXPECT_EQ(names(where::equal(&Order::status, shop::Status::sent)), "");
  EXPECT_EQ(names(where::equal(&Order::customerName, "' OR 1 = 1 --")), "");
  EXPECT_EQ(run(repo.find_by(&Order::isPaid, true, {.where = where::more_than(&Order::total, 30)})).size(), 1U);
  EXPECT_EQ(
      run(repo.find_one({.where = where::more_than(&Order::total, 5), .order = {ascending(&Order::total)}}))->total,
      10);
  EXPECT_TRUE(run(repo.exists(where::equal(&Order::total, 40))));
  EXPECT_FALSE(run(repo.exists(where::equal(&Order::total, 41))));
  EXPECT_EQ(run(repo.count(where::is_null(&Order::note))), 2);
  EXPECT_EQ(run(repo.remove(where::less_than(&Order::total, 25))), 3U);
  EXPECT_EQ(run(repo.count()), 2);
  EXPECT_THROW(static_cast<void>(where::equal(&Order::notStored, "x")), database_error);
}

TEST_P(Repository, InsertsManyOrNone) {
  make_orders();
  auto repo = orders();
  std::vector<Order> many;
  for (int i = 0; i < 7000; ++i) many.push_back(order("c" + std::to_string(i), i));  // more than one statement takes
  run(repo.insert(many));
  EXPECT_EQ(run(repo.count()), 7000);
  EXPECT_EQ(run(repo.find_one_by(&Order::total, 6999))->customerName, "c6999");
  for (auto& each : many) {
    each.id = uuid::v7();
    each.customerName += "x";
  }
  many.back().customerName = "c1";  // taken
  EXPECT_THROW(run(repo.insert(many)), unique_violation);
  EXPECT_EQ(run(repo.count()), 7000);
  run(repo.insert(std::vector<Order>{}));
}

TEST_P(Repository, InsertsOrUpdates) {
  make_orders();
  auto repo = orders();
  auto one = order("one", 1);
  run(repo.upsert(one));
  one.total = 2;
  run(repo.upsert(one));
  EXPECT_EQ(run(repo.count()), 1);
  EXPECT_EQ(run(repo.find_one_by(&Order::id, one.id))->total, 2);
  auto same_name = order("one", 3);
  EXPECT_THROW(run(repo.upsert(same_name)), unique_violation);
  run(repo.upsert(same_name, &Order::customerName));
  EXPECT_EQ(run(repo.count()), 1);
  EXPECT_EQ(run(repo.find_one_by(&Order::id, one.id))->total, 3);
}

TEST_P(Repository, RefusesAColumnThatIsNotListed) {
  EXPECT_THROW(run(orders().find_by(&Order::notStored, "x")), database_error);
}

TEST_P(Repository, ReportsAnEnumerationItDoesNotKnow) {
  make_orders();
  auto repo = orders();
  run(repo.insert(order("a", 1)));
  execute("UPDATE \"order\" SET status = 'lost'");
  EXPECT_EQ(message_of<database_error>([&] { run(repo.find()); }),
            "column \"status\" holds a text, which is not one of pending, sent");
}

}  // namespace
}  // namespace nestcpp::test
