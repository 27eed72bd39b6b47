#pragma once

#include "shared/database_module.hpp"

#include <nestcpp/database/inbox.hpp>

namespace notifications {

inline constexpr const char* inbox_table = "notification_inbox";

inline Migrations migrations(const nest::inbox& inbox) {
  return {"notification_migrations",
          {{.version = 1,
            .name = "create notifications",
            .sqlite = R"(CREATE TABLE notifications (
                           id text PRIMARY KEY,
                           user_id text NOT NULL,
                           type text NOT NULL,
                           recipient text NOT NULL,
                           subject text NOT NULL,
                           content text NOT NULL,
                           status text NOT NULL,
                           sent_at text,
                           created_at text NOT NULL))",
            .postgres = R"(CREATE TABLE notifications (
                             id uuid PRIMARY KEY,
                             user_id uuid NOT NULL,
                             type text NOT NULL,
                             recipient text NOT NULL,
                             subject text NOT NULL,
                             content text NOT NULL,
                             status text NOT NULL,
                             sent_at timestamptz,
                             created_at timestamptz NOT NULL))",
            .sqlite_down = "DROP TABLE notifications",
            .postgres_down = "DROP TABLE notifications"},
           nest::migration::both(2, "index notifications", R"(
             CREATE INDEX notifications_newest ON notifications (created_at, id);
             CREATE INDEX notifications_newest_of_user ON notifications (user_id, created_at, id))",
                                 "DROP INDEX notifications_newest; DROP INDEX notifications_newest_of_user"),
           inbox.create_table(3),
           {.version = 4,
            .name = "remember attempts to send",
            .sqlite = R"(ALTER TABLE notifications ADD COLUMN attempts integer NOT NULL DEFAULT 0;
                         ALTER TABLE notifications ADD COLUMN last_error text;
                         ALTER TABLE notifications ADD COLUMN next_attempt_at text;
                         CREATE INDEX notifications_pending ON notifications (created_at, id)
                           WHERE status = 'pending')",
            .postgres = R"(ALTER TABLE notifications ADD COLUMN attempts integer NOT NULL DEFAULT 0,
                             ADD COLUMN last_error text,
                             ADD COLUMN next_attempt_at timestamptz;
                           CREATE INDEX notifications_pending ON notifications (created_at, id)
                             WHERE status = 'pending')",
            .sqlite_down = R"(DROP INDEX notifications_pending;
                              ALTER TABLE notifications DROP COLUMN attempts;
                              ALTER TABLE notifications DROP COLUMN last_error;
                              ALTER TABLE notifications DROP COLUMN next_attempt_at)",
            .postgres_down = R"(DROP INDEX notifications_pending;
                                ALTER TABLE notifications DROP COLUMN attempts, DROP COLUMN last_error,
                                  DROP COLUMN next_attempt_at)"}}};
}

}  // namespace notifications
