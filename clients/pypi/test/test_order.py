"""Run by pytest in an empty project, with the package installed from its wheel."""
import http.server
import json
import subprocess
import sys
import threading

import pytest
from payporter_mock import CallError, Sandbox, program, start

NOBODY = "http://127.0.0.1:9/payment-callback"


def order(callback):
    return {"orderId": "ORD-1", "amount": 100.5, "currency": "TRY", "callback": callback}


def test_a_customer_pays_the_shop_is_told_and_it_asks(payporter, callback):
    checkout = payporter.create_checkout(**order(callback))["checkoutId"]
    payporter.pay(checkout)
    payporter.wait_for(order_id="ORD-1", kind="callback", status="DELIVERED")
    assert payporter.get_checkout(checkout)["status"] == "SUCCESS"


def test_a_test_sees_nothing_of_the_one_before(payporter):
    assert payporter.checkouts() == {"checkouts": []}


def test_two_days_of_retries_pass_in_a_moment(payporter):
    payporter.freeze()
    checkout = payporter.create_checkout(**order(NOBODY))["checkoutId"]
    payporter.pay(checkout, card="4111111111111129")
    assert payporter.set_time("2100-01-31T12:00:00Z")["now"] == "2100-01-31T12:00:00Z"
    assert payporter.advance("48h")["now"] == "2100-02-02T12:00:00Z"
    assert payporter.resume()["frozen"] is False
    (delivery,) = payporter.callbacks(checkout_id=checkout)["callbacks"]
    assert (delivery["status"], len(delivery["attempts"])) == ("EXHAUSTED", 9)
    assert len(payporter.redeliver(delivery["id"])["attempts"]) == 10


def test_what_can_go_wrong_is_forced(payporter, callback):
    payporter.next_scenario("insufficient-funds")
    declined = payporter.create_checkout(**order(callback))["checkoutId"]
    assert payporter.pay(declined)["payment"]["resultCode"] == "51"

    cancelled = payporter.create_checkout(**order(callback))["checkoutId"]
    assert payporter.cancel(cancelled)["state"] == "CANCELLED"
    expired = payporter.create_checkout(**order(callback))["checkoutId"]
    assert payporter.expire(expired)["state"] == "EXPIRED"

    forged = payporter.forge("none of ours", url=callback, as_="json")
    assert (forged["kind"], forged["response"]["status"]) == ("forge", 200)


def test_a_scenario_file_is_put_in_force_as_it_is_written(payporter):
    file = "version: 1\nscenarios:\n  - name: mine\n    payment: {status: FAILED}\n"
    assert payporter.put_scenarios(file)["scenarios"] == ["mine"]
    with pytest.raises(CallError, match="scenarioz") as refused:
        payporter.put_scenarios("version: 1\nscenarioz: []\n")
    assert refused.value.status == 400


def test_a_header_forces_a_scenario(payporter, callback):
    with pytest.raises(CallError) as refused:
        payporter.create_checkout({"X-Mock-Scenario": "rate-limited"}, **order(callback))
    assert (refused.value.status, refused.value.body["messageCode"]) == (429, "TOO_MANY_REQUESTS")


def test_a_sandbox_starts_and_ends(callback):
    with start(payer="auto", admin_token="a-token-of-sixteen") as sandbox:
        merchant = Sandbox(sandbox.url, "a-token-of-sixteen").merchant()
        checkout = merchant.create_checkout(**order(callback))["checkoutId"]
        merchant.wait_for(checkout_id=checkout, kind="callback", status="DELIVERED", timeout="10s")
        assert merchant.get_checkout(checkout)["status"] == "SUCCESS"
        assert sandbox.merchants()["merchants"][1:] == [merchant.api_key]
    with pytest.raises(OSError):
        sandbox.health()


def test_a_slash_behind_the_url_makes_no_difference(payporter_sandbox):
    sandbox = Sandbox(payporter_sandbox.url + "/")
    assert sandbox.health()["status"] == "ok"
    assert sandbox.merchant().env["PAYPORTER_BASE_URL"] == payporter_sandbox.url


@pytest.mark.parametrize("body", ['{"error": "of another kind"}', "[1]", '"a text"'])
def test_an_answer_of_any_kind_is_told(payporter, callback, body):
    payporter.put_scenarios(
        "version: 1\nscenarios:\n  - name: odd\n    create: {respond: {status: 503, body: %s}}\n" % body
    )
    with pytest.raises(CallError, match="503") as refused:
        payporter.create_checkout(**order(callback))
    assert refused.value.body == json.loads(body)


def test_an_error_that_is_no_json_is_told():
    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(503)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"mess')

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        with pytest.raises(CallError, match="GET /_mock/health: 503 {\"mess"):
            Sandbox(f"http://127.0.0.1:{server.server_address[1]}").health()


def test_what_is_secret_is_in_no_flag_and_what_is_none_is_left_out(monkeypatch, tmp_path):
    told = tmp_path / "told"
    fake = tmp_path / "program"
    fake.write_text(f'#!/bin/sh\necho "$@" "$PAYPORTER_MOCK_ADMIN_TOKEN" "$PAYPORTER_MOCK_API_SECRET" >{told}\nexit 3\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PAYPORTER_MOCK", str(fake))
    with pytest.raises(RuntimeError, match="ended with 3"):
        start(admin_token="a-token-of-sixteen", api_secret="hush", addr=None, scenarios=None, allowed_host=[None, "a"])
    assert told.read_text() == (
        "serve --addr=127.0.0.1:0 --log-level=error --allowed-host=a --log-format=json a-token-of-sixteen hush\n"
    )


def test_what_cannot_start_says_so(monkeypatch):
    with pytest.raises(RuntimeError, match="payporter-mock ended with 2 before it listened"):
        start(payer="nobody")
    monkeypatch.setenv("PAYPORTER_MOCK", "/nowhere/payporter-mock")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        start()
    monkeypatch.delenv("PAYPORTER_MOCK")
    assert "site-packages" in program()


def test_a_sandbox_ends_with_the_process_that_started_it():
    code = "import payporter_mock; print(payporter_mock.start().url)"
    # A sandbox that stays must not hold this test up.
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    said = subprocess.run([sys.executable, "-c", code], check=True, text=True, **quiet)
    with pytest.raises(OSError):
        Sandbox(said.stdout.strip()).health()


def test_the_command_is_installed():
    said = subprocess.run(["payporter-mock", "version"], capture_output=True, check=True, text=True)
    assert said.stdout.startswith("payporter-mock ")
