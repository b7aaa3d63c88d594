#!/usr/bin/env bash
# The servers of this clone, on loopback, all of it under var/servers; `make servers` and its sisters.
#   servers.sh up|stop|status|start|kill [NAME...]      servers.sh drivers
# `up` installs what is missing; `start` starts again what was stopped; `kill` does it as a crash would.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# --- by docker compose -----------------------------------------------------------------------------

# Not while there are servers from packages: they have the ports, and what was written.
docker_answers() {
  [ -f "$root/docker-compose.yml" ] && ! compgen -G "$base/*/pid" >/dev/null &&
    docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1
}

compose() { docker compose --project-directory "$root" --env-file "$base/passwords" "$@"; }

docker_verb() {
  local verb=$1
  shift
  case $verb in
    start) compose up --detach --wait "$@" ;;
    up)
      compose up --detach --wait "$@"
      write_env
      ;;
    stop | kill) compose "$verb" "$@" ;;
    status)
      compose ps --all --format '{{.Service}}	{{.Status}}' "$@"
      [ -z "$(compose ps --all --quiet --status exited --status restarting --status dead "$@")" ]
      ;;
  esac
}

# --- by packages -----------------------------------------------------------------------------------

# Packages of the servers asked for whose programs (a glob, if need be) are not there, each once.
missing_packages() {
  local name need
  for name in "$@"; do
    (
      load "$name"
      for need in "${needs[@]}"; do
        command -v ${need%%:*} >/dev/null || say "${need#*:}"
      done
    )
  done | sort -u
}

# What Python's driver of MySQL is compiled with, which has no wheel.
drivers() {
  local packages=() headers
  headers=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')
  command -v gcc >/dev/null || packages+=(gcc libc6-dev)
  command -v pkg-config >/dev/null || packages+=(pkg-config)
  pkg-config --exists libmariadb 2>/dev/null || packages+=(libmariadb-dev)
  [ -f "$headers/Python.h" ] || packages+=(python3-dev)
  [ ${#packages[@]} = 0 ] || apt_install "${packages[@]}"
}

up_one() {
  local from=$SECONDS installed
  load "$1"
  # In the background, where the first step that fails ends it; behind `||` none would.
  install >"$log.install" 2>&1 9>&- &
  wait $! || fail "$name: no se ha podido instalar: $(tail -n 1 "$log.install") (el registro es $log.install)"
  installed=$SECONDS
  start_and_wait
  line "$name" "127.0.0.1:$port" "listo: instalar $((installed - from)) s, arrancar $((SECONDS - installed)) s"
}

up() {
  local name job jobs=() failed=0 packages
  packages=$(missing_packages "$@")
  [ -z "$packages" ] || apt_install $packages
  for name in "$@"; do
    (up_one "$name") &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job" || failed=1; done
  write_env
  return $failed
}

status_one() {
  load "$1"
  if running; then
    line "$name" "127.0.0.1:$port" "proceso $(cat "$pidfile")"
  elif [ -e "$pidfile" ]; then
    line "$name" "caído" "su registro es $log"
    return 1
  else
    line "$name" "detenido"
  fi
}

package_verb() {
  local verb=$1 name failed=0
  shift
  case $verb in
    up) up "$@" ;;
    start) for name in "$@"; do (load "$name" && start_and_wait); done ;;
    stop) for name in "$@"; do (load "$name" && stop_by "$stop_signal" && rm -f "$pidfile"); done ;;
    kill) for name in "$@"; do (load "$name" && stop_by KILL); done ;;
    status) for name in "$@"; do (status_one "$name") || failed=1; done ;;
  esac
  return $failed
}

# --- what leads to them ----------------------------------------------------------------------------

started() {
  [ -e "$pidfile" ] || [[ " $in_docker " == *" $name "* ]]
}

write_env() {
  local name in_docker=
  ! $by_docker || in_docker=$(compose ps --services --status running | tr '\n' ' ')
  (
    umask 077
    for name in "${SERVERS[@]}" "${OPTIONAL[@]}"; do
      (load "$name" && ! started || environment)
    done | awk '!seen[$0]++' >"$base/env"
  )
  say "Para usarlos: set -a; . var/servers/env; set +a      (o cópialo en .env)"
}

verb=${1:-}
shift || true
case $verb in
  up) [ $# -gt 0 ] || set -- "${SERVERS[@]}" ;;
  drivers)
    mkdir -p "$base/log"
    drivers
    exit
    ;;
  start | kill) [ $# -gt 0 ] || fail "Falta decir qué servidor." ;;
  stop | status) [ $# -gt 0 ] || all=1 ;;
  *) fail "Se usa así: deploy/servers/servers.sh up|stop|status|start|kill [servidor...]" ;;
esac
mkdir -p "$base/log"
read_passwords
if [ "$verb" = up ]; then # two at once would install twice
  exec 9>"$base/lock"
  flock 9
fi
if docker_answers; then
  by_docker=true
  docker_verb "$verb" "$@"
else
  by_docker=false
  [ -z "${all:-}" ] || set -- "${SERVERS[@]}" "${OPTIONAL[@]}"
  package_verb "$verb" "$@"
fi
