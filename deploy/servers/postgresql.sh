# PostgreSQL from Debian: accounts and schedules, and the store "polizas".
port=15432
needs=(/usr/lib/postgresql/*/bin/postgres:postgresql)
stop_signal=INT # TERM would wait for every client to leave

install() { :; }

start() {
  drop_root postgres
  local data=$home/data version bin
  version=$(cat "$data/PG_VERSION" 2>/dev/null || ls /usr/lib/postgresql | sort -n | tail -1)
  bin=/usr/lib/postgresql/$version/bin
  ((version >= 15)) || fail "postgresql: hace falta PostgreSQL 15 o posterior; hay $version."
  if [ ! -f "$home/made" ]; then
    rm -rf "$data"
    "${unprivileged[@]}" "$bin/initdb" --pgdata="$data" --username=postgres --encoding=UTF8 --locale=C.UTF-8 --no-sync >>"$log" 2>&1
    settings >>"$data/postgresql.conf"
    say "host all all 127.0.0.1/32 scram-sha-256" >"$data/pg_hba.conf"
    # Without a server: no door is open before there are passwords.
    databases | "${unprivileged[@]}" "$bin/postgres" --single -j -D "$data" postgres >>"$log" 2>&1
    touch "$home/made"
  fi
  gone "$(sed -n 1p "$data/postmaster.pid" 2>/dev/null)"
  launch "$bin/postgres" -D "$data"
}

# One that was killed stays a moment in the list of processes, and PostgreSQL would take it for running.
gone() {
  local tries=50
  while [ -n "$1" ] && [ -e "/proc/$1" ] && ((tries-- > 0)); do sleep 0.1; done
}

settings() {
  cat <<END
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 200
timezone = 'UTC'
log_timezone = 'UTC'
# A server for development: quick, and of no use after the machine loses power.
fsync = off
synchronous_commit = off
full_page_writes = off
END
}

databases() {
  cat <<END
CREATE ROLE cartera LOGIN CREATEDB PASSWORD '$POSTGRES_PASSWORD';

CREATE DATABASE cartera OWNER cartera;

CREATE DATABASE "BD_polizas" OWNER cartera;

END
}

# It listens before it takes connections, and says so in this file.
ready() { [ "$(sed -n 8p "$home/data/postmaster.pid" 2>/dev/null | tr -d ' ')" = ready ]; }

environment() {
  say "DATABASE_URL=postgres://cartera:$POSTGRES_PASSWORD@127.0.0.1:$port/cartera"
  say "POLIZAS_URL=postgres://cartera:$POSTGRES_PASSWORD@127.0.0.1:$port/BD_polizas"
}
