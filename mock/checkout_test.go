package mock_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

var uuid4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestCheckoutFromPostToVerifiedPayment(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)

	created := c.post("/api/checkout", order("ORD-12345", merchant.callback(), "customerId", `"C-7"`,
		"maxInstallmentCount", "6"))
	require.Equal(t, http.StatusOK, created.status, created.raw)
	id := created.text("checkoutId")
	require.Regexp(t, uuid4, id)
	require.Equal(t, srv.URL+"/checkout-link/"+id, created.text("redirectUrl"))
	require.Len(t, created.body, 2)

	before := c.get("/api/checkout/" + id)
	require.Equal(t, http.StatusOK, before.status)
	require.Equal(t, "ENROLLED", before.text("status"))
	require.Contains(t, before.raw, `"amount":100.50,`)
	for _, unknown := range []string{
		"pan", "cardHolderName", "authCode", "resultCode", "paymentDate",
		"installmentCount",
	} {
		require.NotContains(t, before.body, unknown)
	}

	paid := c.post("/_mock/checkouts/"+id+"/pay", `{"card":"`+goodCard+`","installmentCount":3}`)
	require.Equal(t, http.StatusOK, paid.status, paid.raw)
	c.await("kind=callback&status=DELIVERED&checkoutId=" + id)
	require.Equal(t, []post{{
		method: "POST", contentType: "application/x-www-form-urlencoded", userAgent: "payporter-mock/dev",
		path: "/payment-callback", form: map[string][]string{"checkoutId": {id}},
	}}, merchant.received())

	after := c.get("/api/checkout/" + id)
	require.Equal(t, "SUCCESS", after.text("status"))
	require.Contains(t, after.raw, `"amount":100.50,`)
	require.Equal(t, "3", fmt.Sprint(after.body["installmentCount"]))
	require.Regexp(t, `^[1-9]\d?\.\d\d$`, fmt.Sprint(after.body["merchantCommission"]))
	require.Equal(t, before.text("paymentId"), after.text("paymentId"))
	require.Regexp(t, uuid4, after.text("paymentId"))
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`, after.text("paymentDate"))
	require.Regexp(t, `^EXT\d{9}$`, after.text("externalTransactionId"))
	require.Regexp(t, `^AUTH\d{6}$`, after.text("authCode"))
	require.NotEmpty(t, after.text("cardHolderName"))
	require.Equal(t, map[string]any{
		"orderId": "ORD-12345", "customerId": "C-7", "currency": "TRY", "transactionType": "SALE", "status": "SUCCESS",
		"resultCode": "SUCCESS", "resultMessage": "Successful", "pan": "542119******0656", "cardScheme": "MASTERCARD",
		"cardType": "CREDIT", "domInt": "DOM", "loyaltyCode": "WORLD", "cardSubType": "PLATINUM",
	}, without(after.body, "amount", "installmentCount", "paymentId", "merchantCommission", "paymentDate",
		"cardHolderName", "externalTransactionId", "authCode"))
}

func without(m map[string]any, names ...string) map[string]any {
	for _, name := range names {
		delete(m, name)
	}
	return m
}

// What a request sends has no trace in the next one, which is read in the same place.
func TestCreatesKnowNothingOfEachOther(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	whole := order("ORD-whole", "https://shop.example/cb", "customerId", `"C-7"`, "maxInstallmentCount", "6",
		"description", `"a present"`, "interestPaidByCustomer", "true", "unknown", `{"list":[1]}`)
	for i := range 50 {
		require.Equal(t, http.StatusOK, c.post("/api/checkout", whole).status)
		if i%2 == 0 {
			require.Equal(t, http.StatusBadRequest, c.post("/api/checkout", `{"description":"broken off`).status)
		}

		made := c.post("/api/checkout", order("ORD-least", "https://shop.example/cb"))
		require.Equal(t, http.StatusOK, made.status, made.raw)
		entries := c.get("/_mock/journal?checkoutId=" + made.text("checkoutId")).raw
		require.NotContains(t, entries, "unknown field")
		seen := c.get("/_mock/checkouts/" + made.text("checkoutId"))
		require.Equal(t, http.StatusOK, seen.status, seen.raw)
		require.Equal(t, "1", fmt.Sprint(seen.body["maxInstallmentCount"]), seen.raw)
		for _, sent := range []string{"C-7", "a present"} {
			require.NotContains(t, seen.raw, sent)
		}

		missing := c.post("/api/checkout", `{"orderId":"ORD-2","currency":"TRY","callback":"https://shop.example/cb"}`)
		require.Equal(t, http.StatusBadRequest, missing.status)
		require.Contains(t, missing.raw, `"field":"amount"`)
	}
}

func TestAnswersEscapeTheHost(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{PublicURL: "https://shop.example/a&b"})
	created := clientOf(t, srv).post("/api/checkout", order("ORD-1", "https://shop.example/cb"))
	require.Equal(t, http.StatusOK, created.status, created.raw)
	want, err := json.Marshal(struct {
		CheckoutID  string `json:"checkoutId"`
		RedirectURL string `json:"redirectUrl"`
	}{created.text("checkoutId"), "https://shop.example/a&b/checkout-link/" + created.text("checkoutId")})
	require.NoError(t, err)
	require.Equal(t, string(want), created.raw)
}

func TestDeclinedCheckout(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback())
	srv.Pay(id, declinedCard)
	c.await("kind=callback&status=DELIVERED&checkoutId=" + id)
	declined := c.get("/api/checkout/" + id)
	require.Equal(t, "FAILED", declined.text("status"))
	require.Equal(t, "51", declined.text("resultCode"))
	require.Equal(t, "Not sufficient funds", declined.text("resultMessage"))
	require.Equal(t, "411111******1129", declined.text("pan"))
	require.NotContains(t, declined.body, "authCode")

	t.Run("can be tried again", func(t *testing.T) {
		c, first := clientOf(t, srv), declined.text("paymentId")
		srv.Pay(id, goodCard)
		c.await("kind=callback&status=DELIVERED&count=2&checkoutId=" + id)
		paid := c.get("/api/checkout/" + id)
		require.Equal(t, "SUCCESS", paid.text("status"))
		require.NotEqual(t, first, paid.text("paymentId"), "another attempt is another payment")
		require.Len(t, merchant.received(), 2)
	})
	t.Run("cannot be tried again when that is switched off", func(t *testing.T) {
		t.Parallel()
		srv := start(t, mock.Config{NoRetryPay: true})
		c := clientOf(t, srv)
		id := c.create("ORD-1", merchant.callback())
		srv.Pay(id, declinedCard)
		refused := c.post("/_mock/checkouts/"+id+"/pay", "")
		require.Equal(t, http.StatusConflict, refused.status)
		require.Equal(t, "checkout "+id+" was declined and may not be tried again", refused.text("message"))
		require.Equal(t, "FAILED", c.get("/api/checkout/"+id).text("status"))
	})
}

func TestPaidCheckoutCannotBePaidAgain(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback())
	results := make(chan reply, 8)
	for range cap(results) {
		go func() { results <- c.post("/_mock/checkouts/"+id+"/pay", "") }()
	}
	var paid int
	for range cap(results) {
		if r := <-results; r.status == http.StatusOK {
			paid++
		} else {
			require.Equal(t, http.StatusConflict, r.status)
			require.Equal(t, "checkout "+id+" has been paid", r.text("message"))
		}
	}
	require.Equal(t, 1, paid)
	srv.Advance(0)
	require.Len(t, merchant.received(), 1)
}

// Amounts are taken by their value, whatever way decimals of other languages are written, and the answer keeps the
// digits that came.
func TestAmountsKeepTheirDigits(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for _, amount := range []struct{ number, currency, want string }{
		{"100.50", "TRY", "100.50"},
		{"100.5", "TRY", "100.5"},
		{"100", "TRY", "100"},
		{"0.01", "TRY", "0.01"},
		{"9999999999.99", "TRY", "9999999999.99"},
		{"1e2", "TRY", "100"},
		{"100.5000", "TRY", "100.50"},
		{"1.0E7", "TRY", "10000000"},
		{"5.0", "JPY", "5"},
		{"1500.0", "JPY", "1500"},
		{"1.0E7", "JPY", "10000000"},
		{"12.34500", "KWD", "12.345"},
	} {
		id := c.create("ORD-"+amount.number, "http://127.0.0.1:9/cb", "amount", amount.number, "currency", `"`+
			amount.currency+`"`)
		require.Contains(t, c.get("/api/checkout/"+id).raw, `"amount":`+amount.want+`,`, "%s %s", amount.number,
			amount.currency)
	}
}

// Whole numbers are taken by their value, too, by both APIs.
func TestWholeNumbersMayHaveZerosBehindThePoint(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	id := c.create("ORD-1", "http://127.0.0.1:9/cb", "maxInstallmentCount", "6.0")

	paid := c.post("/_mock/checkouts/"+id+"/pay", `{"installmentCount": 0.3E1}`)
	require.Equal(t, http.StatusOK, paid.status, "%s", paid.raw)
	require.Contains(t, c.get("/api/checkout/"+id).raw, `"installmentCount":3,`)

	next := c.post("/_mock/scenarios/next", `{"scenario": "insufficient-funds", "times": 2.0}`)
	require.Contains(t, next.raw, `"times":2`)
}

// A callback URL that is refused is refused with the reason.
func TestCallbacksAreRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for callback, want := range map[string]string{
		"http://[fe80::1%25eth0]/cb": "callback: must not have a zone (eth0): another machine does not know it",
		"http://2130706433/cb": "callback: must write an IPv4 address as four decimal numbers, such as " +
			"http://127.0.0.1:3000/callback",
		"http://shop..example/cb": "callback: must have a valid host name: letters, digits, hyphens and dots, at most " +
			"63 characters between two dots",
		"http://me:pw@shop.example/": "callback: must not contain credentials",
		"http://shop.example:70000/": "callback: must have a port from 1 to 65535",
		"ftp://shop.example/": `callback: must be an absolute http or https URL without a user name, such as ` +
			`https://example.com/payment-callback, got "ftp://shop.example/"`,
	} {
		r := c.post("/api/checkout", order("ORD-1", callback))
		require.Equal(t, http.StatusBadRequest, r.status, "%s", r.raw)
		require.Equal(t, []string{want}, r.faults())
	}
}

// What is wrong with an amount is said of its value.
func TestAmountsAreRefusedByTheirValue(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for _, amount := range []struct{ number, currency, want string }{
		{"100.5050", "TRY", "amount: must have at most 2 decimals for TRY, got 100.5050"},
		{"1.005E0", "TRY", "amount: must have at most 2 decimals for TRY, got 1.005"},
		{"15.5E-1", "JPY", "amount: must be a whole number for JPY, got 1.55"},
		{"1.0E10", "TRY", "amount: must be at most 9999999999.99, got 10000000000"},
		{"-1.0E1", "TRY", "amount: must be greater than 0, got -10"},
	} {
		r := c.post("/api/checkout", order("ORD-1", "http://127.0.0.1:9/cb", "amount", amount.number, "currency", `"`+
			amount.currency+`"`))
		require.Equal(t, http.StatusBadRequest, r.status, "%s", r.raw)
		require.Equal(t, []string{amount.want}, r.faults())
	}
}

func TestBadRequestsNameEveryFault(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	const cb = "http://127.0.0.1:9/cb"
	for name, test := range map[string]struct {
		body string
		want []string
	}{
		"negative amount": {order("O", cb, "amount", "-5"), []string{"amount: must be greater than 0, got -5"}},
		"zero":            {order("O", cb, "amount", "0"), []string{"amount: must be greater than 0, got 0"}},
		"an absurd size":  {order("O", cb, "amount", "1e400"), []string{"amount: must be at most 9999999999.99, got 1e400"}},
		"a decimal more": {order("O", cb, "amount", "100.505"), []string{"amount: must have at most 2 decimals for TRY, " +
			"got 100.505"}},
		"yen with decimals": {
			order("O", cb, "amount", "100.5", "currency", `"JPY"`), []string{"amount: must be a whole number for " +
				"JPY, got 100.5"},
		},
		"text for a number": {order("O", cb, "amount", `"NaN"`), []string{`amount: must be a number, got the text "NaN"`}},
		"an unknown currency": {order("O", cb, "currency", `"XYZ"`), []string{`currency: must be a known ISO 4217 ` +
			`currency code such as TRY, got "XYZ"`}},
		"credentials in the callback": {
			order("O", "https://user:pw@shop.example/cb"),
			[]string{"callback: must not contain credentials"},
		},
		"a relative callback": {
			order("O", "/cb"),
			[]string{`callback: must be an absolute http or https URL without a user name, such as ` +
				`https://example.com/payment-callback, got "/cb"`},
		},
		"a long order id": {order(strings.Repeat("x", 129), cb), []string{"orderId: must have at most 128 " +
			"characters, got 129"}},
		"null for what is required": {
			order("O", cb, "currency", "null"), []string{"currency: must not be null"},
		},
		"a key twice": {
			`{"orderId":"O","orderId":"P","amount":1,"currency":"TRY","callback":"` + cb + `"}`,
			[]string{"orderId: appears twice"},
		},
		"everything missing": {
			`{}`, []string{"orderId: is required", "amount: is required", "currency: is required", "callback: is required"},
		},
		"several at once": {
			order("", cb, "amount", "-5", "maxInstallmentCount", "13", "interestPaidByCustomer", `"yes"`),
			[]string{
				"orderId: must not be empty", "amount: must be greater than 0, got -5",
				`interestPaidByCustomer: must be true or false, got the text "yes"`, "maxInstallmentCount: must be at " +
					"most 12, got 13",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := *c
			c.t = t
			r := c.post("/api/checkout", test.body)
			require.Equal(t, http.StatusBadRequest, r.status, r.raw)
			require.ElementsMatch(t, test.want, r.faults())
			require.Equal(t, "INVALID_REQUEST", r.text("messageCode"))
			require.Regexp(t, uuid4, r.text("requestId"))
			for _, sentence := range test.want {
				require.Contains(t, r.text("message"), sentence)
			}
		})
	}
	require.NotContains(t, c.get("/_mock/checkouts").raw, "checkoutId", "nothing was created")
}

func TestFaultyRequestsGetADocumentedAnswer(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	good := order("O", "http://127.0.0.1:9/cb")
	for name, test := range map[string]struct {
		method, path, body string
		header             [2]string // replaced; an empty value removes it
		status             int
		message            string
	}{
		"broken JSON": {"POST", "/api/checkout", `{"orderId": `, [2]string{}, 400, "body: is not valid JSON"},
		"no JSON":     {"POST", "/api/checkout", `hello`, [2]string{}, 400, "body: is not valid JSON"},
		"NaN": {"POST", "/api/checkout", `{"amount": NaN}`, [2]string{}, 400, "body: is not valid " +
			"JSON at line 1, column 12"},
		"a list":                  {"POST", "/api/checkout", `[]`, [2]string{}, 400, "body: must be an object"},
		"two values":              {"POST", "/api/checkout", good + good, [2]string{}, 400, "body: is not valid JSON"},
		"bytes that are no UTF-8": {"POST", "/api/checkout", "{\"orderId\":\"\xff\"}", [2]string{}, 400, "UTF-8"},
		"deep nesting":            {"POST", "/api/checkout", strings.Repeat("[", 30000), [2]string{}, 400, "body: "},
		"deep nesting in a field": {
			"POST", "/api/checkout", order("O", "http://127.0.0.1:9/cb", "deep", strings.Repeat("[", 5000)+
				strings.Repeat("]", 5000)), [2]string{}, 400, "more than 64",
		},
		"a huge body": {
			"POST", "/api/checkout", `{"description":"` + strings.Repeat("x", 70_000) + `"}`,
			[2]string{},
			413, "the body must have at most 65536 bytes",
		},
		"no body": {
			"POST", "/api/checkout", "",
			[2]string{"Content-Type", "application/json"},
			400,
			"body: is empty",
		},
		"a form": {"POST", "/api/checkout", good, [2]string{
			"Content-Type",
			"application/x-www-form-urlencoded",
		}, 415, "application/json"},
		"no content type": {
			"POST", "/api/checkout", good,
			[2]string{"Content-Type", ""},
			415,
			"application/json",
		},
		"another charset": {"POST", "/api/checkout", good, [2]string{
			"Content-Type",
			"application/json; charset=iso-8859-9",
		}, 415, "utf-8"},
		"a compressed body": {
			"POST", "/api/checkout", good,
			[2]string{"Content-Encoding", "gzip"},
			415,
			"Content-Encoding",
		},
		"no key": {
			"POST", "/api/checkout", good,
			[2]string{"X-API-KEY", ""},
			401,
			"X-API-KEY and X-API-SECRET",
		},
		"no secret": {
			"POST", "/api/checkout", good,
			[2]string{"X-API-SECRET", ""},
			401,
			"X-API-KEY and X-API-SECRET",
		},
		"the wrong method":            {"PUT", "/api/checkout", good, [2]string{}, 405, "takes POST"},
		"the wrong method with an id": {"DELETE", "/api/checkout/x", "", [2]string{}, 405, "takes GET"},
		"a path that does not exist":  {"POST", "/api/chekout", good, [2]string{}, 404, "POST /api/checkout"},
		"an id that is none":          {"GET", "/api/checkout/1", "", [2]string{}, 400, "checkoutId: must be a UUID"},
		"an unknown id": {
			"GET", "/api/checkout/123e4567-e89b-12d3-a456-426614174000", "",
			[2]string{},
			404,
			"there is no checkout with this id",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := clientOf(t, srv).as("test_" + strings.ReplaceAll(name, " ", "_"))
			req := c.request(test.method, test.path, test.body)
			if test.header[0] != "" {
				req.Header.Set(test.header[0], test.header[1])
			}
			if test.header[0] != "" && test.header[1] == "" {
				req.Header.Del(test.header[0])
			}
			r := c.send(req)
			require.Equal(t, test.status, r.status, r.raw)
			require.Contains(t, r.text("message"), test.message)
			require.Equal(t, "application/json", r.header.Get("Content-Type"))
			require.NotEmpty(t, r.text("messageCode"))
			require.Contains(t, r.body, "errors")
			require.Contains(t, r.body, "requestId")
			for _, leak := range []string{"schema", "json:", "invalid character", "openapi3", "Error at"} {
				require.NotContains(t, r.raw, leak)
			}
			require.NotContains(t, c.get("/_mock/checkouts").raw, "checkoutId", "nothing was created")
		})
	}
}

func TestOrdersArePlainJSON(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for name, body := range map[string]string{
		"null is as good as absent": order("O", "http://127.0.0.1:9/cb", "description", "null", "customerId", "null",
			"maxInstallmentCount", "null", "interestPaidByCustomer", "null"),
		"an integer with a point": order("O", "http://127.0.0.1:9/cb", "maxInstallmentCount", "6.0"),
		"text of every script":    order("O", "http://127.0.0.1:9/cb", "description", `"Şapka 🎩 帽子 <b>"`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := *c
			c.t = t
			r := c.post("/api/checkout", body)
			require.Equal(t, http.StatusOK, r.status, r.raw)
		})
	}
}

func TestUnknownFieldsAreAWarning(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	id := c.create("ORD-1", "http://127.0.0.1:9/cb", "maxInstalmentCount", "6")
	entries := entriesOf(c.get("/_mock/journal?kind=create&checkoutId=" + id))
	require.Len(t, entries, 1)
	require.Equal(t, []any{`unknown field "maxInstalmentCount" was ignored`}, entries[0]["warnings"])
}

func TestRepeatedOrderID(t *testing.T) {
	t.Parallel()
	t.Run("is allowed", func(t *testing.T) {
		t.Parallel()
		c := clientOf(t, start(t, mock.Config{}))
		require.NotEqual(t, c.create("ORD-1", "http://127.0.0.1:9/cb"), c.create("ORD-1", "http://127.0.0.1:9/cb"))
	})
	t.Run("can be refused", func(t *testing.T) {
		t.Parallel()
		c := clientOf(t, start(t, mock.Config{NoRepeatOrder: true}))
		c.create("ORD-1", "http://127.0.0.1:9/cb")
		r := c.post("/api/checkout", order("ORD-1", "http://127.0.0.1:9/cb"))
		require.Equal(t, http.StatusNotAcceptable, r.status)
		require.Equal(t, "REPEATED_ORDER_ID", r.text("messageCode"))
		require.Equal(t, []string{"orderId: has a checkout already"}, r.faults())
		c.create("ORD-2", "http://127.0.0.1:9/cb")
	})
}

func TestPublicURLBeginsTheRedirect(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{PublicURL: "https://pay.example.com/sandbox/"}))
	r := c.post("/api/checkout", order("ORD-1", "http://127.0.0.1:9/cb"))
	require.Equal(t, "https://pay.example.com/sandbox/checkout-link/"+r.text("checkoutId"), r.text("redirectUrl"))
}
