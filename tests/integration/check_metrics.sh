#!/bin/sh
# check_metrics.sh <folder of the executables> <folder that may have promtool>: Prometheus' own tool finds nothing wrong with the metrics of
# the three services, after they have served something.
set -eu
bin=$1
promtool=$(PATH=$PATH:$2 command -v promtool) || { echo "skipped: there is no promtool (Debian's package prometheus has it)"; exit 0; }
command -v curl >/dev/null || { echo "skipped: there is no curl"; exit 0; }
folder=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
export PASSWORD_HASH_KIB=8 PASSWORD_HASH_OPS=1 HTTP_PORT=0

listening() { # <log> <kind>: its port
  i=0
  until port=$(sed -n "s/^listening $2 .*://p" "$1") && [ -n "$port" ]; do
    i=$((i + 1))
    [ $i -lt 200 ] || { cat "$1"; exit 1; }
    sleep 0.1
  done
  echo "$port"
}
TCP_PORT=0 "$bin/user_service" >users.log 2>&1 & pids="$pids $!"
USER_SERVICE_PORT=$(listening users.log tcp)
TCP_PORT=0 USER_SERVICE_PORT=$USER_SERVICE_PORT "$bin/notification_service" >notifications.log 2>&1 & pids="$pids $!"
NOTIFICATION_SERVICE_PORT=$(listening notifications.log tcp)
USER_SERVICE_PORT=$USER_SERVICE_PORT NOTIFICATION_SERVICE_PORT=$NOTIFICATION_SERVICE_PORT "$bin/gateway" >gateway.log 2>&1 & pids="$pids $!"
gateway=$(listening gateway.log http)

curl -sSf -o answer.json -H 'Content-Type: application/json' \
  -d '{"firstName":"Ada","lastName":"Lovelace","email":"ada@example.com","password":"analytical engine"}' \
  "http://127.0.0.1:$gateway/registration"
curl -sS -o /dev/null "http://127.0.0.1:$gateway/nothing"
for log in users notifications gateway; do
  port=$(listening $log.log http)
  curl -sSf "http://127.0.0.1:$port/metrics" >$log.txt
  "$promtool" check metrics <$log.txt
  grep -q '^process_resident_memory_bytes ' $log.txt
done
grep -q '^http_server_requests_total{method="POST",route="/registration",status="201"} 1$' gateway.txt
grep -q '^http_server_requests_total{method="",route="",status="404"} 1$' gateway.txt
grep -q '^nestcpp_client_calls_total{client="user-service",result="answered"} [1-9]' gateway.txt
grep -q '^messaging_server_messages_total{pattern="user.create",kind="message",handler="UsersController.create",result="success"} 1$' users.txt
grep -q '^messaging_server_message_duration_seconds_count{pattern="user.created",' notifications.txt
echo "three services, nothing wrong"
