package ui

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// action is a call of the control API: what is performed, and what is shown as curl. There is no other
// way in which the dashboard changes anything.
type action struct {
	method string
	path   string     // under /_mock/, escaped
	query  url.Values // besides the merchant
	mime   string     // of the body; empty: there is none
	body   []byte
	clear  bool // the body may show numbers of cards: they are those of test cards

	// It is a request of a shop that is made again, not a call of the control API.
	shop        bool
	headers     [][2]string    // names and values
	key         string         // X-API-KEY; empty: it is made to a shop
	secret      payment.Secret // X-API-SECRET
	secretShown bool           // the secret is the one that everybody knows
}

func call(method string, path ...string) action {
	for i, part := range path {
		path[i] = url.PathEscape(part)
	}
	return action{method: method, path: "/_mock/" + strings.Join(path, "/"), query: url.Values{}}
}

// with gives the action a body of JSON; what is empty or zero is left out.
func (a action) with(fields ...property) action {
	var body bytes.Buffer
	for _, f := range fields {
		if f.value == "" {
			continue
		}
		if body.Len() > 0 {
			body.WriteString(", ")
		}
		name, _ := json.Marshal(f.name) // texts and numbers always marshal
		body.Write(name)
		body.WriteString(": ")
		body.Write(asJSON(f.value))
	}

	a.mime, a.body = "application/json", []byte("{"+body.String()+"}")
	return a
}

// property is a property of a JSON body, in its order.
type property struct {
	name  string
	value any
}

func asJSON(value any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // it is for a shell to read
	_ = encoder.Encode(value)
	return bytes.TrimSpace(out.Bytes())
}

// target is the path and query of the action on a merchant.
func (a action) target(merchant string) string {
	if a.shop {
		return a.path
	}
	q := url.Values{"merchant": {merchant}}
	for name, values := range a.query {
		q[name] = values
	}
	return a.path + "?" + q.Encode()
}

// tokenVariable is where the shown curl takes the admin token from: it is never shown itself.
const tokenVariable = "PAYPORTER_MOCK_ADMIN_TOKEN"

// curl is the command that does the same.
func (a action) curl(base, merchant string, token bool) string {
	line := "curl -X " + a.method + " " + quoted(base+a.target(merchant))
	if token {
		line += " \\\n  -H \"Authorization: Bearer $" + tokenVariable + "\""
	}

	for _, header := range a.shopHeaders() {
		line += " \\\n  -H " + header
	}
	if a.shop && len(a.body) > 0 {
		line += " \\\n  --data-raw " + quoted(payment.MaskSecrets(string(a.body)))
	}
	if a.mime != "" {
		body := string(a.body)
		if !a.clear {
			body = payment.MaskSecrets(body)
		}
		line += " \\\n  -H " + quoted("Content-Type: "+a.mime) + " \\\n  --data-raw " + quoted(body)
	}
	return line
}

// quoted is a text as one word of a shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// perform has the control API do it, as if the call had come over the network.
func (d *dashboard) perform(x *exchange, a action) recorded {
	w := recorded{header: http.Header{}}
	req, err := http.NewRequestWithContext(x.request.Context(), a.method, a.target(x.merchant.Key),
		bytes.NewReader(a.body))
	if err != nil {
		w.status, w.body = http.StatusBadRequest, []byte(`{"message":"this cannot be sent"}`)
		return w
	}

	req.Host, req.RemoteAddr = x.request.Host, x.request.RemoteAddr
	if a.mime != "" {
		req.Header.Set("Content-Type", a.mime)
	}
	for _, h := range a.headers {
		req.Header.Add(h[0], h[1])
	}
	if a.key != "" {
		req.Header.Set("X-API-KEY", a.key)
		req.Header.Set("X-API-SECRET", a.secret.Reveal())
	}
	if d.Gate.WantsToken() && !a.shop {
		req.Header.Set("Authorization", "Bearer "+d.AdminToken.Reveal())
	}

	d.Control.ServeHTTP(&w, req)
	return w
}

// recorded is an answer of the control API.
type recorded struct {
	header http.Header
	status int
	body   []byte
}

func (r *recorded) Header() http.Header { return r.header }

func (r *recorded) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorded) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	r.body = append(r.body, p...)
	return len(p), nil
}

// number reads a whole number from a form; what is none goes as it is, for the control API to complain of.
func number(s string) any {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil {
		return n
	}
	return s
}
