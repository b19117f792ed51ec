package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// exchange is one request with its answer, or a callback with what was answered to it.
type exchange struct {
	title     string
	op        *openapi.Operation // nil: none of the document's
	callback  bool
	at        time.Time
	took      time.Duration
	method    string
	url       string
	reqHeader http.Header
	reqBody   []byte

	status int // 0: no answer
	header http.Header
	body   []byte
	err    error
}

// answered says in a few words what came back.
func (x *exchange) answered() string {
	if x.err != nil {
		return "no answer: " + plainError(x.err).Error()
	}
	said := fmt.Sprintf("%d", x.status)
	if x.status >= 300 {
		if message, ok := x.values()["message"].(string); ok {
			said += fmt.Sprintf(" (%s)", cut(message))
		}
	}
	return said
}

// values is the body as a JSON object, nil if it is none.
func (x *exchange) values() map[string]any {
	decoder := json.NewDecoder(bytes.NewReader(x.body))
	decoder.UseNumber()
	var values map[string]any
	if decoder.Decode(&values) != nil {
		return nil
	}
	return values
}

// text is a property of the body that is text, else empty.
func (x *exchange) text(name string) string {
	value, _ := x.values()[name].(string)
	return value
}

// number is a property of the body that is a number.
func (x *exchange) number(name string) (json.Number, bool) {
	n, ok := x.values()[name].(json.Number)
	return n, ok
}

// isJSON says whether the Content-Type header says so.
func (x *exchange) isJSON() bool {
	mediaType, _, err := mime.ParseMediaType(x.header.Get("Content-Type"))
	return err == nil && (mediaType == "application/json" || strings.HasSuffix(mediaType, "+json"))
}

// faults is how the answer breaks the description of its operation, as if its headers were right: they have rules of
// their own.
func (x *exchange) faults() []openapi.Violation {
	if x.op == nil || x.err != nil {
		return nil
	}
	return x.op.CheckAnswer(x.status, http.Header{"Content-Type": {"application/json"}, "Retry-After": {"1"}}, x.body)
}

// refused reports whether the request was refused for what it says. Credentials, unknown addresses and too many
// requests are other reasons.
func (x *exchange) refused() bool {
	switch x.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusTooManyRequests:
		return false
	}
	return x.status >= 400 && x.status < 500
}

// plainError says why there was no answer, without the URL.
func plainError(err error) error {
	var wrapped *url.Error
	switch {
	case timedOut(err):
		return errors.New("nothing came in time")
	case errors.As(err, &wrapped):
		return wrapped.Err
	}
	return err
}

func timedOut(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// exchanges is what the report shows.
func (r *run) exchanges(shows []*exchange) []report.Exchange {
	list := []report.Exchange{}
	for _, x := range shows {
		if x != nil {
			list = append(list, r.shown(x))
		}
	}
	return list
}

func (r *run) shown(x *exchange) report.Exchange {
	e := report.Exchange{
		From: "harness", To: "payporter", At: x.at.UTC(), LatencyMS: float64(x.took.Microseconds()) / 1000, Title: x.title,
		Request: &report.Message{Method: x.method, URL: r.mask.text(x.url), Headers: r.mask.headers(x.reqHeader), Body: r.mask.body(x.reqBody)},
	}
	if x.callback {
		e.From, e.To = "payporter", "harness"
	}
	if x.status != 0 {
		e.Response = &report.Message{Status: x.status, Headers: r.mask.headers(x.header), Body: r.mask.body(x.body)}
	}
	if x.err != nil {
		e.Error = r.mask.text(plainError(x.err).Error())
	}
	return e
}

func cut(s string) string {
	const most = 120
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return s
}

// largestAnswer bounds what is read of an answer.
const largestAnswer = 1 << 20

func readAnswer(res *http.Response) ([]byte, error) {
	defer res.Body.Close()
	return io.ReadAll(io.LimitReader(res.Body, largestAnswer))
}
