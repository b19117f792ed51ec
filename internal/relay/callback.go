package relay

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// callbackPath is where PayPorter calls back: the number of a target follows.
const callbackPath = "/_relay/"

// target is the callback URL of one request.
type target struct {
	url   string
	watch func(*Call) Passage
}

// redirected is a body whose callback passes the relay. A callback that is no absolute URL stays as it is.
func (r *Relay) redirected(body []byte, watch func(*Call) Passage) []byte {
	var sent struct {
		Callback json.RawMessage `json:"callback"`
	}
	var callback string
	if json.Unmarshal(body, &sent) != nil || json.Unmarshal(sent.Callback, &callback) != nil || !AbsoluteURL(callback) {
		return body
	}
	at := bytes.Index(body, []byte(`"callback"`))
	if at < 0 {
		return body
	}

	r.mu.Lock()
	r.targets = append(r.targets, target{callback, watch})
	relayed := strconv.Quote(r.BaseURL + callbackPath + strconv.Itoa(len(r.targets)-1))
	r.mu.Unlock()
	return append(bytes.Clone(body[:at]), bytes.Replace(body[at:], sent.Callback, []byte(relayed), 1)...)
}

// AbsoluteURL reports whether a text is the address of something that can be called over HTTP.
func AbsoluteURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// target is the one of a number as the path has it.
func (r *Relay) target(number string) (target, bool) {
	n, err := strconv.Atoi(number)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil || n < 0 || n >= len(r.targets) {
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
	c := &Call{Exchange: exchange.Exchange{
		From: PayPorter, To: Merchant, Title: "callback", Request: &exchange.Message{
			Method: req.Method, URL: WithQuery(to.url, req.URL.RawQuery), Headers: req.Header.Clone(), Body: read(req.Body),
		},
	}}
	p := to.watch(c)

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

// send makes the request for PayPorter.
func (r *Relay) send(came *http.Request, m *exchange.Message) (exchange.Message, error) {
	req, err := http.NewRequestWithContext(came.Context(), m.Method, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return exchange.Message{}, err
	}
	for _, name := range []string{"Content-Type", "User-Agent"} {
		if value := m.Header(name); value != "" {
			req.Header.Set(name, value)
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
