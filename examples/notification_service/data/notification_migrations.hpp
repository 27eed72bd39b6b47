#pragma once

#include "shared/database_module.hpp"

#include <nestcpp/database/inbox.hpp>

namespace notifications {

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
                             created_at timestamptz NOT NULL))"},
           nest::migration::both(2, "index notifications", R"(
             CREATE INDEX notifications_newest ON notifications (created_at, id);
             CREATE INDEX notifications_newest_of_user ON notifications (user_id, created_at, id))"),
           inbox.create_table(3)}};
}

}  // namespace notifications
