# Cassandra from Maven: the bitácora.
port=19042
needs=(java:openjdk-17-jdk-headless mvn:maven)

install() { jars "$here/cassandra/pom.xml"; }

start() {
  local drop=()
  sed "s|HOME|$home|" "$here/cassandra/cassandra.yaml" >"$home/cassandra.yaml"
  # As root it would lock its whole heap into memory: three seconds and half a gigabyte.
  [ "$(id -u)" != 0 ] || drop=(setpriv --inh-caps -ipc_lock --bounding-set -ipc_lock)
  ulimit -l 64 2>/dev/null || true
  cd "$home"
  launch "${drop[@]}" java @"$here/cassandra/jvm.options" -javaagent:"$(echo "$home"/lib/jamm-*.jar)" \
    -Dcassandra.config="file://$home/cassandra.yaml" -Dcassandra.storagedir="$home" -Dcassandra.logdir="$home" \
    -Dlogback.configurationFile="$here/cassandra/logback.xml" \
    -cp "$home/lib/*" org.apache.cassandra.service.CassandraDaemon
}

ready() {
  port_open || return 1
  [ -f "$home/made" ] || { roles >>"$log" 2>&1 && touch "$home/made"; }
}

# Cassandra comes with an account whose password everybody knows: ours takes its place.
roles() {
  CASSANDRA_PASSWORD=$CASSANDRA_PASSWORD "$python" - "$port" <<'END'
import os, sys
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import Cluster

def session(user, password):
    auth = PlainTextAuthProvider(user, password)
    return Cluster(["127.0.0.1"], port=int(sys.argv[1]), auth_provider=auth).connect()

ours = os.environ["CASSANDRA_PASSWORD"]
session("cassandra", "cassandra").execute(
    f"CREATE ROLE IF NOT EXISTS cartera WITH PASSWORD = '{ours}' AND LOGIN = true AND SUPERUSER = true"
)
session("cartera", ours).execute("ALTER ROLE cassandra WITH LOGIN = false AND SUPERUSER = false")
END
}

environment() { say "BITACORA_URL=cassandra://cartera:$CASSANDRA_PASSWORD@127.0.0.1:$port/cartera"; }
