package provider_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// fault makes a right provider a wrong one in one respect.
type fault func(t *testing.T, right http.Handler) http.Handler

// asked is a request with its body read.
type asked struct {
	*http.Request
	sent http.Header // as it came: the right provider takes the secret out
	raw  []byte
	body map[string]any // nil if it is no JSON object
}

func read(r *http.Request) asked {
	raw, _ := io.ReadAll(r.Body)
	a := asked{Request: r, sent: r.Header.Clone(), raw: raw}
	a.put(raw)
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if len(raw) > 1<<20 || decoder.Decode(&a.body) != nil { // looking at the huge one takes longer than all others
		a.body = nil
	}
	return a
}

func (a asked) put(raw []byte) {
	a.Body, a.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
}

func (a asked) isCreate() bool { return a.Method == http.MethodPost && a.URL.Path == "/api/checkout" }

func (a asked) isStatus() bool {
	return a.Method == http.MethodGet && strings.HasPrefix(a.URL.Path, "/api/checkout/")
}
func (a asked) isPay() bool { return strings.HasSuffix(a.URL.Path, "/pay") }

func (a asked) as(key, secret string) {
	a.Header.Set("X-Api-Key", key)
	a.Header.Set("X-Api-Secret", secret)
}

// trusts lets requests in that the right provider refuses.
func trusts(whom func(a asked) bool) fault {
	return rewrites(func(a asked) {
		if whom(a) {
			a.as(mock.DefaultAPIKey, mock.DefaultAPISecret)
		}
	})
}

// rewrites changes requests on their way to the right provider.
func rewrites(change func(a asked)) fault {
	return func(_ *testing.T, right http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			change(read(r))
			right.ServeHTTP(w, r)
		})
	}
}

// mends makes orders right that the right provider would refuse: it takes them.
func mends(change func(o map[string]any)) fault {
	return rewrites(func(a asked) {
		if !a.isCreate() || a.body == nil {
			return
		}
		before := maps.Clone(a.body)
		change(a.body)
		if !maps.EqualFunc(before, a.body, func(x, y any) bool { return same(x, y) }) {
			raw, _ := json.Marshal(a.body)
			a.put(raw)
		}
	})
}

func same(x, y any) bool {
	left, _ := json.Marshal(x)
	right, _ := json.Marshal(y)
	return bytes.Equal(left, right)
}

// right are values that the right provider takes.
var right = map[string]any{
	"orderId": "ORD-1", "amount": json.Number("25"), "currency": "TRY", "callback": "http://127.0.0.1:9/",
	"description": "", "customerId": "c",
	"maxInstallmentCount": json.Number("1"), "interestPaidByCustomer": false,
}

// takesAny mends a field whose value is wrong in this way.
func takesAny(field string, wrong func(value any, there bool) bool) fault {
	return mends(func(o map[string]any) {
		if value, there := o[field]; wrong(value, there) {
			o[field] = right[field]
		}
	})
}

func takesMissing(field string) fault {
	return takesAny(field, func(v any, _ bool) bool { return v == nil })
}

func takesOtherTypes(field string) fault {
	return takesAny(field, func(v any, _ bool) bool {
		if v == nil {
			return false
		}
		switch right[field].(type) {
		case string:
			_, ok := v.(string)
			return !ok
		case bool:
			_, ok := v.(bool)
			return !ok
		}
		_, ok := v.(json.Number)
		return !ok
	})
}

func takesText(field string, wrong func(text string) bool) fault {
	return takesAny(field, func(v any, _ bool) bool {
		text, ok := v.(string)
		return ok && wrong(text)
	})
}

func takesLength(field string, least, most int) fault {
	return takesText(field, func(s string) bool { return len(s) < least || len(s) > most })
}

func takesNumber(field string, wrong func(n float64) bool) fault {
	return takesAny(field, func(v any, _ bool) bool {
		number, ok := v.(json.Number)
		n, err := number.Float64()
		return ok && err == nil && wrong(n)
	})
}

// refuses answers a request by itself.
func refuses(which func(a asked) bool, status int, body string) fault {
	return func(_ *testing.T, right http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !which(read(r)) {
				right.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body) // the harness may have gone
		})
	}
}

// refusesOrders answers orders by itself.
func refusesOrders(which func(o map[string]any) bool) fault {
	return refuses(func(a asked) bool { return a.isCreate() && a.body != nil && which(a.body) }, http.StatusBadRequest,
		`{"message":"no"}`)
}

// answer is what the right provider answered, to be changed.
type answer struct {
	to     asked
	status int
	header http.Header
	body   map[string]any
	text   string // replaces the body unless it is empty
}

// answers changes what the right provider answers.
func answers(change func(a *answer)) fault {
	return func(_ *testing.T, right http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			to, recorded := read(r), httptest.NewRecorder()
			right.ServeHTTP(recorded, r)
			a := &answer{to: to, status: recorded.Code, header: recorded.Header()}
			decoder := json.NewDecoder(bytes.NewReader(recorded.Body.Bytes()))
			decoder.UseNumber()
			out := recorded.Body.Bytes()
			if decoder.Decode(&a.body) == nil {
				change(a)
				out, _ = json.Marshal(a.body)
			}
			if a.text != "" {
				out = []byte(a.text)
			}
			maps.Copy(w.Header(), a.header)
			w.Header().Set("Content-Length", strconv.Itoa(len(out)))
			w.WriteHeader(a.status)
			_, _ = w.Write(out) // the harness may have gone
		})
	}
}

// created changes the answers of creates.
func created(change func(a *answer)) fault {
	return answers(func(a *answer) {
		if a.to.isCreate() && a.status == http.StatusOK {
			change(a)
		}
	})
}

// says changes what is said of payments with this status.
func says(status string, change func(a *answer)) fault {
	return answers(func(a *answer) {
		if a.to.isStatus() && a.status == http.StatusOK && a.body["status"] == status {
			change(a)
		}
	})
}

// put is says for one field.
func put(status, field string, value any) fault {
	return says(status, func(a *answer) { a.body[field] = value })
}

func drop(status, field string) fault {
	return says(status, func(a *answer) { delete(a.body, field) })
}

// fails changes answers with this status.
func fails(status int, change func(a *answer)) fault {
	return answers(func(a *answer) {
		if a.status == status && strings.HasPrefix(a.to.URL.Path, "/api/") {
			change(a)
		}
	})
}

// relay stands between the provider and the merchant.
type relay struct {
	*httptest.Server
	mu       sync.Mutex      // guards all below
	declined map[string]bool // checkouts whose card was declined
	calling  map[string]bool // checkouts whose callback is on its way
}

// call is a callback on its way to the merchant, to be changed.
type call struct {
	id     string
	failed bool
	method string
	url    string
	kind   string // its Content-Type
	body   string
	lost   bool
}

// calls changes the callbacks, and the answers that are given meanwhile.
func calls(change func(c *call), meanwhile func(a *answer, calling bool)) fault {
	return func(t *testing.T, right http.Handler) http.Handler {
		r := &relay{declined: map[string]bool{}, calling: map[string]bool{}}
		r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			r.pass(
				t, w, req, change)
		}))
		t.Cleanup(r.Close)
		through := rewrites(func(a asked) {
			if callback, ok := a.body["callback"].(string); ok && strings.HasPrefix(callback, "http://127.0.0.1:") &&
				len(callback) < 300 {
				before, _ := json.Marshal(callback)
				after, _ := json.Marshal(r.URL + "/?to=" + url.QueryEscape(callback))
				a.put(bytes.Replace(a.raw, before, after, 1))
			}
		})(t, right)
		return answers(func(a *answer) {
			if meanwhile != nil && a.to.isStatus() && a.status == http.StatusOK {
				r.mu.Lock()
				calling := r.calling[idOf(a.to.URL.Path)]
				r.mu.Unlock()
				meanwhile(a, calling)
			}
		})(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			if a := read(req); a.isPay() && bytes.Contains(a.raw, []byte("4111111111111129")) {
				r.mu.Lock()
				r.declined[idOf(a.URL.Path)] = true
				r.mu.Unlock()
			}
			through.ServeHTTP(w, req)
		}))
	}
}

// idOf finds the checkoutId of a path.
func idOf(path string) string {
	for _, part := range strings.Split(path, "/") {
		if len(part) == 36 {
			return part
		}
	}
	return ""
}

func (r *relay) pass(t *testing.T, w http.ResponseWriter, req *http.Request, change func(c *call)) {
	body, _ := io.ReadAll(req.Body)
	form, _ := url.ParseQuery(string(body))
	c := &call{
		id: form.Get("checkoutId"), method: req.Method, url: req.URL.Query().Get("to"),
		kind: req.Header.Get("Content-Type"), body: string(body),
	}
	r.mu.Lock()
	c.failed, r.calling[c.id] = r.declined[c.id], true
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		delete(r.calling, c.id)
		r.mu.Unlock()
	}()
	change(c)
	if !c.lost {
		send(t, *c)
	}
	w.WriteHeader(http.StatusOK)
}

func send(t *testing.T, c call) {
	req, err := http.NewRequest(c.method, c.url, strings.NewReader(c.body))
	if err != nil {
		t.Errorf("callback: %v", err)
		return
	}
	req.Header.Set("Content-Type", c.kind)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	if res, err := client.Do(req); err == nil { // the harness may have gone
		_ = res.Body.Close()
	}
}

// renamed is a provider whose ids are no UUIDs, everywhere.
func renamed(t *testing.T, right http.Handler) http.Handler {
	const prefix = "chk_"
	inside := rewrites(func(a asked) { a.URL.Path = strings.Replace(a.URL.Path, prefix, "", 1) })(t, right)
	outside := calls(func(c *call) { c.body = strings.Replace(c.body, "checkoutId=", "checkoutId="+prefix, 1) }, nil)(t,
		inside)
	return created(func(a *answer) {
		id, _ := a.body["checkoutId"].(string)
		link, _ := a.body["redirectUrl"].(string)
		a.body["checkoutId"], a.body["redirectUrl"] = prefix+id, strings.Replace(link, id, prefix+id, 1)
	})(t, outside)
}

// paysAll books every checkout as soon as one is paid.
func paysAll(t *testing.T, right http.Handler) http.Handler {
	var mu sync.Mutex
	paid := false
	return answers(func(a *answer) {
		mu.Lock()
		defer mu.Unlock()
		if a.to.isPay() {
			paid = true
		}
		if paid && a.to.isStatus() && a.body["status"] == "ENROLLED" {
			a.body["status"] = "SUCCESS"
		}
	})(t, right)
}

// forgetsFirst cannot find the first checkout any more.
func forgetsFirst(t *testing.T, right http.Handler) http.Handler {
	var mu sync.Mutex
	first := ""
	return answers(func(a *answer) {
		mu.Lock()
		defer mu.Unlock()
		if a.to.isCreate() && first == "" {
			first, _ = a.body["checkoutId"].(string)
		}
		if a.to.isStatus() && a.status == http.StatusOK && idOf(a.to.URL.Path) == first {
			a.status, a.body = http.StatusNotFound, map[string]any{"message": "not yet"}
		}
	})(t, right)
}

// sharesIDs gives those who come at once the same id.
func sharesIDs(t *testing.T, right http.Handler) http.Handler {
	var mu sync.Mutex
	shared := map[string]any{}
	return created(func(a *answer) {
		mu.Lock()
		defer mu.Unlock()
		if a.to.body["description"] != "one of several at once" {
			return
		}
		if len(shared) == 0 {
			maps.Copy(shared, a.body)
		}
		a.body = maps.Clone(shared)
	})(t, right)
}

// faultsOnRepeats has not thought of an order that comes twice.
func faultsOnRepeats(t *testing.T, right http.Handler) http.Handler {
	var mu sync.Mutex
	var orders []string
	return refuses(func(a asked) bool {
		mu.Lock()
		defer mu.Unlock()
		order, ok := a.body["orderId"].(string)
		if !a.isCreate() || !ok {
			return false
		}
		known := slices.Contains(orders, order)
		orders = append(orders, order)
		return known
	}, http.StatusInternalServerError, `{"message":"duplicate key"}`)(t, right)
}

// deletes does what it should refuse, and hides it.
func deletes(t *testing.T, right http.Handler) http.Handler {
	var mu sync.Mutex
	gone := map[string]bool{}
	return answers(func(a *answer) {
		mu.Lock()
		defer mu.Unlock()
		if a.to.Method == http.MethodDelete {
			gone[idOf(a.to.URL.Path)] = true
		}
		if a.to.isStatus() && a.status == http.StatusOK && gone[idOf(a.to.URL.Path)] {
			a.status, a.body = http.StatusNotFound, map[string]any{"message": "deleted"}
		}
	})(t, right)
}

// callsAtOnce calls back before anybody could pay.
func callsAtOnce(t *testing.T, right http.Handler) http.Handler {
	return created(func(a *answer) {
		callback, _ := a.to.body["callback"].(string)
		id, _ := a.body["checkoutId"].(string)
		if a.to.body["description"] == nil && len(callback) < 300 {
			send(t, call{
				method: http.MethodPost, url: callback, kind: "application/x-www-form-urlencoded",
				body: "checkoutId=" + id,
			})
		}
	})(t, right)
}

// showsInRefusal tells strangers whose checkout it is.
func showsInRefusal(t *testing.T, right http.Handler) http.Handler {
	var mu sync.Mutex
	orders := map[any]any{}
	return answers(func(a *answer) {
		mu.Lock()
		defer mu.Unlock()
		if a.to.isCreate() && a.status == http.StatusOK {
			orders[a.body["checkoutId"]] = a.to.body["orderId"]
		}
		if order := orders[idOf(a.to.URL.Path)]; a.to.isStatus() && a.status == http.StatusNotFound && order != nil {
			a.body["message"] = order
		}
	})(t, right)
}

// counted makes a value that is another one at each answer.
func counted(status, field string) fault {
	return func(t *testing.T, right http.Handler) http.Handler {
		var mu sync.Mutex
		n := 0
		return says(status, func(a *answer) {
			mu.Lock()
			defer mu.Unlock()
			n++
			a.body[field] = strconv.Itoa(n)
		})(t, right)
	}
}

// capitals is a server that knows the documented header names in capitals only. It must see the bytes: net/http has one
// spelling for all.
type capitals struct{ net.Listener }

func (l capitals) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return capitalsConn{conn}, err
}

type capitalsConn struct{ net.Conn }

func (c capitalsConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	copy(b[:n], bytes.ReplaceAll(b[:n], []byte("x-api-"), []byte("x-xxx-")))
	return n, err
}

// serveCapitals is serve for such a server.
func serveCapitals(t *testing.T, h http.Handler) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := httptest.NewUnstartedServer(h)
	_ = s.Listener.Close() // it has one of its own
	s.Listener = capitals{listener}
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}
