"""Reads every golden file in another language than the one that judges them, and holds what can be held
without a sandbox: signatures, amounts, forms and JSON."""

import hashlib
import hmac
import json
import pathlib
import re
import sys
from decimal import Decimal
from urllib.parse import parse_qs

DECIMALS = {"TRY": 2, "JPY": 0, "KWD": 3, "CLF": 4}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def requests(case):
    request, answer = case["request"], case["answer"]
    assert (answer["status"] == 200) == ("messageCode" not in answer)
    if answer["status"] != 200:
        return
    order = json.loads(request["body"], parse_float=Decimal)
    assert {"orderId", "amount", "currency", "callback"} <= order.keys()
    assert isinstance(order["amount"], (int, Decimal)) and order["amount"] > 0


def amounts(case):
    amount, decimals = Decimal(case["number"]), DECIMALS.get(case["currency"])
    if case["accepted"]:
        assert amount.scaleb(decimals) == int(case["minorUnits"])
        assert Decimal(case["answered"]) == amount and "e" not in case["answered"].lower()
        assert json.loads(case["answered"], parse_float=Decimal, parse_int=Decimal) == amount
        return
    unfit = decimals is None or amount <= 0 or amount > Decimal("9999999999.99")
    assert unfit or amount.as_tuple().exponent < -decimals  # zeros at the end count


def answers(case):
    try:
        body = json.loads(case["body"], parse_float=Decimal)
    except ValueError:
        body = {}
        assert not case["conforms"]
    if case["operation"] == "getCheckout":
        assert case["paid"] == (body.get("status") == "SUCCESS")


def callbacks(case):
    found = []
    if case["contentType"].split(";")[0] == "application/x-www-form-urlencoded":
        found = parse_qs(case["body"]).get("checkoutId", [])
    usable = len(found) == 1 and UUID.fullmatch(found[0])
    assert case["checkoutId"] == (found[0].lower() if usable else None)


def signatures(case):
    signed = (case["requestTime"] + ":" + case["body"]).encode()
    right = hmac.new(case["secret"].encode(), signed, hashlib.sha256).hexdigest()
    fresh = int(case["now"]) - int(case["requestTime"]) <= 5 * 60 * 1000
    assert case["accepted"] == (hmac.compare_digest(right, case["signature"]) and fresh)


def errors(case):
    try:
        body = json.loads(case["body"])
    except ValueError:
        body = {}
    assert body.get("message") == case["message"]
    assert body.get("messageCode") == case["messageCode"]
    assert [fault["field"] for fault in body.get("errors", [])] == case["fields"]


count = 0
for kind, check in {f.__name__: f for f in (requests, amounts, answers, callbacks, signatures, errors)}.items():
    path = pathlib.Path(__file__).with_name(kind + ".json")
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
        count += 1
        try:
            check(case)
        except Exception as err:
            sys.exit(f"{path.name}: {case['id']}: {err!r}")
print(count, "cases read")
