# Generated from the control API's description by: go generate ./clients/generate
"""A method for each call of the control API. Answers are as the sandbox sends them, in JSON."""
from __future__ import annotations

from typing import Any
from urllib.parse import quote

from .caller import Caller


class SandboxVerbs(Caller):
    """The calls that concern the whole sandbox."""

    def health(self) -> dict[str, Any]:
        """Is the sandbox ready?

        Wants no token. While its store cannot be used, the answer is 503 and says why.
        """
        return self.call("GET", "/_mock/health")

    def merchants(self) -> dict[str, Any]:
        """The merchants that the sandbox has met.

        The API keys, the configured one first. A key is met by its first request, or by a call of this API
        that changes something for it; to look at it is none.
        """
        return self.call("GET", "/_mock/merchants")

    def strangers(
        self,
        *,
        kind: str | None = None,
        after: int | None = None,
        status: str | None = None,
        search: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int | None = None,
    ) -> dict[str, Any]:
        """The requests that belong to no merchant, oldest first.

        They had no API key, or one that nobody has, so they are in no journal. All callers share this list,
        and no reset empties it.

        :param kind: Only entries of this kind.
        :param after: Only entries with a greater seq.
        :param status: Only entries with this status of the payment (SUCCESS, FAILED, ...), of the delivery
        (DELIVERED, EXHAUSTED, ...) or of the HTTP answer (200, 400, ...).
        :param search: Only entries with this text in them, whatever the case: in ids, notes and errors, and
        in the addresses, headers and bodies of what was said.
        :param since: Only entries that began at this time of the merchant's clock or later.
        :param until: Only entries that began before this time of the merchant's clock.
        :param limit: The most to answer: the newest, but of the journal with `after` the oldest, so that one
        can read on.
        """
        return self.call("GET", "/_mock/strangers", query={
            "kind": kind,
            "after": after,
            "status": status,
            "search": search,
            "since": since,
            "until": until,
            "limit": limit,
        })


class MerchantVerbs(Caller):
    """The calls that concern one merchant."""

    def abandon(self, checkout_id: str) -> dict[str, Any]:
        """The customer leaves without a word.

        Nothing happens any more until the link expires.
        """
        return self.call("POST", f"/_mock/checkouts/{quote(checkout_id, '')}/abandon")

    def approve(self, payment_id: str) -> dict[str, Any]:
        """The administrator approves a refund.

        It becomes SUCCESS; FAILED if the card is one whose bank refuses refunds.
        """
        return self.call("POST", f"/_mock/payments/{quote(payment_id, '')}/approve")

    def callback(self, callback_id: str) -> dict[str, Any]:
        """One delivery with every attempt.

        Each attempt with its time, its answer and its error; and when the next one is planned.
        """
        return self.call("GET", f"/_mock/callbacks/{quote(callback_id, '')}")

    def callbacks(
        self,
        *,
        kind: str | None = None,
        checkout_id: str | None = None,
        payment_id: str | None = None,
        order_id: str | None = None,
        status: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> dict[str, Any]:
        """The deliveries with every attempt, newest first.

        Each attempt with its time, its answer and its error; and when the next one is planned.

        :param kind: Only callbacks, or only webhooks.
        :param checkout_id: Only those of this checkout.
        :param payment_id: Only webhooks of this payment.
        :param order_id: Only those of this order.
        :param status: Only those with this status.
        :param before: Only those older than the delivery with this id.
        :param limit: The most to answer: the newest, but of the journal with `after` the oldest, so that one
        can read on.
        """
        return self.call("GET", "/_mock/callbacks", query={
            "kind": kind,
            "checkoutId": checkout_id,
            "paymentId": payment_id,
            "orderId": order_id,
            "status": status,
            "before": before,
            "limit": limit,
        })

    def cancel_next_scenarios(self) -> dict[str, Any]:
        """Cancel all of them.

        The next checkouts are as any other again. Checkouts that exist keep their scenarios.
        """
        return self.call("DELETE", "/_mock/scenarios/next")

    def checkout(self, checkout_id: str) -> dict[str, Any]:
        """What the sandbox knows of a checkout.

        With its payment as `GET /api/checkout/{checkoutId}` answers it, and its callbacks.
        """
        return self.call("GET", f"/_mock/checkouts/{quote(checkout_id, '')}")

    def checkouts(
        self,
        *,
        checkout_id: str | None = None,
        order_id: str | None = None,
        status: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> dict[str, Any]:
        """The checkouts, newest first.

        Each with its payment and its callbacks. A page at a time; `before` leads on.

        :param checkout_id: Only the one with this id.
        :param order_id: Only those of this order.
        :param status: Only those whose payment has this status.
        :param before: Only those older than the checkout with this id.
        :param limit: The most to answer: the newest, but of the journal with `after` the oldest, so that one
        can read on.
        """
        return self.call("GET", "/_mock/checkouts", query={
            "checkoutId": checkout_id,
            "orderId": order_id,
            "status": status,
            "before": before,
            "limit": limit,
        })

    def clock(self) -> dict[str, Any]:
        """The merchant's time.

        And when the next thing happens by itself.
        """
        return self.call("GET", "/_mock/clock")

    def coverage(self) -> dict[str, Any]:
        """What of the contract has been exercised.

        Everything that the merchant can exercise, with how often it has; a reset begins anew. The kinds are:

        - `operation`: an operation was answered with a status, such as `POST /api/checkout 200`;
        - `field`: a field was sent in a request that the description allows, such as `POST /api/checkout
        customerId`;
        - `boundary`: an allowed value at the edge of what is allowed was sent, such as `POST /api/checkout
        amount at maximum`;
        - `answer`: a form of an answer was answered, such as `GET /api/checkout/{checkoutId} 200 status
        FAILED`, or an error's `messageCode UNAUTHORIZED`;
        - `scenario`: a checkout followed a scenario, shipped or in force.
        """
        return self.call("GET", "/_mock/coverage")

    def delete_scenarios(self) -> dict[str, Any]:
        """Put the sandbox's own set back in force.

        The merchant has no scenarios of its own any more. What was forced for the next checkouts is
        cancelled, too, and
        `cancelled` tells it.
        """
        return self.call("DELETE", "/_mock/scenarios")

    def delete_webhook(self) -> dict[str, Any]:
        """Send no more webhooks.

        What is planned already is still sent, signed as before.
        """
        return self.call("DELETE", "/_mock/webhook")

    def expire(self, checkout_id: str) -> dict[str, Any]:
        """The link expires now.

        As if its lifetime were over. The payment is CANCELLED for good.
        """
        return self.call("POST", f"/_mock/checkouts/{quote(checkout_id, '')}/expire")

    def explain_scenario(
        self,
        *,
        checkout_id: str | None = None,
        payment_id: str | None = None,
    ) -> dict[str, Any]:
        """Why a checkout or a payment has its scenario.

        Which scenario won, which nearly did, and the conditions that failed, with both values.

        :param checkout_id: The checkout. Without this and paymentId: the newest one.
        :param payment_id: A payment, capture, cancellation or refund; with checkoutId, of that checkout.
        """
        return self.call("GET", "/_mock/scenarios/explain", query={
            "checkoutId": checkout_id,
            "paymentId": payment_id,
        })

    def forge(
        self,
        checkout_id: str,
        *,
        as_: str | None = None,
        url: str | None = None,
    ) -> dict[str, Any]:
        """Send what an attacker would.

        Answers when the receiver has answered. No delivery is changed. Without a `url`, a `checkoutId` that
        no checkout has
        is a 404.

        :param checkout_id: What to send, a UUID or anything else.
        :param url: Where to; left out, the callback of the checkout.
        """
        return self.call("POST", "/_mock/callbacks/forge", body={"checkoutId": checkout_id, "as": as_, "url": url})

    def forge_webhook(self, as_: str, payment_id: str, *, url: str | None = None) -> dict[str, Any]:
        """Send a webhook that must not be trusted.

        Answers when the receiver has answered. No delivery is changed. `as` says what is wrong with the
        webhook of the payment:

        - `unsigned`: it has no signature
        - `wrongSecret`: it is signed with another secret
        - `oldTime`: it is rightly signed, and ten minutes old
        - `changedBody`: its amount is 0.01, and its signature that of the true body
        - `otherMerchant`: it is of a payment that this merchant does not have, signed with another secret
        - `repeatedEvent`: it is right, and has the event id of the payment's own webhook

        :param payment_id: The payment that it is about.
        :param url: Where to; where it may be left out, the address of the merchant's webhooks.
        """
        return self.call("POST", "/_mock/webhooks/forge", body={"as": as_, "paymentId": payment_id, "url": url})

    def journal(
        self,
        *,
        checkout_id: str | None = None,
        order_id: str | None = None,
        kind: str | None = None,
        after: int | None = None,
        status: str | None = None,
        search: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int | None = None,
    ) -> dict[str, Any]:
        """Every exchange, both directions, oldest first.

        Secrets and card data are masked. Of more than `limit` the newest are answered, or with `after` the
        oldest.

        :param checkout_id: Only entries of this checkout.
        :param order_id: Only entries of this order.
        :param kind: Only entries of this kind.
        :param after: Only entries with a greater seq.
        :param status: Only entries with this status of the payment (SUCCESS, FAILED, ...), of the delivery
        (DELIVERED, EXHAUSTED, ...) or of the HTTP answer (200, 400, ...).
        :param search: Only entries with this text in them, whatever the case: in ids, notes and errors, and
        in the addresses, headers and bodies of what was said.
        :param since: Only entries that began at this time of the merchant's clock or later.
        :param until: Only entries that began before this time of the merchant's clock.
        :param limit: The most to answer: the newest, but of the journal with `after` the oldest, so that one
        can read on.
        """
        return self.call("GET", "/_mock/journal", query={
            "checkoutId": checkout_id,
            "orderId": order_id,
            "kind": kind,
            "after": after,
            "status": status,
            "search": search,
            "since": since,
            "until": until,
            "limit": limit,
        })

    def move_clock(
        self,
        *,
        advance: str | None = None,
        freeze: bool | None = None,
        resume: bool | None = None,
        set: str | None = None,
    ) -> dict[str, Any]:
        """Freeze, set, advance or resume the merchant's time.

        Several at once happen in this order: freeze, set, advance, resume. So freeze and resume together move
        the time
        exactly, and let it run again. Moving forwards runs everything that falls due on the way, in order,
        and answers when
        it has been delivered or recorded. The time stays between the years 1970 and 2200; a movement that
        leaves them is
        a 409, and nothing moves.

        :param advance: A duration as Go writes it, with each unit once.
        """
        return self.call("POST", "/_mock/clock", body={
            "advance": advance,
            "freeze": freeze,
            "resume": resume,
            "set": set,
        })

    def next_scenario(self, scenario: str, *, times: int | None = None) -> dict[str, Any]:
        """Force a scenario for the next checkouts.

        Behind those that were ordered before. The next payments by the API count as well.

        :param scenario: A name of the merchant's set or of the library; another one is a 400 with the nearest
        names.
        """
        return self.call("POST", "/_mock/scenarios/next", body={"scenario": scenario, "times": times})

    def next_scenarios(self) -> dict[str, Any]:
        """The scenarios that the next checkouts get.

        In the order in which they get them. A reset, with `keep=scenarios` as well, leaves none.
        """
        return self.call("GET", "/_mock/scenarios/next")

    def outcome(
        self,
        checkout_id: str,
        status: str,
        *,
        result_code: str | None = None,
        result_message: str | None = None,
    ) -> dict[str, Any]:
        """Force the result.

        As if the bank had answered so. Callbacks follow as after any payment.
        """
        return self.call("POST", f"/_mock/checkouts/{quote(checkout_id, '')}/outcome", body={
            "status": status,
            "resultCode": result_code,
            "resultMessage": result_message,
        })

    def pay(
        self,
        checkout_id: str,
        *,
        card: str | None = None,
        installment_count: int | None = None,
    ) -> dict[str, Any]:
        """A customer pays.

        The card decides the result. Only test cards are taken. More instalments than the checkout's
        `maxInstallmentCount`
        are a 400, and so are instalments with a debit card or a foreign one.

        :param card: The number of a test card. Left out, a card that is good for every payment.
        """
        return self.call("POST", f"/_mock/checkouts/{quote(checkout_id, '')}/pay", body={
            "card": card,
            "installmentCount": installment_count,
        })

    def payment(self, payment_id: str) -> dict[str, Any]:
        """What the sandbox knows of a payment.

        As `GET /api/payment/{paymentId}` answers it, without what a scenario does to that answer.
        """
        return self.call("GET", f"/_mock/payments/{quote(payment_id, '')}")

    def payment_outcome(
        self,
        payment_id: str,
        status: str,
        *,
        result_code: str | None = None,
        result_message: str | None = None,
    ) -> dict[str, Any]:
        """Force the result of a payment.

        As if the bank had answered so, for a refund after it was approved. A payment that has its result is a
        409.
        """
        return self.call("POST", f"/_mock/payments/{quote(payment_id, '')}/outcome", body={
            "status": status,
            "resultCode": result_code,
            "resultMessage": result_message,
        })

    def payments(
        self,
        *,
        order_id: str | None = None,
        checkout_id: str | None = None,
        status: str | None = None,
        transaction_type: str | None = None,
        parent_payment_id: str | None = None,
        before: str | None = None,
        limit: int | None = None,
    ) -> dict[str, Any]:
        """The payments, newest first.

        Those of checkouts and of the API, with captures, cancellations and refunds. A page at a time;
        `before` leads on.

        :param order_id: Only those of this order.
        :param checkout_id: Only those of this checkout.
        :param status: Only those with this status.
        :param transaction_type: Only those of this type.
        :param parent_payment_id: Only those that capture, cancel or refund this payment.
        :param before: Only those older than the payment with this id.
        :param limit: The most to answer: the newest, but of the journal with `after` the oldest, so that one
        can read on.
        """
        return self.call("GET", "/_mock/payments", query={
            "orderId": order_id,
            "checkoutId": checkout_id,
            "status": status,
            "transactionType": transaction_type,
            "parentPaymentId": parent_payment_id,
            "before": before,
            "limit": limit,
        })

    def put_scenarios(self, file: str | dict[str, Any]) -> dict[str, Any]:
        """Put a scenario set in force.

        For new checkouts of this merchant. An invalid one is a 400 with line and column, and the old set
        stays.
        What was forced for the next checkouts stays where a scenario of the new set or of the library has the
        name;
        the rest is cancelled, and `cancelled` tells it.

        :param file: A scenario file as JSON. `payporter-mock scenarios schema` prints what a scenario can
        have.
        """
        return self.call("PUT", "/_mock/scenarios", body=file)

    def redeliver(self, callback_id: str) -> dict[str, Any]:
        """Send it again, now.

        Answers when the attempt is over. When it fails, the plan stays as it was.
        """
        return self.call("POST", f"/_mock/callbacks/{quote(callback_id, '')}/redeliver")

    def reject(self, payment_id: str) -> dict[str, Any]:
        """The administrator rejects a refund.

        It becomes REJECTED.
        """
        return self.call("POST", f"/_mock/payments/{quote(payment_id, '')}/reject")

    def reset(self, *, keep: str | None = None) -> dict[str, Any]:
        """Forget the merchant's state.

        Checkouts, callbacks, journal, coverage and the merchant's own scenarios are forgotten, time is real
        again, and random values begin anew. Credentials and the webhook stay.

        :param keep: What to keep.
        """
        return self.call("POST", "/_mock/reset", query={"keep": keep})

    def rotate_webhook(self) -> dict[str, Any]:
        """Make a new secret.

        It is shown in this answer only, and signs all that is made from now on. The one before it stays valid
        for
        `--webhook-secret-overlap`: with `--webhook-retry-time keep` a retry of what was first sent before the
        rotation has its
        old signature until then. So a receiver takes both meanwhile. (assumed)
        """
        return self.call("POST", "/_mock/webhook/rotate")

    def scenarios(self) -> dict[str, Any]:
        """The merchant's scenario set.

        Own scenarios, or the ones that the sandbox was started with.
        """
        return self.call("GET", "/_mock/scenarios")

    def session(self) -> dict[str, Any]:
        """All that the merchant has done, in one file.

        Journal, checkouts, payments, deliveries, scenarios and clock, secrets and card data masked. The
        dashboard opens the file, and `payporter-mock show FILE` prints it.
        """
        return self.call("GET", "/_mock/session")

    def set_webhook(self, url: str, *, secret: str | None = None) -> dict[str, Any]:
        """Say where webhooks go.

        Every payment that comes to a final status from now on is told there. Without a `secret` one is made,
        and shown in
        this answer only. What is planned already goes where it was to go, signed with the secret of the time
        when it is sent.

        :param url: Where to; where it may be left out, the address of the merchant's webhooks.
        :param secret: What signatures are made with; left out, one is made.
        """
        return self.call("PUT", "/_mock/webhook", body={"url": url, "secret": secret})

    def wait_for(
        self,
        *,
        checkout_id: str | None = None,
        order_id: str | None = None,
        kind: str | None = None,
        after: int | None = None,
        status: str | None = None,
        search: str | None = None,
        since: str | None = None,
        until: str | None = None,
        count: int | None = None,
        timeout: str | None = None,
    ) -> dict[str, Any]:
        """Wait until something has happened.

        Blocks until `count` entries fit, and answers them. When the time is over, a 408 tells what was seen
        instead, the newest entries of the same checkout and order, and for how long it really waited. The
        time-out is
        in real time, whatever the merchant's clock shows. At most half of the sandbox's connections wait at a
        time;
        beyond that, 429 with Retry-After.

        :param checkout_id: Only entries of this checkout.
        :param order_id: Only entries of this order.
        :param kind: Only entries of this kind.
        :param after: Only entries with a greater seq.
        :param status: Only entries with this status of the payment (SUCCESS, FAILED, ...), of the delivery
        (DELIVERED, EXHAUSTED, ...) or of the HTTP answer (200, 400, ...).
        :param search: Only entries with this text in them, whatever the case: in ids, notes and errors, and
        in the addresses, headers and bodies of what was said.
        :param since: Only entries that began at this time of the merchant's clock or later.
        :param until: Only entries that began before this time of the merchant's clock.
        :param count: How many entries to wait for.
        :param timeout: How long to wait at most, from 0s to 5m: minutes, seconds and milliseconds.
        """
        return self.call("GET", "/_mock/journal/wait", query={
            "checkoutId": checkout_id,
            "orderId": order_id,
            "kind": kind,
            "after": after,
            "status": status,
            "search": search,
            "since": since,
            "until": until,
            "count": count,
            "timeout": timeout,
        })

    def webhook(self) -> dict[str, Any]:
        """Where webhooks go.

        Without a `url` none are sent. The secret is never shown.
        """
        return self.call("GET", "/_mock/webhook")
