# MariaDB from Debian: the store "clientes".
port=13306
needs=(mariadbd:mariadb-server)

install() { :; }

start() {
  drop_root mysql
  settings >"$home/my.cnf"
  (umask 077 && databases >"$home/databases.sql")
  [ "$(id -u)" != 0 ] || chown mysql "$home/databases.sql"
  if [ ! -f "$home/made" ]; then
    rm -rf "$home/data"
    "${unprivileged[@]}" mariadb-install-db --defaults-file="$home/my.cnf" --datadir="$home/data" --skip-test-db >>"$log" 2>&1
    touch "$home/made"
  fi
  launch mariadbd --defaults-file="$home/my.cnf"
}

settings() {
  cat <<END
[mariadbd]
datadir = $home/data
# Inside datadir: a socket's whole path may have 107 letters.
socket = mysql.sock
pid-file = mysql.pid
bind-address = 127.0.0.1
port = $port
skip-name-resolve
character-set-server = utf8mb4
collation-server = utf8mb4_bin
default-time-zone = +00:00
sql-mode = STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION
# A server for development: quick, and of no use after the machine loses power.
innodb-flush-log-at-trx-commit = 0
innodb-doublewrite = 0
init-file = $home/databases.sql
END
}

# Read by the server each time it starts; a statement a line.
databases() {
  cat <<END
CREATE DATABASE IF NOT EXISTS BD_clientes;
CREATE USER IF NOT EXISTS cartera@'127.0.0.1';
ALTER USER cartera@'127.0.0.1' IDENTIFIED BY '$MYSQL_PASSWORD';
GRANT ALL ON BD_clientes.* TO cartera@'127.0.0.1';
GRANT ALL ON \`test\_%\`.* TO cartera@'127.0.0.1';
END
}

ready() {
  MYSQL_PWD=$MYSQL_PASSWORD mariadb --no-defaults --protocol=tcp --host=127.0.0.1 --port=$port --user=cartera \
    --execute="SELECT 1" BD_clientes >/dev/null 2>&1
}

environment() { say "CLIENTES_URL=mysql://cartera:$MYSQL_PASSWORD@127.0.0.1:$port/BD_clientes"; }
