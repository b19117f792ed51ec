"""Stands for a shop's own settings of the plugin."""
import http.server
import threading

import pytest


@pytest.fixture(scope="session")
def payporter_options():
    return {"seed": 1, "scenarios": ["builtin:magic-amounts"], "validate_responses": True}


@pytest.fixture
def callback():
    """Stands for a shop, which takes whatever it is told."""

    class Shop(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop) as shop:
        threading.Thread(target=shop.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{shop.server_address[1]}/payment-callback"
        shop.shutdown()
