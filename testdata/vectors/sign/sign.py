"""Signs webhooks: reads lines of secret, x-request-time and body, the first and the last in hexadecimal, and writes the
signature of each."""

import hashlib
import hmac
import sys

for line in sys.stdin:
    secret, request_time, body = line.rstrip("\n").split(" ")
    message = request_time.encode() + b":" + bytes.fromhex(body)
    print(hmac.new(bytes.fromhex(secret), message, hashlib.sha256).hexdigest())
