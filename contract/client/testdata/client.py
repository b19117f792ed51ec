"""The tests of a small SDK, as `verify client` runs them. Without an argument it speaks the contract;
an argument names the one mistake that it makes."""

import base64
import html
import http.client
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

BASE = os.environ["PAYPORTER_BASE_URL"]
KEY, SECRET = os.environ["PAYPORTER_API_KEY"], os.environ["PAYPORTER_API_SECRET"]
CONTROL = os.environ["PAYPORTER_MOCK_URL"] + "/_mock"
UNKNOWN = "123e4567-e89b-12d3-a456-426614174000"
mistake = sys.argv[1] if len(sys.argv) > 1 else ""


def call(method, path, body=None, key=KEY, secret=SECRET, base=BASE, **headers):
    """Send a request and answer the status and the body."""
    credentials = {"X-API-KEY": key, "X-API-SECRET": secret, "Content-Type": "application/json"}
    wanted = {name: value for name, value in (credentials | headers).items() if value is not None}
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(base + path, method=method, data=data, headers=wanted)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as err:
        return err.code, json.load(err)


def order(order_id, **fields):
    return {"orderId": order_id, "amount": 100.50, "currency": "TRY", "callback": "http://127.0.0.1:9/callback"} | fields


def create(order_id, headers={}, key=KEY, secret=SECRET, **fields):
    return call("POST", "/api/checkout", order(order_id, **fields), key=key, secret=secret, **headers)


def get(checkout_id, **how):
    return call("GET", "/api/checkout/" + checkout_id, **how)


def control(method, path, body=None):
    status, answer = call(method, path, body, base=CONTROL)
    assert status == 200, answer


def charge(order_id, path="/api/payment", key=KEY, secret=SECRET, **fields):
    card = {"cardHolderName": "AYSE YILMAZ", "pan": "5421190122090656", "expiryMonth": "04", "expiryYear": "48", "cvv": "916"}
    body = {"orderId": order_id, "amount": 100.50, "currency": "TRY", "requestIp": "203.0.113.7", "requestPort": 49152}
    sent = {name: value for name, value in (body | card | fields).items() if value is not None}
    return call("POST", path, sent, key=key, secret=secret)


def follow(payment_id, verb, body=None, **how):
    return call("POST", "/api/payment/" + payment_id + "/" + verb, body, **how)


def part(amount, currency="TRY"):
    return {"amount": amount, "currency": currency}


def secure(order_id, **fields):
    """Start a payment with 3-D Secure: its id and htmlContent."""
    urls = {"successUrl": "http://127.0.0.1:9/ok", "failureUrl": "http://127.0.0.1:9/no"}
    started = expect(charge(order_id, "/api/3ds", **(urls | fields)), 200)
    return started["paymentId"], started["htmlContent"]


def action(page):
    """Where the form of a page leads."""
    return html.unescape(re.search('<form[^>]* action="([^"]*)"', page)[1])


def browse(address, data=b"", kind="application/x-www-form-urlencoded"):
    """What the customer's browser does: a POST, unless there is nothing to send; it follows redirects."""
    request = urllib.request.Request(address, data, {"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.read().decode()
    except urllib.error.HTTPError as err:
        return err.read().decode()


def brought(address):
    """The customer enters the code, and brings this key back to the shop."""
    return html.unescape(re.search('name="securityKey" value="([^"]*)"', browse(address, b"code=123456"))[1])


def complete(payment_id, key):
    return call("POST", "/api/3ds/" + payment_id + "/complete", {"securityKey": key})


def expect(got, want):
    assert got[0] == want, got
    return got[1]


def correct():
    """What every run does, whatever its mistake is."""
    checkout = expect(create("ORD-1", description=None, customerId="c"), 200)
    assert expect(get(checkout["checkoutId"]), 200)["status"] == "ENROLLED"
    control("POST", "/checkouts/" + checkout["checkoutId"] + "/pay", {})
    assert expect(get(checkout["checkoutId"]), 200)["status"] == "SUCCESS"
    assert expect(get(checkout["checkoutId"].upper()), 200)["status"] == "SUCCESS"
    # As Python writes numbers: 1500.0 and 6.0.
    expect(create("ORD-YEN", amount=1500.0, currency="JPY", maxInstallmentCount=6.0), 200)
    payment = expect(charge("ORD-CARD"), 200)["paymentId"]
    assert expect(call("GET", "/api/payment/" + payment), 200)["status"] == "SUCCESS"
    expect(follow(payment, "refund", part(50.25)), 200)
    expect(follow(expect(charge("ORD-CANCEL"), 200)["paymentId"], "cancel"), 200)
    reserved = expect(charge("ORD-RESERVED", "/api/pre-authorization"), 200)["paymentId"]
    expect(call("POST", "/api/pre-authorization/" + reserved + "/capture", part(60)), 200)
    expect(call("POST", "/api/installment-options", part(1000) | {"pan": "542119"}), 200)
    payment, page = secure("ORD-3DS")
    browse(action(page))
    assert expect(complete(payment, brought(action(page))), 200)["status"] == "SUCCESS"
    control("POST", "/scenarios/next", {"scenario": "three-d-secure-wrong-key"})
    payment, page = secure("ORD-3DS-2")
    browse(action(page))
    expect(complete(payment, brought(action(page))), 406)
    # Answers that a scenario makes are not this client's fault.
    expect(create("ORD-2", {"X-Mock-Scenario": "rate-limited"}), 429)
    scene = b"version: 1\nscenarios: [{name: locked, create: {respond: {status: 401}}}, {name: gone, status: [{respond: {status: 404}}]}]"
    request = urllib.request.Request(CONTROL + "/scenarios", scene, {"X-API-KEY": KEY, "Content-Type": "application/yaml"}, method="PUT")
    urllib.request.urlopen(request, timeout=10).close()
    expect(create("ORD-3", {"X-Mock-Scenario": "locked"}), 401)
    gone = expect(create("ORD-4", {"X-Mock-Scenario": "gone"}), 200)
    expect(get(gone["checkoutId"]), 404)
    # What was before a reset counts, too.
    control("POST", "/reset")
    other = expect(create("ORD-1", key="test_other", secret="s"), 200)
    expect(get(other["checkoutId"], key="test_other", secret="s"), 200)


def twice_paid():
    checkout = expect(create("ORD-1"), 200)
    control("POST", "/checkouts/" + checkout["checkoutId"] + "/pay", {})
    expect(create("ORD-1"), 200)


def repeated(name, other):
    """A create with two different values of a header, as a client and a proxy that both set it send it."""
    body = json.dumps(order("ORD-1")).encode()
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(BASE).netloc, timeout=10)
    connection.putrequest("POST", "/api/checkout")
    headers = {"X-API-KEY": KEY, "X-API-SECRET": SECRET, "Content-Type": "application/json", "Content-Length": len(body)}
    for header, value in (headers | {name: headers.get(name, "success")}).items():
        connection.putheader(header, value)
    connection.putheader(name, other)
    connection.endheaders(body)
    assert connection.getresponse().status == 400


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def after_a_reset():
    checkout = expect(create("ORD-1"), 200)
    control("POST", "/reset")
    get(checkout["checkoutId"])


def secure_twice():
    payment, page = secure("ORD-S")
    browse(action(page))
    key = brought(action(page))
    expect(complete(payment, key), 200)
    expect(complete(payment, key), 406)


def secure_wrong(open_page, key=lambda page: "x"):
    """Start a payment, do this with its page, and complete it with this key."""
    payment, page = secure("ORD-S")
    open_page(page)
    complete(payment, key(page))


def right_key(page):
    return brought(action(page))


FORM = b"orderId=ORD-1&amount=100.50&currency=TRY"
mistakes = {
    "no-key": lambda: get(UNKNOWN, key=None),
    "no-secret": lambda: create("ORD-1", secret=None),
    "wrong-secret": lambda: create("ORD-1", secret="wrong"),
    "unknown-key": lambda: create("ORD-1", key="live_1"),
    "two-keys": lambda: repeated("X-API-KEY", "test_other"),
    "two-secrets": lambda: repeated("X-API-SECRET", "wrong"),
    "two-types": lambda: repeated("Content-Type", "text/plain"),
    "two-scenarios": lambda: repeated("X-Mock-Scenario", "rate-limited"),
    "form": lambda: call("POST", "/api/checkout", FORM, **{"Content-Type": "application/x-www-form-urlencoded"}),
    "no-content-type": lambda: create("ORD-1", {"Content-Type": "text/plain"}),
    "compressed": lambda: create("ORD-1", {"Content-Encoding": "gzip"}),
    "broken-json": lambda: call("POST", "/api/checkout", b"{'orderId': 1}"),
    "not-an-object": lambda: call("POST", "/api/checkout", b"[]"),
    "twice": lambda: call("POST", "/api/checkout", json.dumps(order("ORD-1")).encode()[:-1] + b', "orderId": "ORD-2"}'),
    "huge": lambda: create("ORD-1", description="x" * 100_000),
    "no-currency": lambda: call("POST", "/api/checkout", {"orderId": "ORD-1", "amount": 1, "callback": "http://127.0.0.1:9/"}),
    "amount-text": lambda: create("ORD-1", amount="100.50"),
    "amount-float": lambda: create("ORD-1", amount=0.1 + 0.2),
    "amount-negative": lambda: create("ORD-1", amount=-5),
    "amount-yen": lambda: create("ORD-1", amount=100.50, currency="JPY"),
    "currency-TL": lambda: create("ORD-1", currency="TL"),
    "currency-lower": lambda: create("ORD-1", currency="try"),
    "callback-relative": lambda: create("ORD-1", callback="/payment-callback"),
    "callback-password": lambda: create("ORD-1", callback="http://me:pw@127.0.0.1:9/"),
    "order-long": lambda: create("O" * 129),
    "order-number": lambda: create(12345),
    "installments": lambda: create("ORD-1", maxInstallmentCount=13),
    "typo": lambda: create("ORD-1", maxInstalmentCount=6),
    "path": lambda: call("POST", "/api/checkouts", order("ORD-1")),
    "base": lambda: call("POST", "/checkout", order("ORD-1")),
    "slash": lambda: call("POST", "//api/checkout", order("ORD-1")),
    "method": lambda: call("PUT", "/api/checkout", order("ORD-1")),
    "order-as-id": lambda: get("ORD-1"),
    "no-id": lambda: get("null"),
    "unknown-id": lambda: get(UNKNOWN),
    "forgotten-id": after_a_reset,
    "other-key": lambda: get(expect(create("ORD-1"), 200)["checkoutId"], key="test_other", secret="s"),
    "paid-order": twice_paid,
    "upper-other-key": lambda: get(expect(create("ORD-1"), 200)["checkoutId"].upper(), key="test_other", secret="s"),
    "secret-instead": lambda: create("ORD-1", {"Authorization": "Bearer " + SECRET}, secret=None),
    "secret-in-callback": lambda: create("ORD-1", callback="http://127.0.0.1:9/?token=" + SECRET),
    "secret-in-query": lambda: call("POST", "/api/checkout?secret=" + SECRET, order("ORD-1")),
    "secret-in-authorization": lambda: create("ORD-1", {"Authorization": "Bearer " + SECRET}),
    "secret-in-basic": lambda: create("ORD-1", {"Authorization": "Basic " + encoded(KEY + ":" + SECRET)}),
    "secret-in-cookie": lambda: create("ORD-1", {"Cookie": "session=1; token=" + SECRET}),
    "secret-in-header": lambda: create("ORD-1", {"X-Trace": SECRET}),
    "secret-in-field": lambda: create("ORD-1", **{"apiSecret": SECRET}),
    "secret-in-base64": lambda: create("ORD-1", customerId=encoded("a" + SECRET + "b")),
    "secret-in-body": lambda: create("ORD-1", customerId=SECRET),
    "scenario": lambda: create("ORD-1", {"X-Mock-Scenario": "sucess"}),
    "scenario-token": lambda: create("ORD-mock:sucess"),
    "refund-too-much": lambda: follow(expect(charge("ORD-R"), 200)["paymentId"], "refund", part(100.51)),
    "refund-currency": lambda: follow(expect(charge("ORD-R"), 200)["paymentId"], "refund", part(1, "EUR")),
    "refund-text": lambda: follow(expect(charge("ORD-R"), 200)["paymentId"], "refund", part("1.00")),
    "refund-zero": lambda: follow(expect(charge("ORD-R"), 200)["paymentId"], "refund", part(0)),
    "capture-sale": lambda: call("POST", "/api/pre-authorization/" + expect(charge("ORD-R"), 200)["paymentId"] + "/capture", part(1)),
    "complete-sale": lambda: call("POST", "/api/3ds/" + expect(charge("ORD-R"), 200)["paymentId"] + "/complete", {"securityKey": "x"}),
    "cancel-declined": lambda: follow(expect(charge("ORD-R", pan="4111111111111129", cvv="123"), 200)["paymentId"], "cancel"),
    "cancel-unknown": lambda: follow(UNKNOWN, "cancel"),
    "payment-of-order": lambda: call("GET", "/api/payment/ORD-1"),
    "payment-other-key": lambda: call("GET", "/api/payment/" + expect(charge("ORD-R"), 200)["paymentId"], key="test_other", secret="s"),
    "payment-no-cvv": lambda: charge("ORD-R", cvv=None),
    "payment-month": lambda: charge("ORD-R", expiryMonth="13"),
    "3ds-no-url": lambda: charge("ORD-R", "/api/3ds", successUrl="https://shop.example/ok"),
    "3ds-not-opened": lambda: secure_wrong(lambda page: None),
    "3ds-cut": lambda: secure_wrong(lambda page: browse(action(page)[:-2])),
    "3ds-link": lambda: secure_wrong(lambda page: browse(action(page), None), right_key),
    "3ds-json": lambda: secure_wrong(lambda page: browse(action(page), b"{}", "application/json"), right_key),
    "3ds-other-key": lambda: secure_wrong(lambda page: browse(action(page)), lambda page: right_key(page).upper() + "0"),
    "3ds-twice": secure_twice,
    "exit": lambda: sys.exit(3),
}

if mistake == "silent":
    sys.exit(0)
correct()
if mistake:
    mistakes[mistake]()
print("done")
