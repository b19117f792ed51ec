package mock_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Cards whose bank asks for a code.
const (
	askedCard    = "4000002760003184" // pays once the code was right
	askedPoor    = "4000008260003178" // the code does not make it richer
	hopelessCard = "4131111111111117" // no code is right
	unaskedCard  = "4151111111111112" // its bank cannot be asked
)

// browse sends a form as the customer's browser does, without following where it leads.
func (c *client) browse(path string, form url.Values) *http.Response {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.base+path, strings.NewReader(form.Encode()))
	require.NoError(c.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(c.t, err)
	require.NoError(c.t, res.Body.Close())
	return res
}

func (c *client) payOnPage(id, card string) *http.Response {
	c.t.Helper()
	return c.browse("/checkout-link/"+id, url.Values{
		"pan": {card}, "cardHolderName": {"AYSE YILMAZ"}, "expiry": {"12/40"}, "cvv": {"123"},
	})
}

func (c *client) typeCode(id, code string) *http.Response {
	c.t.Helper()
	return c.browse("/checkout-link/"+id+"/bank", url.Values{"code": {code}})
}

// result is what the merchant is told of the payment.
func (c *client) result(id string) [2]string {
	c.t.Helper()
	r := c.get("/api/checkout/" + id)
	return [2]string{r.text("status"), r.text("resultCode")}
}

func (c *client) state(id string) string {
	c.t.Helper()
	return c.get("/_mock/checkouts/" + id).text("state")
}

func TestBankAsksForACode(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		card  string
		codes []string
		want  [2]string
		state string
	}{
		"the right one pays": {askedCard, []string{payment.BankCode}, [2]string{"SUCCESS", "SUCCESS"}, "PAID"},
		"the right one after two wrong": {
			askedCard,
			[]string{"000000", "", payment.BankCode},
			[2]string{"SUCCESS", "SUCCESS"},
			"PAID",
		},
		"three wrong ones":             {askedCard, []string{"1", "2", "3"}, [2]string{"FAILED", "MD_STATUS_0"}, "OPEN"},
		"the right one on a poor card": {askedPoor, []string{payment.BankCode}, [2]string{"FAILED", "51"}, "OPEN"},
		"the right one on a hopeless one": {
			hopelessCard,
			[]string{payment.BankCode},
			[2]string{"FAILED", "MD_STATUS_0"},
			"OPEN",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, merchant := start(t, mock.Config{}), newShop(t)
			c := clientOf(t, srv)
			id := c.create("ORD-1", merchant.callback())
			require.Contains(t, c.payOnPage(id, tc.card).Header.Get("Location"), "/bank")
			for _, code := range tc.codes {
				require.Equal(t, "AUTHENTICATING", c.state(id))
				require.Equal(t, [2]string{"ENROLLED", ""}, c.result(id), "nothing is told before the bank is content")
				c.typeCode(id, code)
			}
			require.Equal(t, tc.state, c.state(id))
			require.Equal(t, tc.want, c.result(id))
			srv.Advance(0)
			require.Len(t, merchant.received(), 1)
		})
	}
}

func TestBankLetsTheCustomerGo(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	srv.Freeze()
	c := clientOf(t, srv)
	for name, leave := range map[string]func(id string){
		"3-D Secure authentication was cancelled by the cardholder": func(id string) {
			c.browse("/checkout-link/"+id+
				"/bank/cancel", nil)
		},
		"3-D Secure authentication was not completed in time": func(string) { srv.Advance(mock.DefaultBankPatience) },
	} {
		id := c.create("ORD-1", merchant.callback())
		c.payOnPage(id, askedCard)
		leave(id)
		require.Equal(t, name, c.get("/api/checkout/"+id).text("resultMessage"))
		require.Equal(t, [2]string{"FAILED", "MD_STATUS_0"}, c.result(id))

		require.Contains(t, c.payOnPage(id, goodCard).Header.Get("Location"), "/result", "it can be tried again")
		require.Equal(t, [2]string{"SUCCESS", "SUCCESS"}, c.result(id))
	}
	srv.Advance(0)
	require.Len(t, merchant.received(), 4)
}

func TestBankIsAskedWhomTheSandboxSays(t *testing.T) {
	t.Parallel()
	for by, want := range map[payment.ThreeDSecure]map[string]string{
		payment.ThreeDSecureByCard: {goodCard: "PAID", askedCard: "AUTHENTICATING", unaskedCard: "OPEN"},
		payment.ThreeDSecureAlways: {goodCard: "AUTHENTICATING", askedCard: "AUTHENTICATING", unaskedCard: "OPEN"},
		payment.ThreeDSecureNever:  {goodCard: "PAID", askedCard: "PAID", hopelessCard: "OPEN"},
	} {
		srv, merchant := start(t, mock.Config{ThreeDSecure: by}), newShop(t)
		c := clientOf(t, srv)
		for card, state := range want {
			id := c.create("ORD-1", merchant.callback())
			c.payOnPage(id, card)
			require.Equal(t, state, c.state(id), "%s with %s", card[:6], by)
		}
		id := c.create("ORD-2", merchant.callback())
		srv.Pay(id, askedCard)
		require.Equal(t, "PAID", c.state(id), "the sandbox's own customer knows the code")
	}
}

func TestScenarioDecidesAfterTheCode(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	srv.Freeze()
	c := clientOf(t, srv)
	poor := c.create("mock:insufficient-funds", merchant.callback())
	c.payOnPage(poor, askedCard)
	c.typeCode(poor, payment.BankCode)
	require.Equal(t, [2]string{"FAILED", "51"}, c.result(poor))

	rich := c.create("mock:success", merchant.callback())
	c.payOnPage(rich, hopelessCard)
	c.typeCode(rich, payment.BankCode)
	require.Equal(t, [2]string{"SUCCESS", "SUCCESS"}, c.result(rich))

	slow := c.create("mock:slow-bank", merchant.callback())
	c.payOnPage(slow, askedCard)
	c.typeCode(slow, payment.BankCode)
	require.Equal(t, "PROCESSING", c.state(slow))
	srv.Advance(time.Hour)
	require.Equal(t, [2]string{"SUCCESS", "SUCCESS"}, c.result(slow))
}

func TestNobodyPaysTwiceAtTheBank(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { c.payOnPage(id, askedCard) })
	}
	all.Wait()
	for range 8 {
		all.Go(func() { c.typeCode(id, payment.BankCode) })
	}
	all.Wait()
	require.Equal(t, [2]string{"SUCCESS", "SUCCESS"}, c.result(id))
	require.Equal(t, "1", c.get("/_mock/checkouts/" + id).body["attempts"].(interface{ String() string }).String())
	srv.Advance(0)
	require.Len(t, merchant.received(), 1)
}

func TestSandboxGoesOnWhileACustomerIsAtTheBank(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		do   func(srv *mock.Test, c *client, id string)
		want [2]string
	}{
		"an outcome is forced": {func(_ *mock.Test, c *client, id string) {
			c.post("/_mock/checkouts/"+id+"/outcome", `{"status": "REJECTED"}`)
		}, [2]string{"REJECTED", "REJECTED"}},
		"the customer closes the page": {func(srv *mock.Test, c *client, id string) {
			require.Equal(t, http.StatusOK, c.post("/_mock/checkouts/"+id+"/abandon", "").status)
			srv.Advance(time.Hour)
		}, [2]string{"FAILED", "MD_STATUS_0"}},
		"the link's time is over": {func(srv *mock.Test, _ *client, _ string) {
			srv.Advance(24 * time.Hour)
		}, [2]string{"CANCELLED", "EXPIRED"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, merchant := start(t, mock.Config{}), newShop(t)
			srv.Freeze()
			c := clientOf(t, srv)
			id := c.create("ORD-1", merchant.callback())
			c.payOnPage(id, askedCard)
			tc.do(srv, c, id)
			require.Equal(t, tc.want, c.result(id))
			late := c.typeCode(id, payment.BankCode)
			require.NotEqual(t, http.StatusInternalServerError, late.StatusCode)
			require.Equal(t, tc.want, c.result(id), "a code that comes late changes nothing")
		})
	}
}
