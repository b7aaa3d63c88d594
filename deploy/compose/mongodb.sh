#!/bin/bash
# The members of a replica set know each other by a key, even where there is one alone: made on the first start.
set -euo pipefail
key=/data/configdb/clave
if [ ! -s $key ]; then
  (umask 077 && head -c 512 /dev/urandom | base64 --wrap=0 >$key.new)
  chown mongodb $key.new
  mv $key.new $key
fi
exec docker-entrypoint.sh "$@"
