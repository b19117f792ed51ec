package contract_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
)

const wholeConfig = `
merchant:
  command: [node, shop.js]
  dir: shop
  env: {LEVEL: 3, NAME: shop}
  url: http://127.0.0.1:{{port}}
  ready: "{{shop}}/health"
  readyWithin: 5s
  callbackUrl: "{{shop}}/payment-callback"
order:
  before:
    - {method: post, url: "{{shop}}/basket", form: {item: 7}, take: {token: {regexp: 'name="token" value="([^"]+)"'}}}
  request: {url: "{{shop}}/orders", headers: {Accept: application/json, X-Token: "{{token}}"}, json: {amount: "{{amount}}", lines: [{price: 1.50, gift: true, note: null}]}}
  orderId: {header: Location, regexp: 'orders/(\d+)'}
  redirectUrl: {regexp: 'href="([^"]+)"'}
  amount: "100.50"
  currency: EUR
  currencies: [JPY, KWD]
state:
  request: {url: "{{shop}}/orders/{{orderId}}"}
  paid: {json: "$.order['is paid']", equals: [yes, 1, true]}
  failed: {status: 410}
  fulfilments: {json: "$.shipments"}
  refunded: {json: "$.refunds.total"}
webhook: {url: "{{shop}}/webhook", secret: my-webhook-secret}
refund:
  before: [{method: post, url: "{{shop}}/login", take: {staff: {header: X-Token}}}]
  request: {url: "{{shop}}/orders/{{orderId}}/refund", headers: {X-Token: "{{staff}}"}, json: {amount: "{{amount}}"}}
payporter: {addr: 127.0.0.1:8099, apiKey: test_key, apiSecret: test_secret}
`

func TestConfig(t *testing.T) {
	t.Parallel()
	c, err := contract.ParseConfig("verify.yaml", []byte(wholeConfig))
	require.NoError(t, err)
	require.Equal(t, contract.Shop{
		Command: []string{"node", "shop.js"}, Dir: "shop", Env: map[string]string{"LEVEL": "3", "NAME": "shop"},
		URL:   "http://127.0.0.1:{{port}}",
		Ready: "{{shop}}/health", ReadyWithin: 5 * time.Second, CallbackURL: "{{shop}}/payment-callback",
	}, c.Shop)
	require.Equal(t, "POST", c.Order.Before[0].Method)
	require.Equal(t, map[string]string{"item": "7"}, c.Order.Before[0].Form)
	require.Equal(t, contract.Extract{Header: "Location", Regexp: `orders/(\d+)`}, c.Order.OrderID)
	require.Equal(t, []string{"yes", "1", "true"}, c.State.Paid.Equals)
	require.Equal(t, contract.Take{"token": {Regexp: `name="token" value="([^"]+)"`}}, c.Order.Before[0].Take)
	require.Equal(t, contract.Condition{Status: 410}, c.State.Failed)
	require.Equal(t, "EUR", c.Order.Currency)
	require.Equal(t, []string{"JPY", "KWD"}, c.Order.Currencies)
	require.Equal(t, contract.Extract{JSON: "$.refunds.total"}, c.State.Refunded)
	require.Equal(t, contract.Webhook{URL: "{{shop}}/webhook", Secret: "my-webhook-secret"}, c.Webhook)
	require.Equal(t, contract.Take{"staff": {Header: "X-Token"}}, c.Refund.Before[0].Take)
	require.Equal(t, map[string]any{"amount": "{{amount}}"}, c.Refund.Request.JSON)
	require.Equal(t, contract.PayPorter{Addr: "127.0.0.1:8099", APIKey: "test_key", APISecret: "test_secret"}, c.PayPorter)
}

// What several requests have in common is written once.
func TestConfigTakesAliases(t *testing.T) {
	t.Parallel()
	c, err := contract.ParseConfig("verify.yaml", []byte(`
order:
  before: &login [{url: "{{shop}}/login", form: {1: yes}, take: &kept {token: {header: X-Token}}}]
  request: &request {url: "{{shop}}/orders", headers: {X-Token: "{{token}}"}, json: {lines: [&line {price: 1.50}, *line]}}
state:
  before: *login
  request: {<<: *request, method: GET, json: {a: *line}}
  paid: &paid {json: $.status, equals: [&word paid, *word]}
  failed: {<<: *paid, equals: failed}
`))
	require.NoError(t, err)

	line := map[string]any{"price": json.Number("1.50")}
	require.Equal(t, map[string]any{"lines": []any{line, line}}, c.Order.Request.JSON)
	require.Equal(t, map[string]string{"1": "yes"}, c.Order.Before[0].Form)
	require.Equal(t, c.Order.Before, c.State.Before)
	require.Equal(t, contract.Request{
		Method: "GET", URL: "{{shop}}/orders", Headers: c.Order.Request.Headers,
		JSON: map[string]any{"a": line},
	}, c.State.Request)
	require.Equal(t, []string{"paid", "paid"}, c.State.Paid.Equals)
	require.Equal(t, contract.Condition{Extract: c.State.Paid.Extract, Equals: []string{"failed"}}, c.State.Failed)
}

// Every fault is told, with its place and the remedy.
func TestConfigFaults(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"empty":   "",
		"comment": "# nothing yet\n",
		"no-yaml": "order: [\n",
		"no-map":  "- order\n",
		"nothing": "merchant: {ready: /health}\n",
		"many": `
merchnt: {}
merchant:
  comand: [node]
  command: node
  ready: 127.0.0.1:3000/health
  readyWithin: soon
  env: [A]
order:
  request: {methd: POST, method: FETCH, json: {a: 1}, form: {b: 2}}
  orderId: {}
  redirectUrl: {json: orderId, header: Location}
  amount: a lot
  currency: TL
  before: {}
state:
  request: {url: "{{shop}}/orders/{{orderId}}", headers: 7}
  paid: {regexp: "(a)(b)", equals: {a: b}}
  failed: {json: "$.a[x]", status: gone}
  fulfilments: {regexp: "("}
  fulfilments: {json: $.n}
payporter: {apiKey: test_key, apiSecret: 12345}
`,
		"nulls": "order:\nstate:\n  request: {url: 'http://a/'}\n  paid:\n",
		"placeholders": "order: {request: {url: 'http://127.0.0.1:{{prt}}/{{ orderID }}', json: {a: " +
			"'{{amout}}'}}}\nstate: {request: {url: '{{shop}}/'}, paid: {json: $.p}}\n",
		"take": "order:\n  before: [{url: '{{shop}}/', take: {csrf: {}, amount: {json: $.a}, a-b: {json: $.b}}}, {url: " +
			"'{{shop}}/{{crsf}}', take: 7}]\n" +
			"  request: {url: '{{shop}}/{{csrf}}', take: {a: {json: $.a}}}\nstate: {request: {url: '{{shop}}/'}, paid: " +
			"{json: $.p}}\n",
		"alias":     "order: &o {request: {url: 'http://a/'}}\nstate: *o\n",
		"documents": "order: {request: {url: 'http://a/'}}\n---\nstate: {}\n",
		"control":   "order:\n  request: {url: \"http://a/\x00\"}\n",
		"twice": "order:\n  request: {url: 'http://a/', form: {item: 1, item: 2}, headers: {[a]: b}}\n" +
			"state: {request: {url: 'http://a/', json: {a: {b: 1, b: 2}}}, paid: {json: $.p}}\n",
		"endless": "order: {request: {url: 'http://a/', json: &a [*a]}}\nstate: &s {<<: *s, request: {url: 'http://a/'}, " +
			"paid: {json: $.p}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := contract.ParseConfig("verify.yaml", []byte(source))
			require.Error(t, err)
			golden(t, filepath.Join("testdata", "config", name+".txt"), err.Error()+"\n")
		})
	}
}

func TestLoadConfigRunsTheCommandBesideTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "verify.yaml")
	require.NoError(t, os.WriteFile(path, []byte(wholeConfig), 0o600))
	c, err := contract.LoadConfig(path)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "shop"), c.Shop.Dir)
	_, err = contract.LoadConfig(filepath.Join(dir, "none.yaml"))
	require.ErrorIs(t, err, os.ErrNotExist)
}
