#pragma once

#include "shared/database_module.hpp"

#include <nestcpp/database/outbox.hpp>

namespace users {

inline constexpr const char* outbox_table = "user_outbox";

inline Migrations migrations(const nest::outbox& outbox) {
  return {"user_migrations",
          {{.version = 1,
            .name = "create users",
            .sqlite = R"(CREATE TABLE users (
                           id text PRIMARY KEY,
                           first_name text NOT NULL,
                           last_name text NOT NULL,
                           email text NOT NULL UNIQUE,
                           password_hash text NOT NULL,
                           is_active integer NOT NULL,
                           created_at text NOT NULL,
                           updated_at text NOT NULL))",
            .postgres = R"(CREATE TABLE users (
                             id uuid PRIMARY KEY,
                             first_name text NOT NULL,
                             last_name text NOT NULL,
                             email text NOT NULL UNIQUE,
                             password_hash text NOT NULL,
                             is_active boolean NOT NULL,
                             created_at timestamptz NOT NULL,
                             updated_at timestamptz NOT NULL))",
            .sqlite_down = "DROP TABLE users",
            .postgres_down = "DROP TABLE users"},
           outbox.create_table(2)}};
}

}  // namespace users
