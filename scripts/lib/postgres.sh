# A private PostgreSQL server for tests: its own directory, a free port on 127.0.0.1, a random password. Source it.
#
#   start_private_postgres    makes and starts a server; exports NESTCPP_PG_HOME (its directory) and NESTCPP_TEST_PG
#                             ("host=… port=… user=… password=… dbname=…"). The caller stops it, also when it fails
#                             itself: trap stop_private_postgres EXIT
#   stop_private_postgres     stops the server and removes its directory; does nothing where there is none
#   crash_private_postgres    kills all its processes at once (SIGKILL), as a power cut would
#   resume_private_postgres   starts it again after a crash, on the same port
#
# NESTCPP_PG_FSYNC=on makes it as slow and as safe as a real one (default: off).
# Works as root (the server runs as postgres or nobody) and as any other user. Bash only.

_postgres_bin() {
  local candidate
  for candidate in $(command -v initdb 2>/dev/null | xargs -r -n1 dirname) \
      $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin /opt/homebrew/opt/postgresql*/bin \
        2>/dev/null | sort -Vr); do
    if [ -x "$candidate/initdb" ] && [ -x "$candidate/pg_ctl" ] && [ -x "$candidate/psql" ]; then
      echo "$candidate"
      return 0
    fi
  done
  echo "no PostgreSQL server programs (initdb, pg_ctl, psql) found; on Debian: apt-get install postgresql" >&2
  return 1
}

# Runs a command as the server's owner, in the server's directory.
_postgres_run() {
  if [ "$(id -u)" != 0 ]; then
    (cd "$NESTCPP_PG_HOME" && "$@")
    return
  fi
  local owner
  owner=$(stat -c %U "$NESTCPP_PG_HOME")
  if command -v runuser >/dev/null; then
    (cd "$NESTCPP_PG_HOME" && runuser -u "$owner" -- "$@")
  else
    (cd "$NESTCPP_PG_HOME" && setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups -- "$@")
  fi
}

_postgres_ctl() {
  # Its descriptors are closed: a server that holds our stdout would keep a pipe behind us open.
  _postgres_run "$(_postgres_bin)/pg_ctl" -D "$NESTCPP_PG_HOME/data" -w -t 60 -l "$NESTCPP_PG_HOME/log" "$@" \
    >/dev/null 2>&1 </dev/null
}

_postgres_port_is_free() {
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

start_private_postgres() {
  local bin password port try
  bin=$(_postgres_bin) || return 1
  NESTCPP_PG_HOME=$(mktemp -d /tmp/nestcpp-pg.XXXXXX) || return 1
  export NESTCPP_PG_HOME
  password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
  (umask 077 && echo "$password" >"$NESTCPP_PG_HOME/password")
  if [ "$(id -u)" = 0 ]; then
    if id postgres >/dev/null 2>&1; then chown -R postgres "$NESTCPP_PG_HOME"; else chown -R nobody "$NESTCPP_PG_HOME"; fi
  fi
  if ! _postgres_run "$bin/initdb" -D "$NESTCPP_PG_HOME/data" -U postgres --pwfile="$NESTCPP_PG_HOME/password" \
      --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$NESTCPP_PG_HOME.initdb" 2>&1 </dev/null; then
    cat "$NESTCPP_PG_HOME.initdb" >&2
    rm -f "$NESTCPP_PG_HOME.initdb"
    stop_private_postgres
    return 1
  fi
  rm -f "$NESTCPP_PG_HOME.initdb"
  for try in 1 2 3 4 5 6 7 8 9 10; do
    port=$((20000 + RANDOM % 12000))
    _postgres_port_is_free "$port" || continue
    _postgres_run tee "$NESTCPP_PG_HOME/data/postgresql.auto.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 200
shared_buffers = 32MB
fsync = ${NESTCPP_PG_FSYNC:-off}
full_page_writes = ${NESTCPP_PG_FSYNC:-off}
autovacuum = off
CONF
    if _postgres_ctl start; then
      export NESTCPP_TEST_PG="host=127.0.0.1 port=$port user=postgres password=$password dbname=nestcpp"
      if PGPASSWORD=$password "$bin/psql" -q -X -h 127.0.0.1 -p "$port" -U postgres -d postgres \
          -c 'CREATE DATABASE nestcpp' >&2; then
        return 0
      fi
      break
    fi
    _postgres_ctl -m immediate stop || true
  done
  echo "PostgreSQL did not start; the end of its log:" >&2
  tail -n 5 "$NESTCPP_PG_HOME/log" >&2
  stop_private_postgres
  return 1
}

stop_private_postgres() {
  [ -n "${NESTCPP_PG_HOME:-}" ] && [ -d "$NESTCPP_PG_HOME" ] || return 0
  _postgres_ctl -m immediate stop || true
  rm -rf "$NESTCPP_PG_HOME"
  unset NESTCPP_PG_HOME NESTCPP_TEST_PG
}

crash_private_postgres() {
  local postmaster all each
  postmaster=$(head -n 1 "$NESTCPP_PG_HOME/data/postmaster.pid" 2>/dev/null) || return 1
  all="$postmaster $(ps -o pid= --ppid "$postmaster" 2>/dev/null || pgrep -P "$postmaster" || true)"
  # shellcheck disable=SC2086
  kill -9 $all 2>/dev/null || true
  for each in $all; do
    while ps -o state= -p "$each" 2>/dev/null | grep -qv Z; do sleep 0.01; done
  done
  # Where nobody has reaped the zombie yet, PostgreSQL would believe that the postmaster lives.
  rm -f "$NESTCPP_PG_HOME/data/postmaster.pid"
}

resume_private_postgres() {
  _postgres_ctl start
}
