#!/usr/bin/env bash
# private_postgres.sh <project>: keeps a PostgreSQL server until its input ends. Prints NESTCPP_TEST_PG, then answers
# the lines "crash" and "resume" with "done" or "failed".
. "$1/scripts/lib/postgres.sh"
trap stop_private_postgres EXIT
trap '' INT TERM HUP PIPE
start_private_postgres || exit 1
echo "$NESTCPP_TEST_PG"
while read -r order; do
  if "${order}_private_postgres"; then echo "done"; else echo "failed"; fi
done
