"""Sends calls to a sandbox."""
from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

# The sandbox lets a caller wait for five minutes at most.
TIMEOUT = 330

# A sandbox on this machine is not behind a proxy.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class CallError(Exception):
    """An answer that is not 2xx: status, and body as the sandbox sent it."""

    def __init__(self, call: str, status: int, body: Any):
        super().__init__(f"{call}: {status} {body.get('message', body) if isinstance(body, dict) else body}")
        self.status = status
        self.body = body


class Caller:
    """Sends calls as one merchant."""

    def __init__(self, url: str, headers: dict[str, str]):
        self.url = url.rstrip("/")
        self.headers = headers

    def call(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Sends a request as this merchant and returns the JSON of the answer.

        What is None is left out of query and body. A body that is text is sent as YAML, any other as JSON. Raises
        CallError when the answer is not 2xx.
        """
        given = {name: value for name, value in (query or {}).items() if value is not None}
        address = self.url + path + ("?" + urllib.parse.urlencode(given) if given else "")
        request = urllib.request.Request(address, method=method, headers={**self.headers, **(headers or {})})
        if isinstance(body, str):
            request.data = body.encode()
            request.add_header("Content-Type", "application/yaml")
        elif body is not None:
            request.data = json.dumps({name: value for name, value in body.items() if value is not None}).encode()
            request.add_header("Content-Type", "application/json")

        try:
            with _opener.open(request, timeout=TIMEOUT) as answer:
                return _read(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                raise CallError(f"{method} {path}", refused.code, _read(refused, or_text=True)) from None


def _read(answer: Any, or_text: bool = False) -> Any:
    """The JSON of an answer, else its text. JSON that cannot be read is a ValueError, or with or_text the text."""
    text = answer.read().decode(errors="replace")
    if answer.headers.get_content_type() != "application/json":
        return text
    try:
        return json.loads(text)
    except ValueError:
        if or_text:
            return text
        raise
