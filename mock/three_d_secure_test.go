package mock_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// returns is a shop to which customers come back from the bank: it keeps what their browsers bring.
type returns struct {
	*httptest.Server
	mu      sync.Mutex // guards brought
	brought []url.Values
}

func newReturns(t *testing.T) *returns {
	t.Helper()
	s := &returns{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		r.PostForm.Set("at", r.URL.Path)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.brought = append(s.brought, r.PostForm)
	}))
	t.Cleanup(s.Close)
	return s
}

// last is what the last customer brought.
func (s *returns) last(t *testing.T) url.Values {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	require.NotEmpty(t, s.brought, "a customer came back")
	return s.brought[len(s.brought)-1]
}

// start3DS starts a payment with 3-D Secure, and answers its id and where its form leads.
func (c *client) start3DS(shop *returns, scenario string, extra ...string) (id, action string) {
	c.t.Helper()
	extra = append([]string{
		"pan", `"` + askedCard + `"`, "cvv", `"123"`, "successUrl", `"` + shop.URL + `/ok"`,
		"failureUrl", `"` + shop.URL + `/no"`,
	}, extra...)
	request := c.request("POST", "/api/3ds", charge("ORD-1", extra...))
	if scenario != "" {
		request.Header.Set("X-Mock-Scenario", scenario)
	}
	r := c.send(request)
	require.Equal(c.t, http.StatusOK, r.status, r.raw)
	require.Equal(c.t, true, r.body["success"], r.raw)
	return r.text("paymentId"), formAction(c.t, r.text("htmlContent"))
}

var (
	actionOf = regexp.MustCompile(`<form [^>]*method="post" action="([^"]+)"`)
	fieldsOf = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
)

func formAction(t *testing.T, html string) string {
	t.Helper()
	found := actionOf.FindStringSubmatch(html)
	require.NotNil(t, found, html)
	require.Contains(t, html, ".submit()", "the form submits itself")
	require.Contains(t, html, "<button", "and works without scripts")
	return found[1]
}

// visit posts a form and follows where it leads, as a browser does; a page that leads back to the shop is sent there.
func (c *client) visit(at string, form url.Values) string {
	c.t.Helper()
	res, err := http.PostForm(at, form)
	require.NoError(c.t, err)
	page := c.read(res)
	require.Equal(c.t, http.StatusOK, page.status, page.raw)
	if !strings.Contains(page.raw, `data-testid="return-form"`) {
		return page.raw
	}
	back := url.Values{}
	for _, field := range fieldsOf.FindAllStringSubmatch(page.raw, -1) {
		back.Set(field[1], field[2])
	}
	sent, err := http.PostForm(formAction(c.t, page.raw), back)
	require.NoError(c.t, err)
	require.NoError(c.t, sent.Body.Close())
	return page.raw
}

func (c *client) complete(id, key string) reply {
	c.t.Helper()
	return c.post("/api/3ds/"+id+"/complete", `{"securityKey": "`+key+`"}`)
}

func TestThreeDSecureIsSettledByTheMerchant(t *testing.T) {
	t.Parallel()
	srv, shop := start(t, mock.Config{}), newReturns(t)
	c := clientOf(t, srv)
	id, action := c.start3DS(shop, "", "customerId", `"customer-42"`, "amount", "1000")
	require.Equal(t, "ENROLLED", c.payment(id).text("status"))
	require.Equal(t, "406 NOT_AUTHENTICATED", fault(c.complete(id, "x")))

	bank := c.visit(action, nil)
	require.Contains(t, bank, `data-testid="bank-code"`)
	require.Contains(t, bank, "400000******3184")
	require.Contains(t, c.visit(action, url.Values{"code": {"999999"}}), "bank-error")
	c.visit(action, url.Values{"code": {payment.BankCode}})
	brought := shop.last(t)
	require.Equal(t, [2]string{"/ok", id}, [2]string{brought.Get("at"), brought.Get("paymentId")})
	require.Equal(t, "ENROLLED", c.payment(id).text("status"), "until the merchant completes it")

	key := brought.Get("securityKey")
	require.Equal(t, "406 WRONG_SECURITY_KEY", fault(c.complete(id, "another")))
	other, second := c.start3DS(shop, "")
	c.visit(second, url.Values{"code": {payment.BankCode}})
	require.Equal(t, "406 WRONG_SECURITY_KEY", fault(c.complete(other, key)), "a key is for one payment")
	require.Equal(t, "404 NOT_FOUND", fault(c.as("test_other").complete(id, key)))
	require.Equal(t, "400 INVALID_REQUEST", fault(c.post("/api/3ds/"+id+"/complete", `{}`)))

	done := c.complete(id, key)
	require.Equal(t, http.StatusOK, done.status, done.raw)
	require.Equal(t, [3]string{"SUCCESS", "SALE", "customer-42"}, [3]string{
		done.text("status"),
		done.text("transactionType"), done.text("customerId"),
	})
	require.Equal(t, done.raw, c.payment(id).raw)
	require.Equal(t, "406 ALREADY_COMPLETED", fault(c.complete(id, key)))
	require.NotContains(t, c.visit(action, nil), "return-form", "it is over")
	require.Equal(t, "406 NOT_THREE_D_SECURE", fault(c.complete(c.pays("/api/payment", "ORD-2"), key)))

	require.Equal(t, http.StatusOK, c.post("/api/payment/"+id+"/refund", part("1000")).status)
	require.NotEmpty(t, entriesOf(c.get("/_mock/journal?kind=bank")))
	require.Len(t, entriesOf(c.get("/_mock/journal?kind=3ds&orderId=ORD-1&status=200")), 3)
}

func TestWhoIsNotAuthenticatedHasNotPaid(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		card     string
		scenario string
		do       func(srv *mock.Test, c *client, action string)
		want     string
	}{
		"three wrong codes": {askedCard, "", func(_ *mock.Test, c *client, action string) {
			for range 3 {
				c.visit(action, url.Values{"code": {"999999"}})
			}
		}, "3-D Secure authentication failed"},
		"cancelled at the bank": {askedCard, "", func(_ *mock.Test, c *client, action string) {
			c.visit(action+"/cancel", nil)
		}, "3-D Secure authentication was cancelled by the cardholder"},
		"too slow": {askedCard, "", func(srv *mock.Test, c *client, action string) {
			srv.Advance(3 * time.Minute)
			c.visit(action, url.Values{"code": {payment.BankCode}})
		}, "3-D Secure authentication was not completed in time"},
		"a scenario that says so, whatever is typed": {
			askedCard, "three-d-secure-failed",
			func(_ *mock.Test, c *client, action string) { c.visit(action, url.Values{"code": {payment.BankCode}}) },
			"3-D Secure authentication failed",
		},
		"a card whose authentication fails": {hopelessCard, "", func(_ *mock.Test, c *client, action string) {
			c.visit(action, url.Values{"code": {payment.BankCode}})
		}, "3-D Secure authentication failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, shop := start(t, mock.Config{}), newReturns(t)
			srv.Freeze()
			c := clientOf(t, srv)
			id, action := c.start3DS(shop, tc.scenario, "pan", `"`+tc.card+`"`)
			tc.do(srv, c, action)
			require.Equal(t, "/no", shop.last(t).Get("at"))
			done := c.complete(id, shop.last(t).Get("securityKey"))
			require.Equal(t, [3]string{"FAILED", "MD_STATUS_0", tc.want}, [3]string{
				done.text("status"),
				done.text("resultCode"), done.text("resultMessage"),
			})
		})
	}
}

func TestThreeDSecureThatComesToNothing(t *testing.T) {
	t.Parallel()
	srv, shop := start(t, mock.Config{}), newReturns(t)
	srv.Freeze()
	c := clientOf(t, srv)
	id, action := c.start3DS(shop, "")
	c.visit(action, url.Values{"code": {payment.BankCode}})
	srv.Advance(15 * time.Minute)
	require.Equal(t, "406 SECURITY_KEY_EXPIRED", fault(c.complete(id, shop.last(t).Get("securityKey"))))
	require.Equal(t, "ENROLLED", c.payment(id).text("status"), "a shop that does not complete it leaves it as it is")

	cannot := c.post("/api/3ds", charge("ORD-2", "pan", `"4151111111111112"`, "cvv", `"123"`,
		"successUrl", `"https://shop.example/ok"`, "failureUrl", `"https://shop.example/no"`))
	require.Equal(t, false, cannot.body["success"], cannot.raw)
	require.NotContains(t, cannot.raw, "htmlContent")
	require.Equal(t, "FAILED", c.payment(cannot.text("paymentId")).text("status"))

	poor, action := c.start3DS(shop, "", "pan", `"4000008260003178"`)
	c.visit(action, url.Values{"code": {payment.BankCode}})
	require.Equal(t, "/ok", shop.last(t).Get("at"), "the bank knows the customer")
	require.Equal(t, "51", c.complete(poor, shop.last(t).Get("securityKey")).text("resultCode"), "who has no money")
	for _, path := range []string{"/three-d-secure/123e4567-e89b-12d3-a456-426614174000", "/three-d-secure/" +
		c.pays("/api/payment", "ORD-3"), "/three-d-secure/x"} {
		require.Equal(t, http.StatusNotFound, c.get(path).status, path)
	}
	require.Equal(t, http.StatusMethodNotAllowed, c.send(c.request("PUT", "/three-d-secure/"+id, "")).status)
}
