"""Fixtures for pytest, which knows them as soon as the package is installed."""
from __future__ import annotations

from typing import Any, Iterator

import pytest

from .merchant import Merchant
from .sandbox import Sandbox, start


@pytest.fixture(scope="session")
def payporter_options() -> dict[str, Any]:
    """What the sandbox is started with. Override it in conftest.py: return {"payer": "auto"}."""
    return {}


@pytest.fixture(scope="session")
def payporter_sandbox(payporter_options: dict[str, Any]) -> Iterator[Sandbox]:
    """A sandbox for the whole run."""
    with start(**payporter_options) as sandbox:
        yield sandbox


@pytest.fixture
def payporter(payporter_sandbox: Sandbox) -> Merchant:
    """A merchant of the test's own, so that tests see nothing of each other."""
    return payporter_sandbox.merchant()
