package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// merchants are the example shops: each names the files it consists of and the command that runs it.
var merchants = map[string]func(t *testing.T) []string{
	"express": func(t *testing.T) []string {
		node := tool(t, "node", "install Node.js 20 or newer")
		program := example(t, "express/shop.js")
		if _, err := os.Stat(filepath.Join(filepath.Dir(program), "node_modules", "express")); err != nil {
			extent.Required(t, "Express is missing: run npm ci in testdata/merchants/express")
		}
		return []string{node, program}
	},
	"node": func(t *testing.T) []string {
		return []string{tool(t, "node", "install Node.js 20 or newer"), example(t, "node/shop.js")}
	},
	"python": func(t *testing.T) []string {
		return []string{tool(t, "python3", "install Python 3.9 or newer"), example(t, "python/shop.py")}
	},
	"go": func(t *testing.T) []string {
		example(t, "go/main.go")
		shop, err := goShop()
		require.NoError(t, err)
		return []string{shop}
	},
	"php": func(t *testing.T) []string {
		php := tool(t, "php", "install PHP 8.1 or newer with curl and pcntl")
		if err := exec.Command(php, "-r", "exit((int) !(extension_loaded('curl') && "+
			"extension_loaded('pcntl')));").Run(); err != nil {
			extent.Required(t, "PHP lacks its extension curl or pcntl: install both")
		}
		example(t, "php/shop.php")
		return []string{php, example(t, "php/serve.php")}
	},
	"java": func(t *testing.T) []string {
		return []string{tool(t, "java", "install a JDK 17 or newer"), example(t, "java/Shop.java")}
	},
}

// goShop is the Go shop, built once for all tests.
var goShop = sync.OnceValues(func() (string, error) {
	program, err := binary() // its folder is removed after the tests
	if err != nil {
		return "", err
	}
	path := filepath.Join(filepath.Dir(program), "go-shop")
	if out, err := exec.Command("go", "build", "-o", path, "../../testdata/merchants/go").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the Go shop: %w\n%s", err, out)
	}
	return path, nil
})

// tool finds a program on this machine.
func tool(t *testing.T, name, remedy string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		extent.Required(t, name+" is missing: "+remedy)
	}
	return path
}

// example finds the program of a shop. It reads it, too, so that a cached result of this test does
// not outlive a change.
func example(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../testdata/merchants", name))
	require.NoError(t, err)
	_, err = os.ReadFile(path)
	require.NoError(t, err)
	return path
}

// shop is an example merchant that runs as a process of its own.
type shop struct {
	merchant
	url string
}

// open runs a shop that takes its payments at m, with more of the environment.
func open(t *testing.T, command []string, m merchant, more ...string) shop {
	t.Helper()
	p := run(t, append([]string{
		"PAYPORTER_BASE_URL=" + m.sandbox.url, "PAYPORTER_API_KEY=" + m.key, "PAYPORTER_API_SECRET=secret", "PORT=0",
	}, more...), command[0], command[1:]...)
	_, address, ok := strings.Cut(strings.TrimSpace(p.Announced), "http://")
	require.True(t, ok, p.Announced)
	return shop{merchant: m, url: "http://" + address}
}

// order is what the shop answers to one who orders.
type order struct{ OrderID, RedirectURL string }

func (o order) checkoutID() string { return path.Base(o.RedirectURL) }

// order orders something in the shop.
func (s shop) order(t *testing.T, amount, currency string) order {
	t.Helper()
	body := fmt.Sprintf(`{"amount": %s, "currency": %q}`, amount, currency)
	status, answer := request(t, http.MethodPost, s.url+"/orders", jsonType, body)
	require.Equal(t, http.StatusOK, status, string(answer))
	var o order
	require.NoError(t, json.Unmarshal(answer, &o))
	require.NotEmpty(t, o.OrderID)
	return o
}

// belief is what the shop thinks of an order.
type belief struct {
	Status      string
	Fulfilments int
}

var (
	pending = belief{"pending", 0}
	paid    = belief{"paid", 1}
	failed  = belief{"failed", 0}
)

func (s shop) believes(t *testing.T, o order) belief {
	t.Helper()
	status, answer := request(t, http.MethodGet, s.url+"/orders/"+o.OrderID, jsonType, "")
	require.Equal(t, http.StatusOK, status, string(answer))
	var b belief
	require.NoError(t, json.Unmarshal(answer, &b))
	return b
}

// callback sends the shop a callback that the sandbox knows nothing of.
func (s shop) callback(t *testing.T, contentType, body string) int {
	t.Helper()
	status, _ := request(t, http.MethodPost, s.url+"/payment-callback", contentType, body)
	return status
}

func TestMerchant(t *testing.T) {
	t.Parallel()
	page, auto := serve(t, "--payer", "page"), serve(t, "--payer", "auto")
	for name, command := range merchants {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "java" || name == "express" {
				extent.NotQuick(t, "its shop starts slowly; others stay")
			}
			s := open(t, command(t), merchant{page, "test_" + name})
			t.Run("an order paid on the hosted page is paid", s.testPaid)
			t.Run("a declined order is failed and can still be paid", s.testDeclined)
			t.Run("a callback that comes again changes nothing", s.testRepeated)
			t.Run("a forged callback changes nothing", s.testForged)
			t.Run("a cancelled order is failed and gets another link", s.testCancelled)
			t.Run("who asks again gets the same link", s.testOneLink)
			t.Run("what cannot be charged cannot be ordered", s.testRefused)
			if !extent.Whole() && name != "go" {
				return // each of the rest starts a shop of its own
			}
			t.Run("with the automatic payer an order is paid by itself", func(t *testing.T) {
				t.Parallel()
				open(t, command(t), merchant{auto, "test_auto_" + name}).testAuto(t)
			})
			t.Run("an answer about something else is not believed", func(t *testing.T) {
				t.Parallel()
				testDistrust(t, command(t))
			})
			t.Run("where no checkout can be made the order waits", func(t *testing.T) {
				t.Parallel()
				testOutage(t, command(t))
			})
		})
	}
}

func (s shop) testPaid(t *testing.T) {
	t.Parallel()
	o := s.order(t, "100.50", "TRY")
	require.Equal(t, pending, s.believes(t, o))
	require.Contains(t, payOnPage(t, o.RedirectURL, goodCard), `data-status="SUCCESS"`)
	s.told(t, o, "1")
	require.Equal(t, paid, s.believes(t, o))
	require.Equal(t, []string{"create ENROLLED", "payment SUCCESS", "status SUCCESS", "callback DELIVERED"},
		s.journal(t, o))
}

func (s shop) testDeclined(t *testing.T) {
	t.Parallel()
	o := s.order(t, "1249.90", "TRY")
	require.Contains(t, payOnPage(t, o.RedirectURL, poorCard), `data-testid="declined"`)
	s.told(t, o, "1")
	require.Equal(t, failed, s.believes(t, o))
	s.call(t, http.MethodPost, "/_mock/checkouts/"+o.checkoutID()+"/pay", `{"card": "`+goodCard+`"}`, nil)
	s.told(t, o, "2")
	require.Equal(t, paid, s.believes(t, o))
	require.Equal(t, []string{
		"create ENROLLED", "payment FAILED", "status FAILED", "callback DELIVERED",
		"payment SUCCESS", "status SUCCESS", "callback DELIVERED",
	}, s.journal(t, o))
}

func (s shop) testRepeated(t *testing.T) {
	t.Parallel()
	o := s.order(t, "0.01", "USD")
	s.call(t, http.MethodPost, "/_mock/checkouts/"+o.checkoutID()+"/pay", "", nil)
	s.told(t, o, "1")
	var found struct{ Callbacks []struct{ ID string } }
	s.call(t, http.MethodGet, "/_mock/callbacks?checkoutId="+o.checkoutID(), "", &found)
	require.Len(t, found.Callbacks, 1)
	s.call(t, http.MethodPost, "/_mock/callbacks/"+found.Callbacks[0].ID+"/redeliver", "", nil)
	require.Equal(t, paid, s.believes(t, o))

	var many sync.WaitGroup
	for range 10 {
		many.Go(func() { s.callback(t, formType, "checkoutId="+o.checkoutID()) })
	}
	many.Wait()
	require.Equal(t, paid, s.believes(t, o))
}

func (s shop) testForged(t *testing.T) {
	t.Parallel()
	o := s.order(t, "250", "JPY")
	forge, err := json.Marshal(map[string]string{"checkoutId": o.checkoutID()})
	require.NoError(t, err)
	s.call(t, http.MethodPost, "/_mock/callbacks/forge", string(forge), nil)
	for _, c := range []struct{ contentType, body string }{
		{formType, ""},
		{formType, "checkoutId="},
		{formType, "checkoutId=../../_mock/health"},
		{formType, "checkoutId=00000000-0000-4000-8000-000000000000"},
		{formType, "checkoutId=" + strings.Repeat("0", 60_000)},
		{formType, "checkoutId=" + o.checkoutID() + "&checkoutId=" + o.checkoutID()},
		{formType, "checkoutId=%zz%ff"},
		{jsonType, string(forge)},
		{jsonType, "{"},
		{"text/plain", "checkoutId=" + o.checkoutID()},
	} {
		status := s.callback(t, c.contentType, c.body)
		require.Less(t, status, 500, "%s %.100s", c.contentType, c.body)
	}
	require.Equal(t, pending, s.believes(t, o))
}

func (s shop) testCancelled(t *testing.T) {
	t.Parallel()
	o := s.order(t, "9999999999.99", "EUR")
	status, _ := request(t, http.MethodPost, o.RedirectURL+"/cancel", formType, "")
	require.Equal(t, http.StatusOK, status)
	s.told(t, o, "1")
	require.Equal(t, failed, s.believes(t, o))

	again := s.payAgain(t, o)
	require.NotEqual(t, o.RedirectURL, again.RedirectURL)
	s.call(t, http.MethodPost, "/_mock/checkouts/"+again.checkoutID()+"/pay", "", nil)
	s.told(t, o, "2")
	require.Equal(t, paid, s.believes(t, o))
	require.Equal(t, http.StatusOK, s.callback(t, formType, "checkoutId="+o.checkoutID()))
	require.Equal(t, paid, s.believes(t, o))
}

func (s shop) testOneLink(t *testing.T) {
	t.Parallel()
	o := s.order(t, "100.10", "TRY")
	var many sync.WaitGroup
	for range 5 {
		many.Go(func() { assert.Equal(t, o, s.payAgain(t, o)) })
	}
	many.Wait()
	s.call(t, http.MethodPost, "/_mock/checkouts/"+o.checkoutID()+"/pay", "", nil)
	s.told(t, o, "1")
	status, _ := request(t, http.MethodPost, s.url+"/orders/"+o.OrderID+"/pay", jsonType, "")
	require.Equal(t, http.StatusConflict, status)
}

// payAgain is a customer who comes back to an order that is not paid.
func (s shop) payAgain(t *testing.T, o order) order {
	t.Helper()
	status, answer := request(t, http.MethodPost, s.url+"/orders/"+o.OrderID+"/pay", jsonType, "")
	require.Equal(t, http.StatusOK, status, string(answer))
	var again order
	require.NoError(t, json.Unmarshal(answer, &again))
	return again
}

func (s shop) testRefused(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, `{`, `{}`, `{"amount": "100", "currency": "TRY"}`,
		`{"amount": -1, "currency": "TRY"}`, `[]`, `null`,
	} {
		status, answer := request(t, http.MethodPost, s.url+"/orders", jsonType, body)
		require.Equal(t, http.StatusBadRequest, status, "%s: %s", body, answer)
	}
	status, _ := request(t, http.MethodPost, s.url+"/orders", jsonType, `{"amount": 100.505, "currency": "TRY"}`)
	require.Equal(t, http.StatusBadGateway, status)
}

func (s shop) testAuto(t *testing.T) {
	o := s.order(t, "12.345", "KWD")
	s.told(t, o, "1")
	require.Equal(t, paid, s.believes(t, o))
	require.Equal(t, []string{"create ENROLLED", "payment SUCCESS", "status SUCCESS", "callback DELIVERED"},
		s.journal(t, o))
}

// testDistrust lets the shop ask a PayPorter that answers something wrong.
func testDistrust(t *testing.T, command []string) {
	lying := &liar{}
	server := httptest.NewServer(lying)
	t.Cleanup(server.Close)
	s := open(t, command, merchant{sandbox{url: server.URL}, "test_key"})
	for name, c := range map[string]struct {
		status   int
		answer   string // with DEAR and CHEAP for the orders' numbers
		want     int    // what the shop answers to the callback about the dear order
		believes belief
	}{
		"the truth": {200, `{"status": "SUCCESS", "orderId": "DEAR", "amount": 100.50, "currency": "TRY"}`, 200, paid},
		"less money": {
			200, `{"status": "SUCCESS", "orderId": "DEAR", "amount": 1.50, "currency": "TRY"}`, 200,
			pending,
		},
		"more money": {
			200, `{"status": "SUCCESS", "orderId": "DEAR", "amount": 100.51, "currency": "TRY"}`, 200,
			pending,
		},
		"other money": {
			200, `{"status": "SUCCESS", "orderId": "DEAR", "amount": 100.50, "currency": "IRR"}`, 200,
			pending,
		},
		"another order": {200, `{"status": "SUCCESS", "orderId": "CHEAP", "amount": 1, "currency": "TRY"}`, 404, pending},
		"no order of ours": {
			200, `{"status": "SUCCESS", "orderId": "ORD-1", "amount": 100.50, "currency": "TRY"}`, 404,
			pending,
		},
		"not decided yet": {
			200, `{"status": "ENROLLED", "orderId": "DEAR", "amount": 100.50, "currency": "TRY"}`, 200,
			pending,
		},
		"no such checkout": {404, `{"message": "there is no such checkout"}`, 404, pending},
		"a fault": {
			500, `{"status": "SUCCESS", "orderId": "DEAR", "amount": 100.50, "currency": "TRY"}`, 503,
			pending,
		},
		"no JSON": {200, `<html>`, 503, pending},
	} {
		t.Run(name, func(t *testing.T) {
			dear, cheap := s.order(t, "100.50", "TRY"), s.order(t, "1", "TRY")
			lying.say(c.status, strings.NewReplacer("DEAR", dear.OrderID, "CHEAP", cheap.OrderID).Replace(c.answer))
			require.Equal(t, c.want, s.callback(t, formType, "checkoutId="+dear.checkoutID()))
			require.Equal(t, c.believes, s.believes(t, dear))
			require.Equal(t, pending, s.believes(t, cheap))
		})
	}
}

// testOutage lets customers order while PayPorter is down.
func testOutage(t *testing.T, command []string) {
	outages := map[string]http.HandlerFunc{
		"a fault": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"a reset": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"no JSON": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") },
		"silence": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then is it seen that the shop has hung up
			<-r.Context().Done()
		},
	}
	lying := &liar{status: http.StatusOK, answer: `{"status": "ENROLLED"}`}
	server := httptest.NewServer(lying)
	t.Cleanup(server.Close)
	s := open(t, command, merchant{sandbox{url: server.URL}, "test_key"})
	for name, outage := range outages {
		t.Run(name, func(t *testing.T) {
			lying.down.Store(&outage)
			status, answer := request(t, http.MethodPost, s.url+"/orders", jsonType, `{"amount": 100.10, "currency": "TRY"}`)
			require.Equal(t, http.StatusBadGateway, status, string(answer))
			var o order
			require.NoError(t, json.Unmarshal(answer, &o))
			require.Equal(t, pending, s.believes(t, o))
			require.Equal(t, http.StatusServiceUnavailable, s.callback(t, formType,
				"checkoutId=00000000-0000-4000-8000-000000000001"))
			lying.down.Store(nil)
			require.Equal(t, s.payAgain(t, o), s.payAgain(t, o))
		})
	}
}

// liar is a PayPorter that creates checkouts and says whatever it is told to about each.
type liar struct {
	down atomic.Pointer[http.HandlerFunc] // what answers everything instead

	mu      sync.Mutex
	created int
	status  int
	answer  string
}

func (l *liar) say(status int, answer string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.status, l.answer = status, answer
}

func (l *liar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if down := l.down.Load(); down != nil {
		(*down)(w, r)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	w.Header().Set("Content-Type", jsonType)
	if r.Method == http.MethodPost {
		l.created++
		id := fmt.Sprintf("00000000-0000-4000-8000-%012d", l.created)
		fmt.Fprintf(w, `{"checkoutId": %q, "redirectUrl": "http://%s/checkout-link/%s"}`, id, r.Host, id)
		return
	}
	w.WriteHeader(l.status)
	fmt.Fprint(w, l.answer)
}
