package proxy_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/proxy"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

// An app may put its secret anywhere, and PayPorter may say it back.
func TestSecretIsMaskedWhereverItPasses(t *testing.T) {
	t.Parallel()
	const id = "123e4567-e89b-12d3-a456-426614174000"
	for name, test := range map[string]struct{ path, body, answer string }{
		"order and callback of a checkout": {
			"/api/checkout", order("ORD-"+secret, "100.50", "http://127.0.0.1:1/cb/"+secret+"?s="+secret), created,
		},
		"name of a field":         {"/api/checkout", `{"` + secret + `":1}`, created},
		"name of a parameter":     {"/api/checkout?" + secret + "=1", order("ORD-1", "1", "http://127.0.0.1:1/"), created},
		"name of an answer":       {"/api/payment", cardPayment, `{"status":"SUCCESS","` + secret + `":"x"}`},
		"currency of a checkout":  {"/api/checkout", `{"orderId":"ORD-1","currency":"` + secret + `"}`, created},
		"content of a field":      {"/api/checkout", `{"orderId":"ORD-1","amount":"` + secret + `"}`, created},
		"path of no operation":    {"/api/" + secret, `{}`, `{}`},
		"path of an operation":    {"/api/payment/" + secret + "/refund", `{}`, `{}`},
		"status that it came to":  {"/api/payment", cardPayment, `{"status":"` + secret + `","paymentId":"` + id + `"}`},
		"identifier of a payment": {"/api/payment", cardPayment, `{"status":"SUCCESS","paymentId":"` + secret + `"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, proxy.Config{Upstream: canned(t, http.StatusOK, test.answer).URL})
			require.Equal(t, http.StatusOK, say(t, http.MethodPost, p.URL+test.path, test.body).status)
			p.seen("1")
			require.NotContains(t, p.shown(), secret)
		})
	}
}

// shown is all that the proxy shows, writes and logs about what passed.
func (p *proxied) shown() string {
	p.t.Helper()
	var shown bytes.Buffer
	judged := p.Judge("")
	for _, form := range []report.Form{report.JSON, report.HTML, report.JUnit} {
		require.NoError(p.t, judged.WriteForm(&shown, form))
	}

	file, _, err := p.Scenarios()
	require.NoError(p.t, err)
	shown.Write(file)
	shown.WriteString(p.log.String())

	for _, path := range []string{
		"/_mock/journal", "/_mock/session", "/_mock/checkouts", "/_mock/payments", "/_mock/merchants", "/_mock/ui/",
		"/_mock/ui/journal", "/_mock/ui/violations", "/_mock/ui/journal/1",
	} {
		r := sayWith(p.t, http.MethodGet, p.URL+path, "", http.Header{})
		require.Equal(p.t, http.StatusOK, r.status, path)
		shown.WriteString(r.body)
	}
	return shown.String()
}

const cardPayment = `{"orderId":"ORD-1","amount":1,"currency":"TRY","pan":"5421190122090656","cvv":"123",` +
	`"expiryMonth":"12","expiryYear":"30","cardHolderName":"A B"}`

// The name of a credential hides nothing of what is said about it.
func TestMissingCredentialsAreNamed(t *testing.T) {
	t.Parallel()
	p := start(t, proxy.Config{Upstream: canned(t, http.StatusUnauthorized, `{}`).URL})
	sayWith(t, http.MethodGet, p.URL+"/api/checkout/123e4567-e89b-12d3-a456-426614174000", "", http.Header{})
	require.Contains(t, p.seen("1"), "request: X-API-SECRET: is required")
}
