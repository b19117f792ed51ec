# genuine SECRET REQUEST_TIME REQUEST_SIGNATURE FILE; the file has the raw body, without a line's end behind it.
genuine() {
  expected=$({ printf '%s:' "$2"; cat "$4"; } | openssl dgst -sha256 -hmac "$1" -r | cut -d ' ' -f 1)
  [ "$expected" = "$3" ]
}
