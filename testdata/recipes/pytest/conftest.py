"""A sandbox for the whole run, and a merchant of its own for each test."""
import http.server
import json
import os
import subprocess
import threading
import urllib.request

import pytest


@pytest.fixture(scope="session")
def sandbox():
    program = os.environ.get("PAYPORTER_MOCK", "payporter-mock")
    command = [program, "serve", "--addr", "127.0.0.1:0", "--log-format", "json", "--log-level", "warn"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        yield json.loads(process.stdout.readline())["url"]
        process.terminate()


@pytest.fixture
def payporter(sandbox, request):
    """Calls the sandbox with an API key that is the test's own: keys that begin with test_ need no set-up."""

    def call(path, body=None, method=None):
        exchange = urllib.request.Request(
            sandbox + path,
            method=method or ("GET" if body is None else "POST"),
            data=None if body is None else json.dumps(body).encode(),
            headers={"X-API-KEY": request.node.name, "X-API-SECRET": "any secret", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(exchange, timeout=30) as answer:
            return json.load(answer)

    return call


@pytest.fixture
def callback():
    """Stands for your shop: start yours here instead, with PAYPORTER_BASE_URL set to the sandbox's."""

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
