#!/bin/bash
# Healthy once `cartera` may enter. Cassandra comes with an account whose password everybody knows: that one makes
# ours, and is shut.
set -euo pipefail
made=/var/lib/cassandra/cartera

if [ -f $made ]; then
  exec 3<>/dev/tcp/cassandra/9042
  exit
fi

credentials=$(mktemp) # a command line would show the password
trap 'rm -f "$credentials"' EXIT
printf '[PlainTextAuthProvider]\nusername = cartera\npassword = %s\n' "$CASSANDRA_PASSWORD" >"$credentials"

shut() {
  cqlsh cassandra --credentials "$credentials" \
    --execute "ALTER ROLE cassandra WITH LOGIN = false AND SUPERUSER = false"
}

if ! shut; then
  cqlsh cassandra --username cassandra --password cassandra <<END_OF_CQL
CREATE ROLE IF NOT EXISTS cartera WITH PASSWORD = '$CASSANDRA_PASSWORD' AND LOGIN = true AND SUPERUSER = true;
END_OF_CQL
  shut
fi
touch $made
