"""Orders through the clients that openapi-python-client makes. README.md says what it prints."""

import os
import sys
from datetime import datetime, timezone

import control
import control.models
import payporter
from control.api.checkouts import pay_checkout
from control.api.clock import move_clock
from control.api.journal import read_journal
from control.api.scenarios import get_scenarios, put_scenarios
from payporter.api.checkout import create_checkout, get_checkout
from payporter.models import (
    ApiError,
    ApiPaymentResponse,
    CheckoutLink,
    CreateCheckoutRequest,
    CreateCheckoutRequestCurrency,
)

URL, KEY = os.environ["SANDBOX_URL"], os.environ["API_KEY"]

orders = payporter.Client(base_url=URL, headers={"X-API-KEY": KEY, "X-API-SECRET": os.environ["API_SECRET"]})
sandbox = control.Client(base_url=URL)


def create(order_id, amount, currency):
    request = CreateCheckoutRequest(
        order_id=order_id,
        amount=amount,
        currency=CreateCheckoutRequestCurrency(currency),
        callback="http://127.0.0.1:9/payment-callback",
    )
    return create_checkout.sync_detailed(client=orders, body=request)


def order(order_id, amount, currency, card):
    link = create(order_id, amount, currency).parsed
    assert isinstance(link, CheckoutLink), link
    pay = control.models.PayCheckoutBody(card=control.models.PayCheckoutBodyCard(card))
    paid = pay_checkout.sync(link.checkout_id, client=sandbox, merchant=KEY, body=pay)
    assert isinstance(paid, control.models.Checkout), paid
    payment = get_checkout.sync(link.checkout_id, client=orders)
    assert isinstance(payment, ApiPaymentResponse), payment
    return payment


def use_control_api():
    journal = read_journal.sync(client=sandbox, merchant=KEY, kind=control.models.Kind.CREATE)
    print("journal", len(journal.entries))

    generated = {"name": "generated", "payment": {"status": "FAILED"}}
    scenario = control.models.ScenarioFileScenariosItem.from_dict(generated)
    file = control.models.ScenarioFile(version=control.models.ScenarioFileVersion.VALUE_1, scenarios=[scenario])
    put = put_scenarios.sync(client=sandbox, merchant=KEY, body=file)
    print("scenarios", put.scenarios[0], "own", str(put.own).lower())

    stored = get_scenarios.sync(client=sandbox.with_headers({"Accept": "application/json"}), merchant=KEY)
    print("stored", stored.scenarios[0]["name"])

    at = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
    move = control.models.MoveClockBody(freeze=True, set_=at, advance="48h")
    clock = move_clock.sync(client=sandbox, merchant=KEY, body=move)
    print("clock", int(clock.now.timestamp()), "frozen", str(clock.frozen).lower())


for argument in sys.argv[1:]:
    order_id, amount, currency = argument.split(":")
    payment = order(order_id, float(amount), currency, "5421190122090656")
    print("order", payment.order_id, payment.amount, payment.status)

declined = order("ORD-DECLINED", 100.50, "TRY", "4111111111111129")
print("declined", declined.status, declined.result_code)

refused = create("ORD-REFUSED", 100.505, "TRY")
assert isinstance(refused.parsed, ApiError), refused
print("refused", int(refused.status_code), refused.parsed.message_code, refused.parsed.errors[0].field)

use_control_api()
