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
import time
import urllib.error
import urllib.request
import uuid
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote

import refunds

PAYPORTER = os.environ.get("PAYPORTER_BASE_URL", "http://127.0.0.1:8080")
CREDENTIALS = {
    "X-API-KEY": os.environ.get("PAYPORTER_API_KEY", "test_key"),
    "X-API-SECRET": os.environ.get("PAYPORTER_API_SECRET", "test_secret"),
}
PATIENCE = 3  # seconds; a callback wants its answer within 5
MAX_BODY = 64 * 1024  # bytes
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

orders = {}  # orderId -> order
checkouts = {}  # checkoutId -> the order it is for
events = {}  # x-event-id of each webhook that was taken; a real shop keeps them in its database
lock = threading.Lock()  # guards what is in orders


class Refused(Exception):
    """Why the caller gets no for an answer, with the status that says so."""

    def __init__(self, status, message, **details):
        super().__init__(message)
        self.status, self.answer = status, {"message": message, **details}


def to_pay(order, callback):
    """2. Send the customer to redirectUrl, unchanged."""
    with order["linking"]:  # who asks twice at once gets one link, not two that can both be paid
        if "checkoutId" in order:  # a callback can be lost
            settle(order, order["checkoutId"], checkout_status(order["checkoutId"]))
        if order["status"] == "paid":
            raise Refused(409, "this order is paid")
        if "redirectUrl" not in order:
            create_checkout(order, callback)
        return {"orderId": order["orderId"], "redirectUrl": order["redirectUrl"]}


def create_checkout(order, callback):
    answer = ask("/api/checkout", checkout_request(order, callback))
    checkouts[answer["checkoutId"]] = order
    order["checkoutId"], order["redirectUrl"] = answer["checkoutId"], answer["redirectUrl"]


def checkout_request(order, callback):
    """The amount goes out with the digits it has. json.dumps knows no Decimal, so it is put in by hand."""
    rest = json.dumps({"orderId": order["orderId"], "currency": order["currency"], "callback": callback})
    return f'{{"amount": {order["amount"]}, {rest[1:]}'


def take_callback(checkout_id):
    """3. The callback is not signed, so it proves nothing: it only says which checkout to ask about."""
    if not UUID.fullmatch(checkout_id):
        raise Refused(400, "checkoutId must be a UUID")
    payment = checkout_status(checkout_id)
    order = orders.get(payment["orderId"])
    if order is None or checkouts.get(checkout_id, order) is not order:
        raise Refused(404, "there is no such order")
    settle(order, checkout_id, payment)


def checkout_status(checkout_id):
    try:
        return ask("/api/checkout/" + checkout_id)
    except urllib.error.HTTPError as err:
        if err.code == 404:
            raise Refused(404, "there is no such checkout") from None
        raise


def settle(order, checkout_id, payment):
    """4. Believe the status, once, and only if it is about this order's money."""
    with lock:
        if order["status"] == "paid":
            return  # callbacks come more than once, and in any order
        if payment["status"] == "SUCCESS":
            wanted = [order[name] for name in ("orderId", "amount", "currency")]
            paid = [payment[name] for name in ("orderId", "amount", "currency")]
            if paid != wanted:
                print("paid", *paid, "instead of", *wanted, file=sys.stderr)
                return  # for a person to look at
            order["status"] = "paid"
            order["paymentId"] = payment.get("paymentId")  # a refund names the payment
            order["fulfilments"] += 1  # ship it
        elif payment["status"] in ("FAILED", "REJECTED", "CANCELLED"):
            order["status"] = "failed"  # until the customer tries again: after FAILED on the same link
            if payment["status"] != "FAILED" and checkout_id == order.get("checkoutId"):
                order.pop("redirectUrl", None)  # this link is over
        # whatever else it says, it is not decided yet


def give_back(order, amount):
    """5. The customer gets some of the money back. A refund whose answer never came is not asked for again."""
    with lock:
        if order["status"] != "paid":
            raise Refused(409, "this order is not paid")
        refund = refunds.reserve(order, amount)
    if refund is None:
        raise Refused(409, "that is more than was paid and not given back")
    try:
        body = f'{{"amount": {amount}, "currency": {json.dumps(order["currency"])}}}'
        made = ask(f"/api/payment/{order['paymentId']}/refund", body)
        with lock:
            refund.update(paymentId=made["paymentId"], status=made["status"])
    except FAULTS as err:
        if isinstance(err, urllib.error.HTTPError) and 400 <= err.code < 500:  # PayPorter says no: nothing has happened
            with lock:
                order["refunds"].remove(refund)
            raise Refused(409, "PayPorter refuses this refund") from None
        print(order["orderId"], repr(err), file=sys.stderr)  # for a person to look at
        raise Refused(502, "it is not known whether this refund was made") from None
    return {"orderId": order["orderId"], "status": made["status"]}


def take_webhook(headers, body):
    """6. What a webhook says is asked for all the same: it may be old by now."""
    if not refunds.genuine(headers, body):
        raise Refused(401, "the signature is wrong, or the webhook is too old")
    event = headers.get("x-event-id", "")
    if event not in events:
        learn(ask("/api/payment/" + quote(read_json(body)["paymentId"], safe="")))
        with lock:
            events[event] = True  # afterwards: one that could not be handled comes again
            while len(events) > 10_000:
                del events[next(iter(events))]


def learn(payment):
    """Take what PayPorter says of a payment: of an order's own, or of what gives money back."""
    order = orders.get(payment["orderId"])
    if order is None:
        return  # somebody else's
    if payment["transactionType"] == "SALE":
        settle(order, order.get("checkoutId"), payment)
        return
    with lock:
        refunds.take(order, payment)


def ask_for_refunds(order):
    """A webhook can be lost."""
    for payment_id in refunds.waiting(order):
        try:
            learn(ask("/api/payment/" + payment_id))
        except FAULTS as err:
            print(order["orderId"], repr(err), file=sys.stderr)  # asked again the next time


def ask(path, body=None):
    """Call PayPorter. Whatever goes wrong is an exception, and no exception is ever a payment."""
    deadline = time.monotonic() + PATIENCE
    request = urllib.request.Request(
        PAYPORTER + path,
        data=None if body is None else body.encode(),
        headers=CREDENTIALS | ({} if body is None else {"Content-Type": "application/json"}),
    )
    answer = b""
    with payporter.open(request, timeout=PATIENCE) as response:
        while chunk := response.read1(MAX_BODY):
            answer += chunk
            if time.monotonic() > deadline:
                raise TimeoutError("PayPorter took too long to answer")
    return read_json(answer)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The credentials go nowhere else."""

    def redirect_request(self, *_):
        return None


payporter = urllib.request.build_opener(NoRedirect)


def read_json(text):
    """Read JSON without rounding its numbers."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


# What can go wrong when PayPorter is asked: the network, the protocol, what the answer says.
FAULTS = (OSError, http.client.HTTPException, ValueError, TypeError, LookupError)


class Shop(BaseHTTPRequestHandler):
    timeout = 30  # seconds for a client that says nothing

    def do_GET(self):
        try:
            self.answer(200, self.get())
        except Refused as err:
            self.answer(err.status, err.answer)

    def get(self):
        if self.path == "/health":
            return {"status": "ok"}
        if not self.path.startswith("/orders/"):
            raise Refused(404, "there is no such page")
        order = self.found(self.path.removeprefix("/orders/"))
        ask_for_refunds(order)
        with lock:
            told = {name: order[name] for name in ("orderId", "status", "fulfilments")}
            return told | {"refunded": float(refunds.total(order))}

    def do_POST(self):
        try:
            self.answer(200, self.post())
        except Refused as err:
            self.answer(err.status, err.answer)
        except FAULTS as err:
            # PayPorter cannot be asked now. 503, so that a callback is sent again later.
            print(self.path, repr(err), file=sys.stderr)
            self.answer(503, {"message": "PayPorter could not be asked"})

    def post(self):
        if self.path == "/orders":
            return self.send_to_pay(self.order())
        if self.path == "/payment-callback":
            take_callback(self.field("checkoutId"))
            return {"message": "thank you"}
        if self.path == "/webhook":
            take_webhook(self.headers, self.body())
            return {"message": "thank you"}
        if self.path.startswith("/orders/") and self.path.endswith("/refund"):
            return give_back(self.found(self.path.split("/")[2]), self.amount())
        if self.path.startswith("/orders/") and self.path.endswith("/pay"):
            return self.send_to_pay(self.found(self.path.split("/")[2]))
        raise Refused(404, "there is no such page")

    def order(self):
        """1. The customer orders. A real shop knows its prices; it never takes one from the customer."""
        try:
            wanted = read_json(self.body())
            amount, currency = wanted["amount"], wanted["currency"]
        except (ValueError, TypeError, LookupError):
            amount, currency = None, None
        if not (isinstance(amount, Decimal) and amount > 0 and isinstance(currency, str)):
            raise Refused(400, 'want {"amount": 100.50, "currency": "TRY"}')
        order = {
            "orderId": f"ORD-{uuid.uuid4()}",
            "amount": amount,
            "currency": currency,
            "status": "pending",
            "fulfilments": 0,
            "refunds": [],
            "linking": threading.Lock(),
        }
        orders[order["orderId"]] = order  # first, because a callback can overtake the answer
        return order

    def amount(self):
        """The amount of a refund."""
        try:
            amount = read_json(self.body())["amount"]
        except (ValueError, TypeError, LookupError):
            amount = None
        if not (isinstance(amount, Decimal) and amount > 0):
            raise Refused(400, 'want {"amount": 50.25}')
        return amount

    def send_to_pay(self, order):
        try:
            return to_pay(order, f"http://127.0.0.1:{self.server.server_port}/payment-callback")
        except FAULTS as err:
            print(order["orderId"], repr(err), file=sys.stderr)
            message = "no payment can be taken now: try POST /orders/{id}/pay again"
            raise Refused(502, message, orderId=order["orderId"]) from None

    def found(self, order_id):
        if order_id not in orders:
            raise Refused(404, "there is no such order")
        return orders[order_id]

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
        if int(length) <= MAX_BODY:
            return self.rfile.read(int(length))
        left = int(length)  # what is too much is read, so that it can be answered, but not kept
        while left > 0 and (chunk := self.rfile.read(min(left, MAX_BODY))):
            left -= len(chunk)
        raise Refused(413, "the body is too long")

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
