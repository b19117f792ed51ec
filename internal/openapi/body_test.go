package openapi_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	payporter "github.com/payporter-mock/payporter-mock"
)

// order is a right body with some properties replaced; a property that is "-" is left out.
func order(tb testing.TB, replaced map[string]string) string {
	tb.Helper()
	properties := map[string]string{
		"orderId": `"ORD-1"`, "amount": `100.50`, "currency": `"TRY"`, "callback": `"https://shop.example/cb"`,
	}
	for name, text := range replaced {
		properties[name] = text
	}
	var parts []string
	for name, text := range properties {
		if text != "-" {
			parts = append(parts, strconv.Quote(name)+":"+text)
		}
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// A body is read into the room of an earlier one as into a new map.
func TestBodiesInOneRoom(t *testing.T) {
	t.Parallel()
	op := operation(t, "createCheckout")
	room := map[string]any{}
	for _, body := range []string{
		documentedBody, order(t, nil), order(t, map[string]string{"amount": "-"}), `{"orderId":"ORD-1",`, "[]", "",
		order(t, map[string]string{"customer": `{"name":"Jane","orderId":[{"orderId":1}]}`}), `{"orderId":1,"orderId":2}`,
		order(t, nil),
	} {
		wantBody, wantFaults := op.CheckBody([]byte(body))
		clear(room)
		gotBody, gotFaults := op.CheckBodyIn(room, []byte(body))
		require.Equal(t, wantBody, gotBody, body)
		require.Equal(t, wantFaults, gotFaults, body)
	}
}

func TestCheckBodySentences(t *testing.T) {
	t.Parallel()
	op := operation(t, "createCheckout")
	const (
		callback = "callback: must be an absolute http or https URL without a user name, such as " +
			"https://example.com/payment-callback, got "
		currency = "currency: must be a known ISO 4217 currency code such as TRY, got "
		card     = "a value that looks like a card number"
	)
	cases := []struct {
		name, property, value, want string
	}{
		{"missing", "orderId", `-`, `orderId: is required`},
		{"null", "orderId", `null`, `orderId: must not be null`},
		{"empty", "orderId", `""`, `orderId: must not be empty`},
		{"too long", "orderId", `"` + strings.Repeat("é", 129) + `"`, `orderId: must have at most 128 characters, got 129`},
		{"number for text", "orderId", `12345`, `orderId: must be text, got the number 12345`},
		{"list for text", "orderId", `["a"]`, `orderId: must be text, got a list`},
		{"number too large for text", "orderId", `1e400`, `orderId: must be text, got the number 1e400`},
		{"negative", "amount", `-5`, `amount: must be greater than 0, got -5`},
		{"zero", "amount", `0.00`, `amount: must be greater than 0, got 0.00`},
		{"negative zero", "amount", `-0`, `amount: must be greater than 0, got -0`},
		{"text for number", "amount", `"12"`, `amount: must be a number, got the text "12"`},
		{"true for number", "amount", `true`, `amount: must be a number, got true`},
		{"object for number", "amount", `{"value": 1}`, `amount: must be a number, got an object`},
		{"too large", "amount", `9999999999.991`, `amount: must be at most 9999999999.99, got 9999999999.991`},
		{"hardly too large", "amount", `9999999999.9900000001`, `amount: must be at most 9999999999.99, got ` +
			`9999999999.9900000001`},
		{"far too large", "amount", `1e400`, `amount: must be at most 9999999999.99, got 1e400`},
		{"exponent bomb", "amount", `1e999999999`, `amount: must be at most 9999999999.99, got 1e999999999`},
		{"exponent beyond int", "amount", `1e99999999999999999999999`, `amount: must be at most 9999999999.99, got ` +
			`1e99999999999999999999999`},
		{"negative bomb", "amount", `-1e999999999`, `amount: must be greater than 0, got -1e999999999`},
		{"vanishing", "amount", `1e-400`, `amount: must have at most 2 decimals for TRY, got 1e-400`},
		{"vanishing bomb", "amount", `1e-99999999999999999999999`, `amount: must have at most 2 decimals for TRY, got ` +
			`1e-99999999999999999999999`},
		{"three decimals, scientific", "amount", `1005e-3`, `amount: must have at most 2 decimals for TRY, got 1.005`},
		{"three decimals", "amount", `1.005`, `amount: must have at most 2 decimals for TRY, got 1.005`},
		{"many decimals", "amount", `100.5000000000000001`, `amount: must have at most 2 decimals for TRY, got ` +
			`100.5000000000000001`},
		{"lower case", "currency", `"try"`, currency + `"try"`},
		{"unknown currency", "currency", `"XYZ"`, currency + `"XYZ"`},
		{"withdrawn currency", "currency", `"BGN"`, currency + `"BGN"`},
		{"number for currency", "currency", `949`, currency + `949`},
		{"card as currency", "currency", `"4111 1111 1111 1111"`, currency + card},
		{"a number is no card", "amount", `4111111111111111`, `amount: must be at most 9999999999.99, got 4111111111111111`},
		{"relative", "callback", `"/payment-callback"`, callback + `"/payment-callback"`},
		{"no host", "callback", `"https:///cb"`, callback + `"https:///cb"`},
		{"other scheme", "callback", `"ftp://shop.example/"`, callback + `"ftp://shop.example/"`},
		{"password", "callback", `"https://me:secret@shop.example/"`, callback + `"https://***@shop.example/"`},
		{"port", "callback", `"https://shop.example:65536/"`, callback + `"https://shop.example:65536/"`},
		{"space", "callback", `"https://shop.example/a b"`, callback + `"https://shop.example/a b"`},
		{"control character", "callback", `"https://shop.example/\u0007\u202e"`, callback +
			`"https://shop.example/\a\u202e"`},
		{"long", "callback", `"x` + strings.Repeat("y", 60) + `"`, callback + `"x` + strings.Repeat("y", 39) + `..."`},
		{"text too long", "description", `"` + strings.Repeat("x", 1001) + `"`, `description: must have at most 1000 ` +
			`characters, got 1001`},
		{"empty customer", "customerId", `""`, `customerId: must not be empty`},
		{"no instalments", "maxInstallmentCount", `0`, `maxInstallmentCount: must be at least 1, got 0`},
		{"too many instalments", "maxInstallmentCount", `13`, `maxInstallmentCount: must be at most 12, got 13`},
		{"half an instalment", "maxInstallmentCount", `1.5`, `maxInstallmentCount: must be a whole number, got 1.5`},
		{"nearly whole", "maxInstallmentCount", `1.00000000000000000001`, `maxInstallmentCount: must be a whole number, ` +
			`got 1.00000000000000000001`},
		{"text for true", "interestPaidByCustomer", `"yes"`, `interestPaidByCustomer: must be true or false, got ` +
			`the text "yes"`},
	}
	for _, c := range cases {
		t.Run(c.property+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			_, violations := op.CheckBody([]byte(order(t, map[string]string{c.property: c.value})))
			require.Equal(t, []string{c.want}, sentences(violations))
		})
	}
}

func TestCheckBodyTakes(t *testing.T) {
	t.Parallel()
	op := operation(t, "createCheckout")
	cases := []map[string]string{
		{"amount": "100.500000000000000000"},
		{"amount": "1005e-1"},
		{"amount": "9999999999.99"},
		{"amount": "0.01"},
		{"amount": "100", "currency": `"JPY"`},
		{"amount": "1e2", "currency": `"JPY"`},
		{"amount": "12.345", "currency": `"KWD"`},
		{"amount": "1.2345", "currency": `"CLF"`},
		{"maxInstallmentCount": "6.0"},
		{"maxInstallmentCount": "12", "interestPaidByCustomer": "true"},
		{"description": "null", "customerId": "null", "maxInstallmentCount": "null", "interestPaidByCustomer": "null"},
		{"description": `""`},
		{"description": `"\ud83d\ude00 \u0000"`},
		{"callback": `"http://localhost:3000"`},
		{"callback": `"HTTP://[::1]:8080/cb?a[]=1&b=%20#x"`},
		{"callback": `"http://host.docker.internal:1/cb"`},
		{"callback": `"http://my_shop/\u00e7"`},
	}
	for _, c := range cases {
		_, violations := op.CheckBody([]byte(order(t, c)))
		require.Empty(t, sentences(violations), c)
	}
}

func TestCheckBodyReadsStrictly(t *testing.T) {
	t.Parallel()
	op := operation(t, "createCheckout")
	cases := map[string]string{
		"":         "body: is empty; send a JSON object",
		" \n":      "body: is empty; send a JSON object",
		`[]`:       "body: must be an object, got a list",
		`"x"`:      `body: must be an object, got the text "x"`,
		`null`:     "body: must not be null",
		`{`:        "body: is not valid JSON at line 1, column 2: it ends too early",
		`{"a":tru`: "body: is not valid JSON at line 1, column 9: it ends too early",
		`{"a":1,}`: "body: is not valid JSON at line 1, column 7: there is a comma before the " +
			"closing bracket",
		"{\n  \"é\": 1,\n  \"é\" 2}": "body: is not valid JSON at line 3, column 7: unexpected '2'",
		`{a:1}`:                      "body: is not valid JSON at line 1, column 2: unexpected 'a'",
		`{'a':1}`: "body: is not valid JSON at line 1, column 2: text wants double quotes, not " +
			"single ones",
		`{"a":1} {"b":2}`: "body: is not valid JSON at line 1, column 9: there is something after the end " +
			"of the value",
		`{"a":1}]`: "body: is not valid JSON at line 1, column 8: there is something after the end " +
			"of the value",
		"{\"a\":\"x\ny\"}": "body: is not valid JSON at line 1, column 8: there is a control character or " +
			"a line break inside; write it as an escape sequence",
		"{\"a\":\"\xff\"}": "body: is not valid JSON at line 1, column 7: the text is not valid UTF-8",
		`{"a":"\q"}`: "body: is not valid JSON at line 1, column 7: the escape sequence in the text " +
			"is not valid",
		`{"a":"\ud800"}`: "body: is not valid JSON at line 1, column 7: the escape sequence in the text " +
			"is not valid",
		"\ufeff{}": "body: is not valid JSON at line 1, column 1: it starts with a byte order " +
			"mark; leave it out",
		`{"a":NaN}`:                      "body: is not valid JSON at line 1, column 6: unexpected 'N'",
		`{"a":01}`:                       "body: is not valid JSON at line 1, column 7: unexpected '1'",
		`orderId=1`:                      "body: is not valid JSON at line 1, column 1: unexpected 'o'",
		strings.Repeat("[", 65):          "body: has more than 64 lists and objects inside each other",
		strings.Repeat(`{"a":`, 100_000): "body: has more than 64 lists and objects inside each other",
		`{"a":"\u003c` + "\x01" + `"}`: "body: is not valid JSON at line 1, column 13: there is a control character or " +
			"a line break inside; write it as an escape sequence",
		`{1:2}`:                           "body: is not valid JSON at line 1, column 2: unexpected '1'",
		`{"a":[1,2}`:                      "body: is not valid JSON at line 1, column 10: unexpected '}'",
		`{"a":1` + "\u0085" + `,"b":2}`:   `body: is not valid JSON at line 1, column 7: unexpected '\u0085'`,
		`{"a":1 "b":2}`:                   `body: is not valid JSON at line 1, column 8: unexpected '"'`,
		`{"a":"` + strings.Repeat("x", 9): "body: is not valid JSON at line 1, column 16: it ends too early",
	}
	for body, want := range cases {
		_, violations := op.CheckBody([]byte(body))
		require.Equal(t, []string{want}, sentences(violations), "%.60s", body)
	}
}

func TestCheckBodyTellsEveryFault(t *testing.T) {
	t.Parallel()
	op := operation(t, "createCheckout")
	t.Run("in the document's order", func(t *testing.T) {
		t.Parallel()
		_, violations := op.CheckBody([]byte(`{"maxInstallmentCount":0,"description":5,"currency":"X","amount":-1,"orderId":""}`))
		require.Equal(t, []string{
			"orderId: must not be empty",
			"amount: must be greater than 0, got -1",
			`currency: must be a known ISO 4217 currency code such as TRY, got "X"`,
			"callback: is required",
			"description: must be text, got the number 5",
			"maxInstallmentCount: must be at least 1, got 0",
		}, sentences(violations))
	})
	t.Run("another name that was sent instead", func(t *testing.T) {
		t.Parallel()
		for body, want := range map[string]string{
			`{"orderId":"1","amount":1,"currency":"TRY","callbackUrl":"http://a"}`:       "callback: is required; callbackUrl was sent instead",
			`{"order_id":"1","amount":1,"currency":"TRY","callback":"http://a"}`:         "orderId: is required; order_id was sent instead",
			`{"orderId":"1","amount":1,"currency":"TRY","url":"http://a"}`:               "callback: is required",
			`{"orderId":"1","amount":1,"currency":"TRY","callback4111111111111111":"a"}`: "callback: is required",
		} {
			_, violations := op.CheckBody([]byte(body))
			require.Equal(t, []string{want}, sentences(violations), body)
		}
	})
	t.Run("decimals besides others", func(t *testing.T) {
		t.Parallel()
		_, violations := op.CheckBody([]byte(order(t, map[string]string{
			"amount": "1.5", "currency": `"JPY"`,
			"customerId": `""`,
		})))
		require.Equal(t, []string{"amount: must be a whole number for JPY, got 1.5", "customerId: must not be empty"},
			sentences(violations))
	})
	t.Run("repeated properties", func(t *testing.T) {
		t.Parallel()
		_, violations := op.CheckBody([]byte(`{"orderId":"A","amount":1,"amount":2,"currency":"TRY","callback":"https://shop.example/","x":{"y":1,"\u0079":2},"amount":3}`))
		require.Equal(t, []string{"amount: appears twice", "x.y: appears twice"}, sentences(violations))
	})
	t.Run("two rules of one property", func(t *testing.T) {
		t.Parallel()
		_, violations := op.CheckBody([]byte(order(t, map[string]string{"callback": `"` + strings.Repeat("x", 2049) + `"`})))
		require.Len(t, violations, 2)
		require.Equal(t, "must have at most 2048 characters, got 2049", violations[0].Message)
		require.Equal(t, []string{"maxLength", "pattern"}, []string{violations[0].Rule, violations[1].Rule})
	})
}

func TestBody(t *testing.T) {
	t.Parallel()
	op := operation(t, "createCheckout")
	body, violations := op.CheckBody([]byte(order(t, map[string]string{
		"amount": "100.50", "customerId": "null", "zebra": "1", "apple": `{"a":1}`, "5528790000000008": "1", "a\\nb": "2",
	})))
	require.Empty(t, violations)
	require.Equal(t, json.Number("100.50"), body.Values["amount"], "with the digits as sent")
	require.Nil(t, body.Values["customerId"])
	require.NotContains(t, body.Values, "maxInstallmentCount", "a default is not filled in")
	require.Equal(t, []string{"(a name that looks like a card number)", `a\\nb`, "apple", "zebra"}, body.Unknown)
}

// TestCallbackPattern proves that what the document takes as a callback can be called.
func TestCallbackPattern(t *testing.T) {
	t.Parallel()
	spec, err := openapi3.NewLoader().LoadFromData(payporter.OpenAPI())
	require.NoError(t, err)
	callback := spec.Components.Schemas["CreateCheckoutRequest"].Value.Properties["callback"].Value
	whole := regexp.MustCompile(`\\u([0-9A-F]{4})`).ReplaceAllString(callback.Pattern, `\x{$1}`)
	usual, _ := callback.Extensions["x-payporter-usual-pattern"].(string)
	pattern := regexp.MustCompile(whole)
	rapid.Check(t, func(t *rapid.T) {
		require.Regexp(t, pattern, rapid.StringMatching(usual).Draw(t, "usual"))
	})

	urls := rapid.StringMatching(whole)
	rapid.Check(t, func(t *rapid.T) {
		u, err := url.Parse(urls.Draw(t, "url"))
		require.NoError(t, err)
		require.NotEmpty(t, u.Hostname())
		require.Nil(t, u.User)
		require.Contains(t, []string{"http", "https"}, u.Scheme)
		if port := u.Port(); port != "" {
			n, err := strconv.Atoi(port)
			require.NoError(t, err)
			require.True(t, 0 < n && n <= 65535, port)
		}
	})
}
