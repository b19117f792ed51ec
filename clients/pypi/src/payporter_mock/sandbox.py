"""A sandbox that runs somewhere, and how to start one."""
from __future__ import annotations

import atexit
import json
import os
import subprocess
import time
import uuid
from typing import Any

from .caller import CallError
from .merchant import Merchant
from .program import program
from .verbs import SandboxVerbs


class Sandbox(SandboxVerbs):
    """A sandbox at a URL. Used in a with statement, it is stopped at the end."""

    def __init__(self, url: str, admin_token: str | None = None, process: subprocess.Popen[bytes] | None = None):
        wanted = admin_token and admin_token != "none"
        super().__init__(url, {"Authorization": f"Bearer {admin_token}"} if wanted else {})
        self._process = process

    def merchant(self, api_key: str | None = None, api_secret: str = "test_secret") -> Merchant:
        """A merchant of its own: without a key with a new one, which begins with test_ and needs no set-up."""
        return Merchant(self.url, api_key or f"test_{uuid.uuid4()}", api_secret, self.headers)

    def stop(self) -> None:
        """Ends a sandbox that start has started, and waits for its end. Others are left alone."""
        if self._process is None:
            return
        atexit.unregister(self.stop)
        self._process.terminate()
        self._process.communicate()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(**options: Any) -> Sandbox:
    """Starts a sandbox, and returns when it is ready. The caller stops it; it also ends when this process exits by itself,
    not when a signal kills it.

    Options are the flags of payporter-mock serve: start(payer="auto", scenarios=["shop.yaml"]) is --payer=auto
    --scenarios=shop.yaml. What is None is left out. Without addr a free port of this machine is taken. What may be
    secret, such as admin_token, is handed over in the environment: everybody on a machine sees the flags.
    """
    given = {name: value for name, value in options.items() if value is not None}
    settings = {"addr": "127.0.0.1:0", "log_level": "error", **given, "log_format": "json"}
    secrets = {_variable(name): str(settings.pop(name)) for name in _SECRETS if name in settings}
    process = subprocess.Popen(
        [program(), "serve", *_flags(settings)], stdout=subprocess.PIPE, env={**os.environ, **secrets}
    )
    line = process.stdout.readline()
    if not line:
        code = process.wait()
        raise RuntimeError(f"payporter-mock ended with {code} before it listened; standard error says why")

    announced = json.loads(line)
    token = announced.get("adminToken") or given.get("admin_token") or os.environ.get("PAYPORTER_MOCK_ADMIN_TOKEN")
    sandbox = Sandbox(announced["url"], token, process)
    atexit.register(sandbox.stop)
    try:
        _wait(sandbox)
    except BaseException:
        sandbox.stop()
        raise
    return sandbox


# Options that are, or may contain, something secret.
_SECRETS = ("admin_token", "api_secret", "webhook_secret", "webhook_url", "store", "callback_proxy", "otlp_headers")


def _variable(option: str) -> str:
    """The environment variable that stands for an option."""
    return f"PAYPORTER_MOCK_{option.upper()}"


def _flags(options: dict[str, Any]) -> list[str]:
    flags = []
    for name, value in options.items():
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one is None:
                continue
            text = str(one).lower() if isinstance(one, bool) else str(one)
            flags.append(f"--{name.replace('_', '-')}={text}")
    return flags


def _wait(sandbox: Sandbox) -> None:
    """Waits at most ten seconds until the sandbox is ready."""
    deadline = time.monotonic() + 10
    while True:
        try:
            sandbox.health()
            return
        except (CallError, OSError):
            if time.monotonic() > deadline:
                raise
        time.sleep(0.05)
