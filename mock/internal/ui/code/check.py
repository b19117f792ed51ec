import hashlib
import hmac


def genuine(secret, headers, body):
    """body is the raw body as bytes, before any JSON parser has read it."""
    message = headers["x-request-time"].encode() + b":" + body
    expected = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), headers.get("x-request-signature", "").encode())
