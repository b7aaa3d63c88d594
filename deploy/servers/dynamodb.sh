# DynamoDB Local from Maven: the control tables of the ingestion.
port=18000
needs=(curl:curl java:openjdk-17-jdk-headless javac:openjdk-17-jdk-headless mvn:maven)

install() {
  jars "$here/dynamodb/pom.xml"
  [ -f "$home/classes/Loopback.class" ] || javac -cp "$home/lib/*" -d "$home/classes" "$here/dynamodb/Loopback.java"
}

start() {
  mkdir -p "$home/data"
  cd "$home"
  # library.path: SQLite's native library is among the jars.
  launch java -Xmx256M -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djava.library.path="$home/lib" \
    -cp "$home/classes:$home/lib/*" Loopback -dbPath "$home/data" -sharedDb -port $port -disableTelemetry
}

# Whoever does not sign is refused as soon as it serves.
ready() {
  [ "$(curl --silent --max-time 2 --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$port/")" = 400 ]
}

environment() {
  say "DYNAMODB_ENDPOINT_URL=http://127.0.0.1:$port"
  aws_keys
}
