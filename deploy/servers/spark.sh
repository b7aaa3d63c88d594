# Spark from PyPI, half a gigabyte, with the jars that it needs for S3 from Maven. It is no server: whoever asks for it
# runs it, by SPARK_PYTHON and with SPARK_JARS.
needs=(java:openjdk-17-jdk-headless mvn:maven)
port=-

install() {
  [ ! -f "$home/made" ] || return 0
  rm -rf "$home/venv"
  "$python" -m venv "$home/venv"
  "$home/venv/bin/pip" install --quiet --disable-pip-version-check pyspark==4.3.0
  jars "$here/spark/pom.xml"
  # Spark has newer ones of these, which ours would hide.
  rm -f "$home"/lib/netty-{buffer,codec,common,handler,resolver,transport}*.jar "$home"/lib/{slf4j,commons}-*.jar
  touch "$home/made"
}

# Nothing runs: "started" is that it was asked for.
start() { say - >"$pidfile"; }
running() { [ -s "$pidfile" ]; }
stop_by() { :; }
ready() { :; }

environment() {
  say "SPARK_PYTHON=$home/venv/bin/python"
  say "SPARK_JARS=$home/lib"
}
