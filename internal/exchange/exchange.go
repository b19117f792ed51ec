package exchange

import (
	"io"
	"net/http"
	"time"
)

// Exchange is a request and its answer, between two of those who take part.
type Exchange struct {
	From      string    `json:"from"` // merchant, payporter, customer, bank, attacker, client or harness
	To        string    `json:"to"`
	At        time.Time `json:"at"` // when it began
	LatencyMS float64   `json:"latencyMs"`
	Title     string    `json:"title"` // what it was, such as callback
	Note      string    `json:"note,omitempty"`
	Request   *Message  `json:"request,omitempty"`
	Response  *Message  `json:"response,omitempty"` // nil: none came
	Error     string    `json:"error,omitempty"`    // why none came
}

// Answer is what came back; its status is zero when nothing did.
func (x Exchange) Answer() Message {
	if x.Response == nil {
		return Message{}
	}
	return *x.Response
}

// Took is the time until the answer, or until it was clear that none comes.
func (x Exchange) Took() time.Duration { return time.Duration(x.LatencyMS * float64(time.Millisecond)) }

// Millis is a time in milliseconds, to the microsecond.
func Millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Sent is a request that is about to be sent, in clear.
func Sent(req *http.Request, body []byte) *Message {
	return &Message{Method: req.Method, URL: req.URL.String(), Headers: req.Header.Clone(), Body: body}
}

// Do sends a request and reads the answer, at most so many bytes of its body. An answer that breaks off is an error,
// and comes as far as it got.
func Do(client *http.Client, req *http.Request, most int64) (Message, error) {
	res, err := client.Do(req)
	if err != nil {
		return Message{}, err
	}
	defer res.Body.Close()

	body, err := io.ReadAll(io.LimitReader(res.Body, most))
	return Message{Status: res.StatusCode, Headers: res.Header, Body: body}, err
}
