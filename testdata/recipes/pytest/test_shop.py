def test_two_days_of_retries_pass_in_a_moment(payporter):
    payporter("/_mock/clock", {"freeze": True})
    nobody = "http://127.0.0.1:9/payment-callback"
    made = payporter("/api/checkout", {"orderId": "ORD-1", "amount": 100.5, "currency": "TRY", "callback": nobody})
    payporter(f"/_mock/checkouts/{made['checkoutId']}/pay", {})
    payporter("/_mock/clock", {"advance": "48h"})
    (callback,) = payporter("/_mock/callbacks")["callbacks"]
    assert callback["status"] == "EXHAUSTED"
    assert len(callback["attempts"]) == 9


def test_the_shop_is_told(payporter, callback):
    made = payporter("/api/checkout", {"orderId": "ORD-1", "amount": 100.5, "currency": "TRY", "callback": callback})
    payporter(f"/_mock/checkouts/{made['checkoutId']}/pay", {})
    payporter("/_mock/journal/wait?orderId=ORD-1&kind=callback&status=DELIVERED")
    assert payporter(f"/api/checkout/{made['checkoutId']}")["status"] == "SUCCESS"
