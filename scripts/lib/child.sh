# shellcheck shell=bash
# Sourced after common.sh: children that never outlive the script. Sets the traps; on_exit is called once at the end.

children=()
on_exit() { :; }

# start <command…>: in the background, in a process group of its own; sets child.
start() {
  set -m
  "$@" </dev/null &
  child=$!
  set +m
  children+=("$child")
}

# finish <child>: waits for it and gives its status; a signal to the script is heard meanwhile.
finish() {
  local status=0 kept=() each
  wait "$1" || status=$?
  for each in "${children[@]}"; do [ "$each" = "$1" ] || kept+=("$each"); done
  children=("${kept[@]}")
  return "$status"
}

# run <command…>: start and finish.
run() {
  start "$@"
  finish "$child"
}

# stop <child>: SIGTERM to its group, SIGKILL to what is left after five seconds.
stop() {
  local tries=0
  kill -TERM -- "-$1" 2>/dev/null || true
  while kill -0 -- "-$1" 2>/dev/null && [ "$tries" -lt 50 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  kill -KILL -- "-$1" 2>/dev/null || true
  finish "$1" 2>/dev/null || true
}

_at_exit() {
  local status=$? each
  trap '' INT TERM HUP
  for each in "${children[@]}"; do stop "$each"; done
  on_exit || true
  exit "$status"
}
trap _at_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
