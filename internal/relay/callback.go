package relay

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// callbackPath is where PayPorter calls back: the number of a target follows.
const callbackPath = "/_relay/"

// target is the callback URL of one request.
type target struct {
	url   string
	watch func(*Call) Passage
}

// mostTargets bounds how many callback URLs are known at a time.
const mostTargets = 100_000

// redirected is a body whose callback passes the relay. A callback that is no absolute URL stays as it is.
func (r *Relay) redirected(body []byte, p Passage) []byte {
	var callback string
	from, to := valueIn(body, "callback")
	if json.Unmarshal(body[from:to], &callback) != nil || !AbsoluteURL(callback) {
		return body
	}

	relayed := strconv.Quote(r.BaseURL + callbackPath + r.Token + strconv.Itoa(r.numberOf(callback, p)))
	return slices.Concat(body[:from], []byte(relayed), body[to:])
}

// valueIn is where the value of a property of a JSON object begins and ends; both are zero where there is none. Of
// several properties with the name the last one counts, as for most who read JSON. Others within it do not.
func valueIn(body []byte, name string) (from, to int) {
	d := json.NewDecoder(bytes.NewReader(body))
	if first, _ := d.Token(); first != json.Delim('{') || !json.Valid(body) {
		return 0, 0
	}

	for d.More() {
		key, _ := d.Token() // the body is valid
		var value json.RawMessage
		_ = d.Decode(&value)
		if key == name {
			to = int(d.InputOffset())
			from = to - len(value)
		}
	}
	return from, to
}

// numberOf is the number of the callback URL.
func (r *Relay) numberOf(callback string, p Passage) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if number, known := r.shared[callback]; known && p.Shared {
		return number
	}

	number := r.dropped + len(r.targets)
	r.targets = append(r.targets, target{callback, p.Callback})
	if p.Shared {
		if r.shared == nil {
			r.shared = map[string]int{}
		}
		r.shared[callback] = number
	}
	r.boundLocked()
	return number
}

// boundLocked drops the older half of too many targets.
func (r *Relay) boundLocked() {
	if len(r.targets) <= mostTargets {
		return
	}
	r.dropped += mostTargets / 2
	r.targets = slices.Clone(r.targets[mostTargets/2:])
	maps.DeleteFunc(r.shared, func(_ string, number int) bool { return number < r.dropped })
}

// AbsoluteURL reports whether a text is the address of something that can be called over HTTP.
func AbsoluteURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// target is the one of a number as the path has it, behind the token.
func (r *Relay) target(numbered string) (target, bool) {
	number, ours := strings.CutPrefix(numbered, r.Token)
	n, err := strconv.Atoi(number)
	r.mu.Lock()
	defer r.mu.Unlock()
	n -= r.dropped
	if !ours || err != nil || n < 0 || n >= len(r.targets) {
		return target{}, false
	}
	return r.targets[n], true
}

// callback passes a callback on to the shop, and the shop's answer back.
func (r *Relay) callback(w http.ResponseWriter, req *http.Request, number string) {
	to, ok := r.target(number)
	if !ok {
		http.NotFound(w, req)
		return
	}
	r.PassBack(w, req, to.url, to.watch)
}

// PassBack passes on what PayPorter says to a shop at an address, and the shop's answer back. Watch is told of it.
func (r *Relay) PassBack(w http.ResponseWriter, req *http.Request, address string, watch func(*Call) Passage) {
	c := &Call{Exchange: exchange.Exchange{
		From: PayPorter, To: Merchant, Title: "callback", Request: &exchange.Message{
			Method: req.Method, URL: WithQuery(address, req.URL.RawQuery), Headers: req.Header.Clone(), Body: read(req.Body),
		},
	}}
	p := watch(c)

	answer, err := r.send(req, c.Request)
	p.End(answer, err)
	if err != nil {
		panic(http.ErrAbortHandler) // PayPorter gets no answer either
	}

	for _, name := range []string{"Content-Type", "Location"} {
		if value := answer.Header(name); value != "" {
			w.Header().Set(name, value)
		}
	}
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body)
}

// hops are the headers that are about one connection alone, or that a client sets by itself.
var hops = []string{
	"Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Content-Length",
	"Accept-Encoding",
}

// send makes the request for PayPorter.
func (r *Relay) send(came *http.Request, m *exchange.Message) (exchange.Message, error) {
	req, err := http.NewRequestWithContext(came.Context(), m.Method, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return exchange.Message{}, err
	}
	for name, values := range m.Headers {
		if !slices.Contains(hops, name) {
			req.Header[name] = values
		}
	}
	return exchange.Do(r.Shops, req, mostRead)
}

// WithQuery adds to the query of a URL.
func WithQuery(target, query string) string {
	u, err := url.Parse(target)
	if err != nil || query == "" {
		return target
	}
	if u.RawQuery != "" {
		query = u.RawQuery + "&" + query
	}
	u.RawQuery = query
	return u.String()
}
