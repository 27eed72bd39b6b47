# shellcheck shell=bash
# Sourced by the scripts beside this folder: where the project is, and how to say things.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

say() { printf '%s==> %s%s\n' "$bold" "$*" "$plain"; }

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# The comment at the head of a script is its help.
help() {
  sed -n '2,/^[^#]/{s/^# \{0,1\}//p;}' "$0"
  exit 0
}

cores() { nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }

# with_lock <file> <command…>: one at a time, saying so where it waits.
with_lock() {
  local file=$1
  shift
  mkdir -p "$(dirname "$file")"
  if ! have flock; then
    "$@"
    return
  fi
  (
    if ! flock -n 9; then
      say "another build of this tree is running, waiting for it"
      flock 9
    fi
    "$@" 9>&-
  ) 9>"$file"
}
