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
        stay_here(case)
        name_a_scenario(case)
    if case.operation.label == "PUT /_mock/scenarios":
        scenarios = {"version": 1, "scenarios": [{"name": "dear-orders-fail", "when": {"amount": {"gte": 100}}}]}
        case.body = "version: 1\nscenarios: []\n" if case.media_type == "text/plain" else scenarios


def ask_for_what_there_is(case):
    """Names things that exist, every other time."""
    if next(turns) % 2:
        return
    drives = case.operation.method == "post" and "checkoutId" in (case.path_parameters or {})
    checkout = new_checkout() if drives else CHECKOUT
    for values in (case.path_parameters, case.query):
        for name, known in (("checkoutId", checkout), ("callbackId", CALLBACK)):
            if values and name in values and known:
                values[name] = known
    if case.query and "merchant" in case.query and case.operation.label != "POST /_mock/reset":
        del case.query["merchant"]


def new_checkout():
    """Makes a checkout that can still be paid."""
    if not URL:
        return ""
    order = {"orderId": "ORD-2", "amount": 10, "currency": "TRY", "callback": "http://127.0.0.1:9/", "maxInstallmentCount": 12}
    headers = {"X-API-KEY": "test_schemathesis", "X-API-SECRET": "secret", "Content-Type": "application/json"}
    request = urllib.request.Request(URL + "/api/checkout", json.dumps(order).encode(), headers)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)["checkoutId"]


def forget_another_merchant(case):
    """Keeps the checkout that the other calls ask for."""
    if case.operation.label == "POST /_mock/reset":
        case.query = {**(case.query or {}), "merchant": "test_forgotten"}


def cut_decimals(case):
    """Follows the extension that says how many decimals an amount may have."""
    for body in case.operation.body:
        rule = body.definition["schema"] if "schema" in body.definition else {}
        rule = resolve(case, rule).get(DECIMALS)
        if rule is None:
            continue
        number, decider = case.body.get(rule["property"]), case.body.get(rule["by"])
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            continue
        places = next((int(n) for n, values in rule["others"].items() if decider in values), rule["usual"])
        unit = decimal.Decimal(1).scaleb(-places)
        # Down, but not to zero, and never above the largest amount.
        cut = max(decimal.Decimal(repr(number)).quantize(unit, decimal.ROUND_DOWN), unit)
        case.body[rule["property"]] = int(cut) if places == 0 else float(cut)


def resolve(case, schema):
    """Follows one reference into the document."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if not name:
        return schema
    return case.operation.schema.raw_schema["components"]["schemas"][name]


def stay_here(case):
    """Lets nothing be sent to a host that was made up."""
    if case.operation.label == "POST /_mock/callbacks/forge" and "url" in case.body:
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
