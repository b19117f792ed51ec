#!/usr/bin/env bash
# Drives a sandbox by its own descriptions, of the merchant API and of the control API, with Schemathesis: valid and
# invalid requests, every check.
#
#   testdata/schemathesis/run.sh [SCHEMATHESIS-OPTION...]
#
# Schemathesis is taken from $VENV, which is .venv unless it is set, else from the PATH.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv=${VENV:-$root/.venv}
[[ -x $venv/bin/schemathesis ]] && PATH="$venv/bin:$PATH"
command -v schemathesis >/dev/null || {
	echo "Schemathesis is missing: make .venv, or pip install -r testdata/schemathesis/requirements.txt" >&2
	exit 1
}

work=$(mktemp -d)
sandbox=
cleanup() {
	[[ -z $sandbox ]] || kill "$sandbox" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT

(cd "$root" && go build -o "$work/payporter-mock" ./cmd/payporter-mock)
mkfifo "$work/announced"
"$work/payporter-mock" serve --addr 127.0.0.1:0 --payer page --callback-allow 127.0.0.0/8 --validate-responses \
	--log-format json --log-level warn >"$work/announced" 2>"$work/log" &
sandbox=$!
if ! read -r -t 30 line <"$work/announced"; then
	echo "the sandbox did not start:" >&2
	cat "$work/log" >&2
	exit 1
fi
url=$(sed -E 's/.*"url":"([^"]+)".*/\1/' <<<"$line")

# Something for the control API to tell of: a paid checkout with a callback that nobody takes.
call() {
	curl -sf -H 'X-API-KEY: test_schemathesis' -H 'X-API-SECRET: secret' -H 'Content-Type: application/json' -d "$2" "$url$1"
}
CHECKOUT=$(call /api/checkout \
	'{"orderId": "ORD-1", "amount": 100.50, "currency": "TRY", "callback": "http://127.0.0.1:9/payment-callback"}' |
	sed -E 's/.*"checkoutId":"([0-9a-f-]{36})".*/\1/')
call "/_mock/checkouts/$CHECKOUT/pay" '{}' >/dev/null
CALLBACK=$(curl -sf "$url/_mock/callbacks?merchant=test_schemathesis" | sed -E 's/.*"callbacks":\[\{"id":"([0-9a-f-]{36})".*/\1/')
PAYMENT=$(call /api/payment '{"orderId": "ORD-1", "amount": 100.50, "currency": "TRY", "cardHolderName": "AYSE YILMAZ",
	"pan": "5421190122090656", "expiryMonth": "12", "expiryYear": "40", "cvv": "123", "requestIp": "203.0.113.7",
	"requestPort": 49152}' | sed -E 's/.*"paymentId":"([0-9a-f-]{36})".*/\1/')
export CHECKOUT CALLBACK PAYMENT SANDBOX=$url

cd "$work" # Schemathesis leaves folders where it runs
export SCHEMATHESIS_HOOKS=$here/hooks.py
bound=() most=600 # seconds for each description, of which a machine that does nothing else needs a tenth
command -v timeout >/dev/null && bound=(timeout -k 10 "$most")
failed=0
"${bound[@]}" schemathesis --config-file "$here/control.toml" run "$@" "$url/_mock/openapi.yaml" || failed=$?
((failed != 0)) ||
	"${bound[@]}" schemathesis --config-file "$here/schemathesis.toml" run "$@" "$url/openapi.yaml" || failed=$?

signal=TERM
if ((failed == 124)); then
	echo "Schemathesis did not end within $most seconds; below is what the sandbox was doing" >&2
	signal=QUIT
fi
kill -s "$signal" "$sandbox"
wait "$sandbox" || failed=$?
sandbox=
if grep -vE '"msg":"(callback|webhook|undelivered)"' log >complaints; then # they have nowhere to go
	echo "the sandbox complained:" >&2
	head -n 200 complaints >&2
	failed=1
fi
exit "$failed"
