package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

// unusually is the config for a shop that is right, with something before it.
func unusually(t *testing.T, s *shop, before http.Handler, rules ...string) contract.Config {
	t.Helper()
	c := configFor(t, s)
	c.Rules = rules
	c.Start = func(e contract.Environment) (string, error) {
		s.payporter, s.orders = e, map[string]*order{}
		server := httptest.NewServer(before)
		t.Cleanup(server.Close)
		s.home = server.URL
		return server.URL, nil
	}
	return c
}

// cold is a shop whose pages are made when they are asked for the first time, which takes long.
type cold struct {
	*shop
	asked sync.Map // method and folder of the path -> asked for before
}

func (c *cold) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page := r.Method + path.Dir(r.URL.Path)
	if r.URL.Path == "/payment-callback" {
		page = r.URL.Path
	}
	if _, before := c.asked.LoadOrStore(page, true); !before {
		time.Sleep(3 * time.Second)
	}
	c.shop.ServeHTTP(w, r)
}

func TestShopThatIsOnlyColdIsNotSlow(t *testing.T) {
	t.Parallel()
	s := &shop{}
	c := unusually(t, s, &cold{shop: s}, "RESIL-016", "FLOW-003")
	judged, err := contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	require.Equal(t, report.OK, judged.Verdict, seen(judged.Report))
}

// oneOpen is a shop in which a browser that orders again gets the order that it has not paid yet, with a new link.
type oneOpen struct{ *shop }

func (c oneOpen) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || r.URL.Path != "/orders" {
		c.shop.ServeHTTP(w, r)
		return
	}
	var asked order
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		http.Error(w, "no order", http.StatusBadRequest)
		return
	}

	c.mu.Lock()
	var o *order
	if cookie, err := r.Cookie("order"); err == nil {
		o = c.orders[cookie.Value]
	}
	if o == nil || o.Status == "paid" {
		o = &order{ID: fmt.Sprintf("ORD-%d", len(c.orders)+1), Status: "pending"}
		c.orders[o.ID] = o
	}
	o.Amount, o.Currency, o.checkoutID = asked.Amount, asked.Currency, ""
	c.mu.Unlock()

	create, _ := json.Marshal(map[string]any{
		"orderId": o.ID, "amount": o.Amount, "currency": o.Currency, "callback": c.home + "/payment-callback",
	})
	var made struct{ CheckoutID, RedirectURL string }
	if c.ask(http.MethodPost, "/api/checkout", create, &made) != http.StatusOK {
		http.Error(w, "no checkout", http.StatusBadGateway)
		return
	}

	http.SetCookie(w, &http.Cookie{Name: "order", Value: o.ID, Path: "/"})
	c.mu.Lock()
	defer c.mu.Unlock()
	o.RedirectURL = made.RedirectURL
	_ = json.NewEncoder(w).Encode(o)
}

func TestShopWithOneOpenOrderForEachBrowserIsNotAccused(t *testing.T) {
	t.Parallel()
	s := &shop{}
	c := unusually(t, s, oneOpen{s}, "FLOW-003", "FLOW-006", "FLOW-008", "FLOW-010", "TRUST-029", "TRUST-030", "TRUST-031")
	judged, err := contract.Verify(t.Context(), c, contract.Options{})
	require.NoError(t, err)
	require.Empty(t, broken(judged.Report), seen(judged.Report))
	require.Subset(t, with(judged.Report, report.NotEvaluable), []string{"TRUST-029", "TRUST-030", "TRUST-031"})
}
