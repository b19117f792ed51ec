"""A merchant of the sandbox."""
from __future__ import annotations

from typing import Any
from urllib.parse import quote

from .verbs import MerchantVerbs


class Merchant(MerchantVerbs):
    """A merchant of the sandbox. Each call concerns this merchant alone."""

    def __init__(self, url: str, api_key: str, api_secret: str, headers: dict[str, str]):
        super().__init__(url, {**headers, "X-API-KEY": api_key, "X-API-SECRET": api_secret})
        self.api_key = api_key
        self.api_secret = api_secret
        #: What your shop finds its settings in.
        self.env = {"PAYPORTER_BASE_URL": self.url, "PAYPORTER_API_KEY": api_key, "PAYPORTER_API_SECRET": api_secret}

    def create_checkout(self, headers: dict[str, str] | None = None, **order: Any) -> dict[str, Any]:
        """Creates a checkout as a shop does, with the fields of openapi.yaml: orderId, amount, currency, callback, ...

        headers may force a scenario: {"X-Mock-Scenario": "rate-limited"}.
        """
        return self.call("POST", "/api/checkout", body=order, headers=headers)

    def get_checkout(self, checkout_id: str) -> dict[str, Any]:
        """Asks for the payment of a checkout as a shop does."""
        return self.call("GET", f"/api/checkout/{quote(checkout_id, '')}")

    def cancel(self, checkout_id: str) -> dict[str, Any]:
        """The customer cancels."""
        return self.outcome(checkout_id, "CANCELLED")

    def advance(self, duration: str) -> dict[str, Any]:
        """Lets time pass, such as 48h or 1m30s. Returns when everything due has been delivered or recorded."""
        return self.move_clock(advance=duration)

    def freeze(self) -> dict[str, Any]:
        """Stops the merchant's clock."""
        return self.move_clock(freeze=True)

    def resume(self) -> dict[str, Any]:
        """Lets the merchant's time be real again."""
        return self.move_clock(resume=True)

    def set_time(self, time: str) -> dict[str, Any]:
        """Sets the merchant's clock, to a time such as 2026-01-31T12:00:00Z."""
        return self.move_clock(set=time)
