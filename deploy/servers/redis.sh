# Redis from Debian: the queue, its results, the cache and the locks.
port=16379
needs=(redis-server:redis-server)

install() { :; }

start() {
  (umask 077 && settings >"$home/redis.conf")
  launch redis-server "$home/redis.conf"
}

settings() {
  cat <<END
bind 127.0.0.1
port $port
requirepass $REDIS_PASSWORD
dir "$home"
appendonly no
stop-writes-on-bgsave-error no
# Its command line stays as it was given: that is how it is known for ours.
set-proc-title no
END
}

ready() { [ "$(REDISCLI_AUTH=$REDIS_PASSWORD redis-cli -h 127.0.0.1 -p $port ping 2>/dev/null)" = PONG ]; }

environment() { say "REDIS_URL=redis://:$REDIS_PASSWORD@127.0.0.1:$port/0"; }
