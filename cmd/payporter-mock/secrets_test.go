package main_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// What must never come out again. The card passes the check that real cards pass, and is no test card.
const (
	secretPAN   = "4539578763621486"
	secretCVV   = "7391"
	secretKey   = "canary-secret-9ZkQ"
	secretToken = "canary-token-7QxW"
	secretUser  = "canary-user-3LmN"
)

// spellings are the ways in which people write a card number.
func spellings(pan string) []string {
	all := []string{pan}
	for _, between := range []string{" ", "-", "+", ".", "%20", "%2D"} {
		all = append(all, pan[:4]+between+pan[4:8]+between+pan[8:12]+between+pan[12:])
	}
	return all
}

// secretNames are names under which strangers tell secrets, in the spellings of many.
var secretNames = []string{
	"apiSecret", "api_secret", "api-secret", "API_SECRET", "x-api-secret", "password", "passwd", "user[password]",
	"token", "access_token", "X-Auth-Token", "authorization", "client_secret",
}

// tellings are the ways in which strangers tell a secret: by name, in the forms in which bodies and addresses are
// written.
func tellings(secret string) map[string]string {
	all := map[string]string{}
	for _, name := range secretNames {
		object := fmt.Sprintf(`{"a": 1, %q: %q, "cvv": "%s"}`, name, secret, secretCVV)
		once, _ := json.Marshal(object)
		twice, _ := json.Marshal(string(once))
		form := url.Values{name: {secret}, "a": {"1"}, "cvv": {secretCVV}}.Encode()
		for i, text := range []string{
			object, string(once), string(twice), form, "x=" + url.QueryEscape(object), "x=" +
				url.QueryEscape("y="+url.QueryEscape(form)),
			name + ": " + secret + "\r\n", "<" + name + ">" + secret + "</" + name + ">", fmt.Sprintf("{'%s': '%s', 'cvv': %s}",
				name, secret, secretCVV),
		} {
			if strings.ContainsAny(name, "[]") && i == 7 {
				continue // no tag is called so
			}
			all[fmt.Sprint(name, i)] = text
		}
	}
	return all
}

// canary finds any of the secrets in any spelling.
var canary = func() *regexp.Regexp {
	var all []string
	for _, s := range append(spellings(secretPAN), secretKey, secretToken, secretUser) {
		all = append(all, regexp.QuoteMeta(s), regexp.QuoteMeta(base64.StdEncoding.EncodeToString([]byte(s))[:16]))
	}
	return regexp.MustCompile(strings.Join(all, "|") + `|(?:cvv|cvc)\W{1,12}` + secretCVV + `|["=:>]` + secretCVV + `\b`)
}()

// TestSecretsStayInside puts secrets into every entrance of a sandbox and looks at everything that comes out.
func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	for _, format := range extent.Every(1, 2, []string{"json", "text"}) {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			var seen sync.Map // what the shop and the collector were sent
			var spans atomic.Int64
			shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if r.URL.Path != "/forged" { // which says what it was asked to say
					seen.Store(fmt.Sprint(r.Header, string(body)), nil)
				}
				if strings.HasPrefix(r.URL.Path, "/cb/") && r.URL.Query().Get("apiSecret") != secretUser {
					t.Errorf("the callback's own address was changed: %s", r.URL)
				}
				w.Header().Set("Location", "/next?api_secret="+secretUser+"&pan="+secretPAN+"&back=http://"+secretUser+
					":pw@shop.test/")
				w.Header().Set("Content-Type", "text/plain; password="+secretUser)
				w.Header().Set("Retry-After", secretPAN)
				for name, text := range tellings(secretUser) {
					fmt.Fprintln(w, "thank you for", secretPAN, name, text)
				}
			}))
			t.Cleanup(shop.Close)
			collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				seen.Store(string(body), nil)
				spans.Add(int64(strings.Count(string(body), `"spanId"`)))
			}))
			t.Cleanup(collector.Close)
			s := &secretive{t: t, shop: shop.URL}
			s.url = startSecretive(t, format, collector.URL, func() {
				require.Greater(t, spans.Load(), int64(100), "the traces are looked at, too")
				callbacks := 0
				seen.Range(func(text, _ any) bool {
					callbacks += strings.Count(text.(string), `"name":"callback"`)
					s.quiet("what the shop and the collector were sent", text.(string))
					return true
				})
				require.Positive(t, callbacks, "so are those of callbacks")
			})
			id := s.merchantAPI()
			s.page(id)
			s.controlAPI(id)
			s.everythingShown(id)
		})
	}
}

// startSecretive runs a sandbox that has an admin token and logs all it can. What it wrote is looked at when it has
// ended, as is what it sent.
func startSecretive(t *testing.T, format, collector string, ended func()) string {
	t.Helper()
	program, err := binary()
	require.NoError(t, err)
	p := run(t, []string{
		"PAYPORTER_MOCK_ADMIN_TOKEN=" + secretToken, "PAYPORTER_MOCK_API_SECRET=" + secretKey,
		"OTEL_EXPORTER_OTLP_ENDPOINT=" + collector, "OTEL_EXPORTER_OTLP_HEADERS=x-token=" + secretUser,
	}, program,
		"serve", "--addr", "127.0.0.1:0", "--log-format", format, "--log-level", "debug", "--seed", "7")
	address := regexp.MustCompile(`http://[0-9.:]+`).FindString(p.Announced)
	require.NotEmpty(t, address, p.Announced)
	t.Cleanup(func() {
		_, err := p.stop()
		require.NoError(t, err)
		written := p.Announced + string(p.rest) + p.stderr.String()
		require.Contains(t, written, "request", "the log is looked at, too")
		require.Empty(t, canary.FindString(written), written)
		ended()
	})
	return address
}

// secretive is somebody who tells secrets wherever there is a place for a text.
type secretive struct {
	t         *testing.T
	url, shop string
}

func (s *secretive) quiet(what, text string) {
	s.t.Helper()
	if at := canary.FindStringIndex(text); at != nil {
		s.t.Errorf("%s tells a secret: ...%s...", what, text[max(0, at[0]-80):min(len(text), at[1]+40)])
	}
}

// The sandbox says back to a shop and its customers what the shop called its order: that is no secret to them.
const ownWords = "my card is "

var ownText = regexp.MustCompile(`(?:<bdi>|"orderId":"|"customerId":")` + ownWords + `[^"<]*`)

// knowsOwnText reports whether who asks at a path is the shop or its customer.
func knowsOwnText(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/checkout-link/")
}

// ask makes a request, looks at the answer and its headers, and answers it.
func (s *secretive) ask(method, path, contentType, body string, headers ...string) string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	require.NoError(s.t, err)
	req.Header.Set("Content-Type", contentType)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(s.t, err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	what := method + " " + strings.SplitN(path, "?", 2)[0]
	if knowsOwnText(path) {
		s.quiet(what, ownText.ReplaceAllString(string(answer), ""))
	} else {
		s.quiet(what, string(answer))
	}
	s.quiet(what+" (headers)", fmt.Sprint(res.Header))
	return string(answer)
}

func (s *secretive) merchantAPI() (id string) {
	s.t.Helper()
	auth := []string{"X-API-KEY", "test_key", "X-API-SECRET", secretKey}
	for _, pan := range spellings(secretPAN) {
		text, _ := json.Marshal(ownWords + pan)
		callback, _ := json.Marshal(s.shop + "/cb/" + url.PathEscape(pan) + "?pan=" + url.QueryEscape(pan) + "&apiSecret=" +
			secretUser + "&cvv=" + secretCVV)
		order := fmt.Sprintf(`{"orderId": %s, "description": %s, "customerId": %s, "amount": 10, "currency": "TRY", `+
			`"callback": %s, %s: %s, "cvv": "%s"}`,
			text, text, text, callback, text, text, secretCVV)
		answer := s.ask("POST", "/api/checkout", jsonType, order, append(auth, "X-Note", pan, "Cookie", "a="+secretUser,
			"User-Agent", pan, "Authorization", "Basic "+secretUser)...)
		var made struct{ CheckoutID string }
		require.NoError(s.t, json.Unmarshal([]byte(answer), &made), answer)
		require.NotEmpty(s.t, made.CheckoutID, answer)
		id = made.CheckoutID
		s.ask("GET", "/api/checkout/"+id, jsonType, "", auth...)
		s.ask("POST", "/api/checkout", jsonType, strings.Replace(order, `"TRY"`, string(text), 1), auth...)
		s.ask("POST", "/api/checkout", jsonType, order, "X-API-KEY", "test_key", "X-API-SECRET", secretKey+"x")
		s.ask("POST", "/api/checkout", "text/"+secretUser[:6], order, auth...)
		s.ask("POST", "/api/checkout", jsonType, `{"pan": "`+pan+`", "cvv": "`+secretCVV+`"`, auth...)
		s.ask("GET", "/api/checkout/"+url.PathEscape(pan), jsonType, "", auth...)
		s.ask("DELETE", "/api/"+url.PathEscape(pan), jsonType, "", auth...)
		s.ask("GET", "/nowhere/"+url.PathEscape(pan), jsonType, "", auth...)
	}
	for _, text := range tellings(secretUser) {
		told, _ := json.Marshal(text)
		s.ask("POST", "/api/checkout", jsonType, fmt.Sprintf(`{"orderId": "O", "description": %s, "customerId": %s, `+
			`"amount": 10, "currency": "TRY", "callback": "%s/x"}`,
			told, told, s.shop), append(auth, "X-Note", strings.Join(strings.Fields(text), " "))...)
		s.ask("GET", "/nowhere?"+url.QueryEscape(text)+"&x="+url.QueryEscape(text), jsonType, "", append(auth, "Referer",
			"http://shop.test/?"+url.QueryEscape(text))...)
	}
	for _, name := range secretNames {
		header := strings.Trim(strings.NewReplacer("_", "-", "[", "-", "]", "").Replace(name), "-")
		if header == "x-api-secret" {
			continue
		}
		s.ask("GET", "/api/checkout/"+id+"?"+url.Values{name: {secretUser}}.Encode(), jsonType, "",
			append(auth, header, secretUser)...)
		s.ask("GET", "/checkout-link/"+id+"?"+url.Values{name: {secretUser}}.Encode(), jsonType, "", header, secretUser)
	}
	s.ask("POST", "/api/checkout", jsonType, `{"orderId":"U","amount":1,"currency":"TRY","callback":"http://`+secretUser+
		`:pw@shop.test/"}`, auth...)
	return id
}

func (s *secretive) page(id string) {
	s.t.Helper()
	link := "/checkout-link/" + id
	for _, pan := range append(spellings(secretPAN), secretPAN[:15]+"0", "5421190122090656") {
		form := url.Values{"pan": {pan}, "cardHolderName": {"AYSE " + secretPAN}, "expiry": {expiry()}, "cvv": {secretCVV}}
		s.ask("POST", link, formType, form.Encode())
		s.ask("POST", link+"?"+form.Encode(), formType, "")
	}
	s.ask("GET", link+"?card="+secretPAN, formType, "")
}

func (s *secretive) controlAPI(id string) {
	s.t.Helper()
	admin := []string{"Authorization", "Bearer " + secretToken}
	at := "/_mock/checkouts/" + id
	for _, pan := range spellings(secretPAN) {
		text, _ := json.Marshal(pan)
		s.ask("POST", at+"/pay", jsonType, `{"card": `+string(text)+`, "cvv": "`+secretCVV+`"}`, admin...)
		s.ask("POST", at+"/outcome", jsonType, `{"status": `+string(text)+`}`, admin...)
		s.ask("POST", "/_mock/scenarios/next", jsonType, `{"scenario": `+string(text)+`}`, admin...)
		s.ask("PUT", "/_mock/scenarios", "application/yaml", "version: 1\nscenarios:\n  - name: a\n    paymnt: "+pan+"\n",
			admin...)
		forged, _ := json.Marshal(s.shop + "/forged?pan=" + url.QueryEscape(pan) + "&token=" + secretUser + "&password=" +
			secretUser + "&x=" + url.QueryEscape(`{"cvv":"`+secretCVV+`"}`))
		s.ask("POST", "/_mock/callbacks/forge", jsonType, `{"url": `+string(forged)+`, "checkoutId": `+string(text)+`}`,
			admin...)
		s.ask("GET", "/_mock/journal?orderId="+url.QueryEscape(pan), jsonType, "", admin...)
	}
	s.ask("GET", "/_mock/journal", jsonType, "", "Authorization", "Bearer "+secretToken+"x")
	s.ask("GET", "/_mock/journal?token="+secretToken, jsonType, "")
	s.ask("POST", "/_mock/ui/login", formType, "token="+secretToken+"x&back="+secretUser)
	s.ask("POST", "/_mock/clock?api_secret="+secretUser, jsonType, `{"freeze": true}`, admin...)
	s.ask("POST", at+"/pay", jsonType, "", admin...) // so that there is a callback
	s.ask("POST", "/_mock/clock", jsonType, `{"advance": "48h"}`, admin...)
}

// everythingShown looks at whatever the sandbox shows of what was said to it.
func (s *secretive) everythingShown(id string) {
	s.t.Helper()
	admin := []string{"Authorization", "Bearer " + secretToken}
	for _, path := range []string{
		"/_mock/journal?limit=10000", "/_mock/strangers", "/_mock/strangers?limit=1000", "/_mock/checkouts",
		"/_mock/checkouts/" + id, "/_mock/callbacks", "/_mock/merchants",
		"/_mock/scenarios", "/_mock/scenarios/explain?checkoutId=" + id, "/_mock/coverage", "/_mock/callbacks?checkoutId=" +
			id, "/_mock/clock", "/_mock/health", "/metrics",
	} {
		s.ask("GET", path, jsonType, "", admin...)
	}
	jar := s.logIn()
	for _, path := range []string{
		"", "checkouts/" + id, "checkouts/" + id + "/sequence.svg", "checkouts/" + id + "/sequence.mmd", "journal",
		"violations", "coverage", "scenarios", "sandbox", "?search=" + secretUser[:9],
	} {
		shown := s.ask("GET", "/_mock/ui/"+path, formType, "", "Cookie", jar)
		require.NotContains(s.t, shown, `action="/_mock/ui/login"`, "the visitor is logged in")
	}
}

// logIn answers the cookie of somebody who knows the token.
func (s *secretive) logIn() string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), "POST", s.url+"/_mock/ui/login", strings.NewReader("token="+
		secretToken))
	require.NoError(s.t, err)
	req.Header.Set("Content-Type", formType)
	res, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(s.t, err)
	defer res.Body.Close()
	require.NotEmpty(s.t, res.Cookies())
	c := res.Cookies()[0]
	s.quiet("the cookie", c.Value)
	return c.Name + "=" + c.Value
}
