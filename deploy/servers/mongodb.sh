# A stand-in for MongoDB from PyPI, the store "bienes": it speaks its protocol and asks nobody for a password.
port=27117

install() {
  [ ! -f "$home/venv/.ready" ] || return 0
  local interpreter
  interpreter=$(find_python)
  [ -n "$interpreter" ] || fail "hace falta CPython 3.13 o posterior; di dónde está con MONGO_PYTHON=…"
  rm -rf "$home/venv"
  "$interpreter" -m venv "$home/venv"
  "$home/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --requirement "$here/mongodb-requirements.txt"
  touch "$home/venv/.ready"
}

find_python() {
  local candidate
  for candidate in ${MONGO_PYTHON:-python3.14 python3.13 "$HOME"/.pyenv/versions/3.1[3-9]*/bin/python}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 13))' 2>/dev/null; then
      say "$candidate"
      return
    fi
  done
}

start() { launch "$home/venv/bin/python" "$here/mongodb_server.py" --port $port --db "$home/BD_bienes.db"; }

ready() { port_open; }

environment() {
  local who= source=
  ! $by_docker || who=cartera:$MONGO_PASSWORD@ source='&authSource=admin'
  say "BIENES_URL='mongodb://${who}127.0.0.1:$port/BD_bienes?directConnection=true$source'" # & is a shell's too
}
