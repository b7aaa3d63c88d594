# What every server's file starts from. Sourced by servers.sh, never run.
#
# A server's file says its `port`; `needs`, as program:package, and `stop_signal` where there is more to say; and has
#   install       what no Debian package brings; nothing when it is there
#   start         settings and data the first time, then `launch`
#   ready         succeeds once the server takes what clients send
#   environment   prints the lines of var/servers/env that lead to it

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/deploy/servers
base=$root/var/servers
python=$root/.venv/bin/python

SERVERS=(mysql postgresql redis mongodb cassandra s3 dynamodb) # all that `make servers` starts
OPTIONAL=(minio trino spark)                                  # large: by name alone

say() { printf '%s\n' "$*"; }
line() { printf '  %-11s %-16s %s\n' "$1" "$2" "${3:-}"; }
fail() {
  say "$*" >&2
  exit 1
}

# The passwords of this place: made once, read by docker compose too.
read_passwords() {
  local name file=$base/passwords
  (umask 077 && touch "$file")
  for name in MYSQL_PASSWORD POSTGRES_PASSWORD REDIS_PASSWORD MONGO_PASSWORD CASSANDRA_PASSWORD \
    AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; do
    grep -q "^$name=" "$file" || say "$name=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')" >>"$file"
  done
  . "$file"
}

# Load a server's file: each is loaded in a subshell of its own, so their verbs do not mix.
load() {
  name=$1 home=$base/$1 log=$base/log/$1.log pidfile=$base/$1/pid
  needs=() stop_signal=TERM unprivileged=()
  [ -f "$here/$name.sh" ] || fail "No hay ningún servidor que se llame «$name». Hay: ${SERVERS[*]} ${OPTIONAL[*]}."
  . "$here/$name.sh"
  mkdir -p "$home" "$base/log"
}

# --- processes ---------------------------------------------------------------------------------

# The number in a pid file may belong to somebody else by now: it is ours if its command line names our folder.
running() {
  # By no pipe: what writes to a grep that has found it already is killed, and pipefail would say no.
  [ -s "$pidfile" ] && grep -qzF -- "$home" "/proc/$(cat "$pidfile")/cmdline" 2>/dev/null
}

port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

# A process of its own session, that outlives this script and holds none of its files.
launch() {
  setsid "${unprivileged[@]}" "$@" >>"$log" 2>&1 </dev/null 9>&- &
  say $! >"$pidfile"
}

# PostgreSQL and MariaDB refuse to be root: there they run as the user that their package brings, who owns
# `home`, and who may need a capability to walk down to it, as in a clone under /root.
drop_root() {
  [ "$(id -u)" = 0 ] || return 0
  unprivileged=(setpriv --reuid "$1" --regid "$1" --init-groups)
  chown "$1:" "$home"
  "${unprivileged[@]}" test -x "$home" ||
    unprivileged+=(--inh-caps +dac_override --ambient-caps +dac_override)
}

start_and_wait() {
  if ! running; then
    ! port_open || fail "$name: el puerto $port de 127.0.0.1 ya está ocupado por otro programa."
    start
  fi
  local end=$((SECONDS + 120))
  until ready; do
    # For a moment, as one program becomes the next on the way to the server, it has no command line.
    running || { sleep 0.5 && running; } || fail "$name: se ha detenido al arrancar; su registro es $log"
    ((SECONDS < end)) || fail "$name: no responde tras dos minutos; su registro es $log"
    sleep 0.1
  done
}

# stop_by SIGNAL: with its children, when it is KILL, since they would outlive it a moment.
stop_by() {
  local pid waited=0
  running || return 0
  pid=$(cat "$pidfile")
  if [ "$1" = KILL ]; then
    kill -KILL "$pid" $(cat "/proc/$pid/task/$pid/children" 2>/dev/null) 2>/dev/null || true
  else
    kill -s "$1" "$pid"
  fi
  while running; do
    sleep 0.1
    ((++waited < 300)) || kill -KILL "$pid" 2>/dev/null || true
  done
}

# --- what is installed ---------------------------------------------------------------------------

# apt_install WHAT PACKAGE...: installs them without starting the services that they bring.
apt_install() {
  local policy=/usr/sbin/policy-rc.d
  [ "$(id -u)" = 0 ] || fail "Faltan paquetes de Debian: instálalos como root con «apt-get install $*»."
  command -v apt-get >/dev/null || fail "Faltan paquetes y este sistema no es Debian ni Ubuntu: $*."
  say "Instalando de Debian: $*"
  if [ ! -e $policy ]; then
    trap "rm -f $policy" EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod +x $policy
  fi
  { apt-get update --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "$@"; } \
    >>"$base/log/apt.log" 2>&1 || fail "No se han podido instalar; el registro es $base/log/apt.log"
}

# jars POM: what a pom.xml depends on, into $home/lib; whole or not at all.
jars() {
  [ ! -d "$home/lib" ] || return 0
  rm -rf "$home/lib.new"
  mvn --quiet --batch-mode --file "$1" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$home/lib.new"
  mv "$home/lib.new" "$home/lib"
}

# go_install PROGRAM MODULE@VERSION
go_install() {
  [ ! -x "$home/bin/$1" ] || return 0
  command -v go >/dev/null || fail "hace falta Go 1.21 o posterior, de https://go.dev/dl"
  GOBIN=$home/bin GOFLAGS=-buildvcs=false go install "$2"
}

# What the AWS tools read; DynamoDB Local wants keys too, whatever they are.
aws_keys() {
  say "AWS_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID"
  say "AWS_SECRET_ACCESS_KEY=$AWS_SECRET_ACCESS_KEY"
  say "AWS_DEFAULT_REGION=us-east-1"
}
