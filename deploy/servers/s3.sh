# S3: versitygw from Go modules, over plain files. It takes ServerSideEncryption without encrypting.
port=17070
needs=(curl:curl)

install() { go_install versitygw github.com/versity/versitygw/cmd/versitygw@v1.8.0; }

# Never --keep-alive: pyarrow's CompleteMultipartUpload then fails with a 400.
start() {
  mkdir -p "$home"/{data/{cartera,trino},versions,iam} # a bucket is a folder too
  export ROOT_ACCESS_KEY=$AWS_ACCESS_KEY_ID ROOT_SECRET_KEY=$AWS_SECRET_ACCESS_KEY
  launch "$home/bin/versitygw" --port 127.0.0.1:$port --region us-east-1 --health /health --quiet \
    --iam-dir "$home/iam" posix --versioning-dir "$home/versions" "$home/data"
}

ready() { curl --silent --fail --max-time 2 --output /dev/null "http://127.0.0.1:$port/health"; }

environment() {
  say "AWS_ENDPOINT_URL=http://127.0.0.1:$port"
  aws_keys
  say "S3_BUCKET=cartera"
}
