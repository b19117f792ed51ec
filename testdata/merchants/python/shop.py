"""A shop that takes payments on PayPorter's hosted page, with nothing but Python's standard library.

Create a checkout, send the customer to its redirectUrl, take the callback, ask for the status.
Orders live in memory; yours belong in a database.
"""

import http.client
import json
import os
import re
import sys
import threading
import urllib.error
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

PAYPORTER = os.environ.get("PAYPORTER_BASE_URL", "http://127.0.0.1:8080")
CREDENTIALS = {
    "X-API-KEY": os.environ.get("PAYPORTER_API_KEY", "test_key"),
    "X-API-SECRET": os.environ.get("PAYPORTER_API_SECRET", "test_secret"),
}
PATIENCE = 4  # seconds; a callback wants its answer within 5
MAX_BODY = 64 * 1024  # bytes

orders = {}  # orderId -> order
lock = threading.Lock()  # guards what is in orders


class Refused(Exception):
    """What the caller did wrong, with the status to answer."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def create_checkout(order, callback):
    """1. Create a checkout and answer where the customer pays."""
    answer = ask(
        "/api/checkout",
        {
            "orderId": order["orderId"],
            "amount": order["amount"],
            "currency": order["currency"],
            "callback": callback,
        },
    )
    order["checkoutId"] = answer["checkoutId"]
    return answer["redirectUrl"]


def take_callback(checkout_id):
    """2. The callback is not signed, so it proves nothing: it only says which checkout to ask about."""
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", checkout_id, re.IGNORECASE):
        raise Refused(400, "checkoutId must be a UUID")
    payment = checkout_status(checkout_id)
    order = orders.get(payment["orderId"])
    if order is None or order.get("checkoutId", checkout_id) != checkout_id:
        raise Refused(404, "there is no such order")
    settle(order, payment)


def checkout_status(checkout_id):
    """3. Ask for the status."""
    try:
        return ask("/api/checkout/" + checkout_id)
    except urllib.error.HTTPError as err:
        if err.code == 404:
            raise Refused(404, "there is no such checkout") from None
        raise


def settle(order, payment):
    """Believe the status, once, and only if it is about this order's money."""
    with lock:
        if order["status"] == "paid":
            return  # callbacks arrive more than once
        if payment["status"] == "SUCCESS":
            wanted, paid = (order["amount"], order["currency"]), (payment["amount"], payment["currency"])
            if paid != wanted:
                print(order["orderId"], "paid", *paid, "instead of", *wanted, file=sys.stderr)
                return  # for a person to look at
            order["status"] = "paid"
            order["fulfilments"] += 1  # ship it
        elif payment["status"] in ("FAILED", "REJECTED", "CANCELLED"):
            order["status"] = "failed"  # until the customer tries again


def ask(path, body=None):
    """Call PayPorter. Whatever goes wrong is an exception."""
    request = urllib.request.Request(
        PAYPORTER + path,
        data=None if body is None else json.dumps(body).encode(),
        headers=CREDENTIALS | ({} if body is None else {"Content-Type": "application/json"}),
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:
        return json.load(response)


class Shop(BaseHTTPRequestHandler):
    timeout = 30  # seconds for a client that says nothing

    def do_GET(self):
        if self.path == "/health":
            return self.answer(200, {"status": "ok"})
        order = orders.get(self.path.removeprefix("/orders/"))
        if order is None:
            return self.answer(404, {"message": "there is no such order"})
        with lock:
            self.answer(200, {name: order[name] for name in ("orderId", "status", "fulfilments")})

    def do_POST(self):
        try:
            if self.path == "/orders":
                self.answer(200, self.order())
            elif self.path == "/payment-callback":
                take_callback(self.field("checkoutId"))
                self.answer(200, {"message": "thank you"})
            else:
                self.answer(404, {"message": "there is no such page"})
        except Refused as err:
            self.answer(err.status, {"message": str(err)})
        except (OSError, http.client.HTTPException, ValueError, LookupError) as err:
            # PayPorter cannot be asked now. 503, so that a callback is sent again later.
            print(self.path, repr(err), file=sys.stderr)
            self.answer(503, {"message": "PayPorter could not be asked"})

    def order(self):
        try:
            wanted = json.loads(self.body())
            amount, currency = wanted["amount"], wanted["currency"]
        except (ValueError, TypeError, LookupError):
            raise Refused(400, 'want {"amount": 100.50, "currency": "TRY"}') from None
        order = {
            "orderId": f"ORD-{uuid.uuid4()}",
            "amount": amount,
            "currency": currency,
            "status": "pending",
            "fulfilments": 0,
        }
        orders[order["orderId"]] = order  # first, because a callback can overtake the answer
        try:
            callback = f"http://127.0.0.1:{self.server.server_port}/payment-callback"
            return {"orderId": order["orderId"], "redirectUrl": create_checkout(order, callback)}
        except Exception:
            with lock:
                if order["status"] == "pending":
                    order["status"] = "failed"  # nobody was sent to pay it
            raise

    def field(self, name):
        """One field of a form, or nothing when it is missing or there are several."""
        if self.headers.get_content_type() != "application/x-www-form-urlencoded":
            return ""
        try:
            values = parse_qs(self.body().decode(), max_num_fields=100).get(name, [])
        except ValueError:
            raise Refused(400, "the form cannot be read") from None
        return values[0] if len(values) == 1 else ""

    def body(self):
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal():
            raise Refused(400, "Content-Length must be a number")
        if int(length) > MAX_BODY:
            raise Refused(413, "the body is too long")
        return self.rfile.read(int(length))

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass  # one line on standard output is enough


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # connections that may wait; the default of 5 is soon used up


if __name__ == "__main__":
    server = Server(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Shop)
    print(f"shop listens on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
