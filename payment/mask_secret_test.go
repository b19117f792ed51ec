package payment_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/payment"
)

func TestSecretNameKnowsEverySpelling(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"x-api-secret", "X-API-SECRET", "apiSecret", "api_secret", "API-SECRET", "apisecret", "client_secret",
		"webhookSecret", "password", "PassWord", "passwd", "user[password]",
		"new_password", "password_confirmation", "pwd", "pass", "token", "X-Auth-Token", "x_auth_token", "access_token",
		"accessToken", "_token", "Authorization", "Proxy-Authorization",
		"cookie", "Set-Cookie", "cvv", "CVV", "cvv2", "cardCvv", "cvc", "cvc2", "card[cvc]", "csc", "security_code",
		"cardSecurityCode", "pan", "PAN", "cardPan", "card_pan", "XPan",
		"card", "cardNumber", "card_number", "CardNo", "cc-number", "pin", "otp", "private_key", "kartNo", "parola",
		"$.payment.cvv",
	} {
		require.True(t, payment.SecretName(name), name)
	}
	for _, name := range []string{
		"", "2", "_", "amount", "orderId", "checkoutId", "customerId", "currency", "description", "callback",
		"cardHolderName", "cardScheme", "cardType", "cardSubType", "authCode", "resultCode",
		"messageCode", "loyaltyCode", "japan", "span", "shipping", "tokenType", "token_expires_in", "X-API-KEY", "apiKey",
		"requestId", "paymentDate", "installmentCount", "idempotency-key", "Content-Type", "Location",
		"secretary", "passed", "status", "discard", "postcard", "author",
	} {
		require.False(t, payment.SecretName(name), name)
	}
}

// escapedTimes puts a text into a JSON string so often.
func escapedTimes(text string, times int) string {
	for range times {
		quoted, _ := json.Marshal(text)
		text = string(quoted)
	}
	return text
}

func TestMaskSecretsFindsASecretHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	forms := map[string]string{}
	for _, name := range []string{
		"cvv", "apiSecret", "api_secret", "password", "X-Auth-Token", "user[password]",
		"security_code", "pan", `\u0063vv`,
	} {
		for times := range 4 {
			forms[fmt.Sprint("JSON string ", name, times)] = escapedTimes(fmt.Sprintf(`{"a":1,"%s":"hush-9","b":"open"}`, name),
				times)
			forms[fmt.Sprint("JSON number ", name, times)] = escapedTimes(fmt.Sprintf(`{"a":1,"%s" : 7391, "b":"open"}`, name),
				times)
			forms[fmt.Sprint("JSON list ", name, times)] = escapedTimes(fmt.Sprintf(`{"%s":["hush-9","hush-9"],"b":"open"}`,
				name), times)
			forms[fmt.Sprint("JSON quote ", name, times)] = escapedTimes(fmt.Sprintf(`{"%s":"a\"hush-9\\","b":"open"}`, name),
				times)
		}
		json := fmt.Sprintf(`{"%s": "hush-9", "x": {"%s": 7391}, "b": "open"}`, name, name)
		once := url.QueryEscape(json)
		forms["form of JSON "+name] = "data=" + once + "&open=1"
		forms["form of JSON in JSON "+name] = "open=1&data=" + url.QueryEscape(escapedTimes(json, 1))
		forms["form of form of JSON in JSON in JSON "+name] = "open=1&data=" + url.QueryEscape("data="+
			url.QueryEscape(escapedTimes(json, 2)))
		forms["form of form of JSON "+name] = "data=" + url.QueryEscape("data="+once) + "&open=1"
		if strings.HasPrefix(name, `\`) {
			continue
		}
		forms["form "+name] = "open=1&" + name + "=hush-9&b=2"
		forms["form of form "+name] = "open=1&b=" + url.QueryEscape("http://s.test/?open=1&"+name+"=hush-9&c=2")
		forms["form of form of form "+name] = "open=1&b=" + url.QueryEscape("b="+url.QueryEscape("open=1&"+name+
			"=hush-9&c=2"))
		forms["form with encoded name "+name] = "open=1&" + strings.NewReplacer("_", "%5F", "v", "%76", "t", "%74", "[",
			"%5B", "]", "%5D", "d", "%64").Replace(name) + "=hush-9"
		forms["header "+name] = "open\r\n" + name + ": hush-9\r\nOpen: 1"
		forms["map "+name] = "map[" + name + ":[hush-9] Open:[1]]"
		tag := strings.NewReplacer("[", "", "]", "").Replace(name)
		forms["tag "+name] = "<a><" + tag + ">hush-9</" + tag + "><b>open</b></a>"
		forms["tag, escaped "+name] = escapedTimes(forms["tag "+name], 1) + escapedTimes(forms["tag "+name], 2)
		forms["tag in HTML "+name] = html.EscapeString(forms["tag "+name])
		forms["tag in a form "+name] = "a=" + url.QueryEscape(forms["tag "+name])
		forms["JavaScript "+name] = `open\u003d1;` + name + `\u003dhush-9`
		forms["input "+name] = `open <INPUT type=hidden NAME="` + name + `" value="hush-9"> <input value='hush-9' name=` +
			name + `>`
		forms["page "+name] = `open <p data-x="{&quot;` + name + `&quot;:&quot;hush-9&quot;,&#34;` + name +
			`&#34;:&#34;hush-9&#34;}">`
		forms["Python "+name] = `{'open': 1, '` + name + `': 'hush-9'}`
		forms["YAML "+name] = "open: 1\n" + name + ": hush-9\n"
		forms["cut off "+name] = `{"open":1,"` + name + `":"hush-9`
		forms["cut off, escaped "+name] = `"{\"open\":1,\"` + name + `\":\"hush-9`
	}
	forms["credentials"] = "open http://hush-9:hush-9@shop.test/"
	forms["credentials in PHP's JSON"] = `{"open":"http:\/\/hush-9:hush-9@shop.test\/"}`
	forms["cookies"] = "Open: 1\nCookie: a=hush-9; b=hush-9\n"
	for what, text := range forms {
		masked := payment.MaskSecrets(text)
		require.NotContains(t, masked, "hush-9", "%s: %s", what, text)
		require.NotContains(t, masked, "7391", "%s: %s", what, text)
		require.Contains(t, strings.ToLower(masked), "open", "%s: what is no secret stays: %s", what, text)
		require.Contains(t, masked, "***", "%s: %s", what, text)
		require.Equal(t, masked, payment.MaskSecrets(masked), "%s: masked twice", what)
		if json.Valid([]byte(text)) {
			require.True(t, json.Valid([]byte(masked)), "%s: %s became %s", what, text, masked)
		}
	}
}

func TestMaskSecretsLeavesWhatIsNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", ":", "=", "%", "%3", "%3A", ">", `":`, `"":1`, "a=b", "2026-01-31T12:00:00Z",
		"http://127.0.0.1:8080/checkout-link/2955b755-7c46-49af-902a-c2eb53d0b85f?lang=tr",
		`{"orderId":"ORD-1","amount":100.50,"currency":"TRY","callback":"http://127.0.0.1:3000/cb?order=1","customerId":"c-7"}`,
		`{"pan":"542119******0656","cardHolderName":"SEAN RHODES","authCode":"AUTH628728","token":null}`, "pan=***&cvv=***",
		"span=1&japan=2", "X-API-KEY: test_key",
		`{"amount":250.75000000000007}`, `{"amount": 249.98999999999995,"amount":4242424242424242}`,
		`{"error":"{\\"amount\\":250.75000000000007}"}`, "the shop asks for 250.75000000000007",
		`{"card":{"brand":"visa"}}`, "the header X-API-SECRET was missing", "<pan/>", "</cvv>text",
	} {
		require.Equal(t, text, payment.MaskSecrets(text))
	}
}

func TestMaskURL(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"http://s.test/cb?b=2&a=1&e=&f":                             "http://s.test/cb?b=2&a=1&e=&f",
		"http://s.test/cb?apiSecret=x&a=1":                          "http://s.test/cb?apiSecret=%2A%2A%2A&a=1",
		"http://s.test/cb?%70assword=x":                             "http://s.test/cb?%70assword=%2A%2A%2A",
		"http://s.test/token=x/cb":                                  "http://s.test/token=%2A%2A%2A",
		"http://u:p@s.test/cb#access_token=x&a=1":                   "http://s.test/cb#access_token=%2A%2A%2A&a=1",
		"http://s.test/4242%204242%204242%204242?a":                 "http://s.test/424242%2A%2A%2A%2A%2A%2A4242?a",
		"http://s.test/?n=%34242424242424242":                       "http://s.test/?n=424242%2A%2A%2A%2A%2A%2A4242",
		"http://s.test/?back=http://t.test/?token%3Dx":              "http://s.test/?back=http%3A%2F%2Ft.test%2F%3Ftoken%3D%2A%2A%2A",
		"http://[::1]:80/a?id=2955b755-7c46-49af-902a-c2eb53d0b85f": "http://[::1]:80/a?id=2955b755-7c46-49af-902a-c2eb53d0b85f",
		"http://s.test/%zz?cvv=123&a=1":                             "http://s.test/%zz?cvv=***&a=1",
	} {
		got := payment.MaskURL(address)
		require.Equal(t, want, got)
		require.Equal(t, got, payment.MaskURL(got), "masked twice")
	}
}
