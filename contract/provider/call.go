package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/payment"
)

// call is one request with its answer, or a callback with what was answered to it.
type call struct {
	exchange.Exchange
	op    *openapi.Operation // nil: none of the document's
	err   error
	begun bool // an answer came, whole or not

	order string // of a callback: whose address it came to
	taken bool   // of a callback: what follows its arrival is done; the receiver's lock guards it
}

// answered says in a few words what came back.
func (x *call) answered() string {
	if x.err != nil {
		return "no answer: " + plainError(x.err).Error()
	}
	said := strconv.Itoa(x.Answer().Status)
	if x.Answer().Status >= 300 {
		if message, ok := x.values()["message"].(string); ok {
			said += fmt.Sprintf(" (%s)", cut(message))
		}
	}
	return said
}

// values is the body as a JSON object, nil if it is none.
func (x *call) values() map[string]any {
	decoder := json.NewDecoder(bytes.NewReader(x.Answer().Body))
	decoder.UseNumber()
	var values map[string]any
	if decoder.Decode(&values) != nil {
		return nil
	}
	return values
}

// text is a property of the body that is text, else empty.
func (x *call) text(name string) string {
	value, _ := x.values()[name].(string)
	return value
}

// number is a property of the body that is a number.
func (x *call) number(name string) (json.Number, bool) {
	n, ok := x.values()[name].(json.Number)
	return n, ok
}

// isJSON says whether the Content-Type header says so.
func (x *call) isJSON() bool {
	mediaType, _, err := mime.ParseMediaType(x.Answer().Header("Content-Type"))
	return err == nil && (mediaType == "application/json" || strings.HasSuffix(mediaType, "+json"))
}

// faults is how the answer breaks the description of its operation, as if its headers were right: they have rules of
// their own.
func (x *call) faults() []openapi.Violation {
	if x.op == nil || x.err != nil {
		return nil
	}
	return x.op.CheckAnswer(x.Answer().Status, http.Header{"Content-Type": {"application/json"}, "Retry-After": {"1"}},
		x.Answer().Body)
}

// refused reports whether the request was refused for what it says. Credentials, unknown addresses and too many
// requests are other reasons.
func (x *call) refused() bool {
	switch x.Answer().Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
		http.StatusTooManyRequests:
		return false
	}
	return x.Answer().Status >= 400 && x.Answer().Status < 500
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
func (r *run) exchanges(shows []*call) []exchange.Exchange {
	list := []exchange.Exchange{}
	for _, x := range shows {
		if x != nil {
			list = append(list, r.shown(x))
		}
	}
	return list
}

func (r *run) shown(x *call) exchange.Exchange {
	shown := x.Exchange
	shown.At, shown.Request, shown.Response = x.At.UTC(), r.brief(*x.Request), nil
	if x.Answer().Status != 0 {
		shown.Response = r.brief(x.Answer())
	}
	if x.err != nil {
		shown.Error = r.mask.Text(plainError(x.err).Error())
	}
	return shown
}

// brief is a message as the report shows it. Its key is masked, even when it is nobody's.
func (r *run) brief(m exchange.Message) *exchange.Message {
	m.Body = bytes.ToValidUTF8(m.Body, []byte("?"))
	shown := r.mask.Brief(m)
	for name := range shown.Headers {
		if http.CanonicalHeaderKey(name) == "X-Api-Key" {
			shown.Headers[name] = []string{payment.Masked}
		}
	}
	return shown
}

func cut(s string) string {
	const most = 120
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return s
}
