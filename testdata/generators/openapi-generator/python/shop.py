"""Orders through the clients that openapi-generator makes for Python. README.md says what it prints."""

import os
import sys
from datetime import datetime, timezone

import control
import openapi_client
from openapi_client.models.create_checkout_request import CreateCheckoutRequest

URL, KEY = os.environ["SANDBOX_URL"], os.environ["API_KEY"]

configuration = openapi_client.Configuration(host=URL)
configuration.api_key["ApiKey"] = KEY
configuration.api_key["ApiSecret"] = os.environ["API_SECRET"]
orders = openapi_client.CheckoutApi(openapi_client.ApiClient(configuration))
sandbox = control.ApiClient(control.Configuration(host=URL))


def create(order_id, amount, currency):
    return orders.create_checkout(
        CreateCheckoutRequest(
            order_id=order_id, amount=amount, currency=currency, callback="http://127.0.0.1:9/payment-callback"
        )
    )


def order(order_id, amount, currency, card):
    link = create(order_id, amount, currency)
    paid = control.CheckoutsApi(sandbox).pay_checkout(
        link.checkout_id, merchant=KEY, pay_checkout_request=control.PayCheckoutRequest(card=card)
    )
    assert paid.order_id == order_id, paid
    return orders.get_checkout(link.checkout_id)


def use_control_api():
    journal = control.JournalApi(sandbox).read_journal(merchant=KEY, kind="create")
    print("journal", len(journal.entries))

    scenario = {"name": "generated", "payment": {"status": "FAILED"}}
    scenarios = control.ScenariosApi(sandbox)
    put = scenarios.put_scenarios(control.ScenarioFile(version=1, scenarios=[scenario]), merchant=KEY)
    print("scenarios", put.scenarios[0], "own", str(put.own).lower())
    print("stored", scenarios.get_scenarios(merchant=KEY).scenarios[0]["name"])

    clock = control.ClockApi(sandbox).move_clock(
        control.MoveClockRequest(freeze=True, set=datetime(2026, 1, 31, 12, tzinfo=timezone.utc), advance="48h"), merchant=KEY
    )
    print("clock", int(clock.now.timestamp()), "frozen", str(clock.frozen).lower())


for argument in sys.argv[1:]:
    order_id, amount, currency = argument.split(":")
    payment = order(order_id, float(amount), currency, "5421190122090656")
    print("order", payment.order_id, payment.amount, payment.status)

declined = order("ORD-DECLINED", 100.50, "TRY", "4111111111111129")
print("declined", declined.status, declined.result_code)

try:
    create("ORD-REFUSED", 100.505, "TRY")
except openapi_client.ApiException as refused:
    print("refused", refused.status, refused.data.message_code, refused.data.errors[0].var_field)

use_control_api()
