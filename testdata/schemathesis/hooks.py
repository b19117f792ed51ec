"""What a JSON Schema cannot say of valid requests, so that those that are sent as valid are."""

import decimal
import itertools
import json
import os
import re
import urllib.request

import schemathesis

DECIMALS = "x-payporter-decimals"

# What there is in the sandbox, to be asked for.
URL = os.environ.get("SANDBOX", "")
CHECKOUT = os.environ.get("CHECKOUT", "")
CALLBACK = os.environ.get("CALLBACK", "")
PAYMENT = os.environ.get("PAYMENT", "")

turns = itertools.count()


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Changes valid requests only; the others are sent as they were made, but for what would end the run."""
    wait_shortly(case)
    forget_another_merchant(case)
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    ask_for_what_there_is(case)
    if isinstance(case.body, dict):
        cut_decimals(case)
        pay_with_a_test_card(case)
        move_part_of_a_payment(case)
        stay_here(case)
        name_a_scenario(case)
    if case.operation.label == "PUT /_mock/scenarios":
        scenarios = {"version": 1, "scenarios": [{"name": "dear-orders-fail", "when": {"amount": {"gte": 100}}}]}
        case.body = "version: 1\nscenarios: []\n" if case.media_type == "text/plain" else scenarios


def ask_for_what_there_is(case):
    """Names things that exist, every other time."""
    if next(turns) % 2:
        return
    path = case.path_parameters or {}
    drives = case.operation.method == "post"
    checkout = new_checkout() if drives and "checkoutId" in path else CHECKOUT
    payment = new_payment(case.operation.label) if drives and "paymentId" in path else PAYMENT
    body = case.body if isinstance(case.body, dict) and case.operation.label == "POST /_mock/webhooks/forge" else None
    for values in (case.path_parameters, case.query, body):
        for name, known in (("checkoutId", checkout), ("callbackId", CALLBACK), ("paymentId", payment)):
            if values and name in values and known:
                values[name] = known
    if case.query and "paymentId" in case.query and "checkoutId" in case.query:
        del case.query["checkoutId"]  # the payment belongs to no checkout
    if case.query and "merchant" in case.query and case.operation.label != "POST /_mock/reset":
        del case.query["merchant"]


def new_checkout():
    """Makes a checkout that can still be paid."""
    if not URL:
        return ""
    order = {"orderId": "ORD-2", "amount": 10, "currency": "TRY", "callback": "http://127.0.0.1:9/"}
    order["maxInstallmentCount"] = 12
    return post("/api/checkout", order)["checkoutId"]


CARD = {"cardHolderName": "AYSE YILMAZ", "pan": "5421190122090656", "expiryMonth": "12", "cvv": "123"}


def valid_card():
    """Is a test card that has not expired by the merchant's clock, which the control API moves."""
    clock = urllib.request.Request(URL + "/_mock/clock", headers={"X-API-KEY": "test_schemathesis"})
    with urllib.request.urlopen(clock, timeout=5) as answer:
        return {**CARD, "expiryYear": json.load(answer)["now"][2:4]}


def new_payment(label):
    """Makes a payment that the operation can still act on."""
    if not URL:
        return ""
    order = {"orderId": "ORD-3", "amount": 1000, "currency": "TRY", **valid_card()}
    order.update({"requestIp": "203.0.113.7", "requestPort": 49152})
    if "pre-authorization" in label:
        return post("/api/pre-authorization", order)["paymentId"]
    if "/api/3ds/" in label:
        urls = {"successUrl": "http://127.0.0.1:9/", "failureUrl": "http://127.0.0.1:9/"}
        return post("/api/3ds", {**order, **urls, "installmentCount": 1, "interestPaidByCustomer": False})["paymentId"]
    payment = post("/api/payment", order)["paymentId"]
    if label.startswith("POST /_mock/payments/"):
        return post(f"/api/payment/{payment}/refund", {"amount": 1, "currency": "TRY"})["paymentId"]
    return payment


def post(path, body):
    headers = {"X-API-KEY": "test_schemathesis", "X-API-SECRET": "secret", "Content-Type": "application/json"}
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)


def pay_with_a_test_card(case):
    """Pays with a card that there is, from an address: every other number is refused. Six digits name any bank."""
    if "cvv" in case.body:
        case.body.update({**valid_card(), "requestIp": "203.0.113.7"})
    elif "pan" in case.body:
        case.body["pan"] = case.body["pan"][:6]
    elif "card" in case.body and case.body.get("installmentCount", 1) != 1:
        case.body["card"] = CARD["pan"]  # a debit card and a foreign one pay at once


def move_part_of_a_payment(case):
    """Captures and refunds no more than was paid, in its currency."""
    if re.search(r"/(refund|capture)$", case.operation.path):
        case.body.update({"amount": 1, "currency": "TRY"})


def forget_another_merchant(case):
    """Keeps the checkout that the other calls ask for."""
    if case.operation.label == "POST /_mock/reset":
        case.query = {**(case.query or {}), "merchant": "test_forgotten"}


def cut_decimals(case):
    """Follows the extension that says how many decimals an amount may have."""
    rule = schema_of_the_body(case).get(DECIMALS)
    if rule is None:
        return
    number, decider = case.body.get(rule["property"]), case.body.get(rule["by"])
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return
    places = next((int(n) for n, values in rule["others"].items() if decider in values), rule["usual"])
    unit = decimal.Decimal(1).scaleb(-places)
    # Down, but not to zero, and never above the largest amount.
    cut = max(decimal.Decimal(repr(number)).quantize(unit, decimal.ROUND_DOWN), unit)
    case.body[rule["property"]] = int(cut) if places == 0 else float(cut)


def schema_of_the_body(case):
    """Is the JSON Schema of the body as the document has it, behind its reference."""
    document, operation = case.operation.schema.raw_schema, case.operation
    content = document["paths"][operation.path][operation.method.lower()].get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    return document["components"]["schemas"][name] if name else schema


def stay_here(case):
    """Lets nothing be sent to a host that was made up."""
    sends = ("POST /_mock/callbacks/forge", "POST /_mock/webhooks/forge", "PUT /_mock/webhook")
    if case.operation.label in sends and "url" in case.body:
        case.body["url"] = "http://127.0.0.1:9/payment-callback"


def wait_shortly(case):
    """Lets no call wait longer than a request may take."""
    if case.operation.label == "GET /_mock/journal/wait":
        query = case.query or {}
        if re.fullmatch(r"[0-9.]+(ms|s|m)([0-9.]+s)?", str(query.get("timeout", "10s"))):
            case.query = {**query, "timeout": "10ms"}


def name_a_scenario(case):
    """Takes a scenario that there is: another one is a 400 with the nearest names."""
    if case.operation.label == "POST /_mock/scenarios/next":
        case.body["scenario"] = "insufficient-funds"
