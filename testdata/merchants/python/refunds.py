"""Giving money back, and checking PayPorter's signed webhooks, which tell what became of it."""

import hashlib
import hmac
import os
import time

SECRET = os.environ.get("PAYPORTER_WEBHOOK_SECRET", "")  # without it no webhook is taken
OLDEST = 5 * 60  # seconds; what is older may have been recorded by somebody
GIVEN = ("SUCCESS", "PENDING_APPROVAL", "UNKNOWN")  # what was given back, or may be


def genuine(headers, body):
    """A webhook is signed over its raw body."""
    at = headers.get("x-request-time", "")
    expected = hmac.new(SECRET.encode(), at.encode() + b":" + body, hashlib.sha256).hexdigest()
    right = hmac.compare_digest(expected.encode(), headers.get("x-request-signature", "").encode())
    return bool(SECRET) and right and at.isdecimal() and time.time() - int(at) / 1000 <= OLDEST


def reserve(order, amount):
    """Make room for a refund before PayPorter is asked, so that two at once cannot exceed the order; or answer None."""
    if amount > order["amount"] - total(order, GIVEN):
        return None
    refund = {"amount": amount, "status": "UNKNOWN"}
    order["refunds"].append(refund)
    return refund


def take(order, payment):
    """Take what PayPorter says of a refund."""
    of_id = [r for r in order["refunds"] if r.get("paymentId") == payment["paymentId"]]
    unanswered = [r for r in order["refunds"] if "paymentId" not in r and r["amount"] == payment["amount"]]
    for refund in (of_id or unanswered)[:1]:
        refund.update(paymentId=payment["paymentId"], status=payment["status"])


def waiting(order):
    """The refunds that wait for their approval."""
    return [r["paymentId"] for r in order["refunds"] if r["status"] == "PENDING_APPROVAL"]


def total(order, statuses=("SUCCESS",)):
    """How much the customer has got back; only SUCCESS is."""
    return sum(r["amount"] for r in order["refunds"] if r["status"] in statuses)
