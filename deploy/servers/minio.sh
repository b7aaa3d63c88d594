# S3: MinIO from Go modules, in the place of versitygw, on its port. It really encrypts, and knows life cycles; where
# there is a key `x`, its listings lack `x/y`.
port=17070
needs=(curl:curl)

install() { go_install minio github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c; }

start() {
  mkdir -p "$home/data"
  [ -s "$home/key" ] || (umask 077 && say "cartera:$(head -c 32 /dev/urandom | base64)" >"$home/key")
  # Without a key of its own it refuses ServerSideEncryption=AES256.
  export MINIO_KMS_SECRET_KEY=$(cat "$home/key") MINIO_UPDATE=off MINIO_BROWSER=off
  export MINIO_ROOT_USER=$AWS_ACCESS_KEY_ID MINIO_ROOT_PASSWORD=$AWS_SECRET_ACCESS_KEY
  launch "$home/bin/minio" server --address 127.0.0.1:$port --quiet "$home/data"
}

ready() { curl --silent --fail --max-time 2 --output /dev/null "http://127.0.0.1:$port/minio/health/ready"; }

environment() {
  say "AWS_ENDPOINT_URL=http://127.0.0.1:$port"
  aws_keys
}
