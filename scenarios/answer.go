package scenarios

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/yamlfile"
)

// Fault is a way in which an answer fails on the wire.
type Fault string

// The faults.
const (
	Reset     Fault = "reset"     // the connection is reset before the answer
	Empty     Fault = "empty"     // the connection is closed before the answer
	Truncate  Fault = "truncate"  // the answer ends in its middle
	Malformed Fault = "malformed" // the answer's body is not JSON
	Drip      Fault = "drip"      // the whole answer arrives, byte by byte
)

// Respond is an answer in place of the real one.
type Respond struct {
	Status      int           // 200 to 599
	Body        []byte        // nil: the sandbox's own for this status
	ContentType string        // of Body
	RetryAfter  time.Duration // the header Retry-After, whole seconds; zero: none
	MessageCode string        // of the sandbox's own body; empty: what goes with the status
}

// Delay is how long something waits: between Min and Max, which are equal unless it is random.
type Delay struct{ Min, Max time.Duration }

// At is the delay at a fraction of its range, from 0 to 1; a random one comes of a random fraction.
func (d Delay) At(fraction float64) time.Duration {
	return d.Min + time.Duration(fraction*float64(d.Max-d.Min))
}

// wireFault reads a fault.
func (r *reader) wireFault(v value) Fault {
	return choice(r, v, Reset, Empty, Truncate, Malformed, Drip)
}

// respond reads an answer in place of the real one, and for how many requests it is; zero is for
// all of them.
func (r *reader) respond(v value) (answer *Respond, times int) {
	answer = &Respond{}
	g := r.mapping(v, keys{
		"status":     func(v value) { answer.Status = r.whole(v, 200, 599) },
		"body":       func(v value) { answer.Body, answer.ContentType = r.body(v) },
		"retryAfter": func(v value) { answer.RetryAfter = r.seconds(v) },
		"times":      func(v value) { times = r.whole(v, 1, manyTimes) },

		"messageCode": func(v value) { answer.MessageCode, _ = r.text(v) },
	})
	switch {
	case g.has("messageCode", "body"):
		r.fault(g["messageCode"], v.path+" cannot have both body and messageCode, which is in the sandbox's own body", "")
	case g.has("messageCode", "status") && answer.Status < http.StatusBadRequest:
		r.fault(g["messageCode"], v.path+".messageCode says nothing with a status below 400", "")
	case !g.has("status") && isMapping(v.node):
		r.fault(v.place, v.path+" needs a status", "")
	case g.has("body") && bodiless(answer.Status):
		r.fault(g["body"], v.path+".body: an answer with this status has no body", "")
	}
	return answer, times
}

func bodiless(status int) bool {
	return status == http.StatusNoContent || status == http.StatusNotModified
}

// body reads what is answered: a text as it is, anything else as JSON.
func (r *reader) body(v value) (text []byte, contentType string) {
	if !yamlfile.IsText(v.node) {
		return r.json(v), "application/json"
	}

	text = []byte(v.node.Value)
	start := bytes.TrimSpace(text)
	switch {
	case json.Valid(text):
		return text, "application/json"
	case bytes.HasPrefix(start, []byte("<")):
		return text, "text/html; charset=utf-8"
	}
	return text, "text/plain; charset=utf-8"
}

// seconds reads a duration as the header Retry-After can say it.
func (r *reader) seconds(v value) time.Duration {
	d := r.duration(v)
	if d%time.Second != 0 {
		r.fault(v.place, v.path+" must be whole seconds, got "+v.node.Value, "")
	}
	return d
}

// times is how often an answer is given: it may be said within respond or beside it, once.
func (r *reader) times(g given, path string, outer, inner int) int {
	if outer > 0 && inner > 0 {
		r.fault(g["times"], path+".times is given twice", "leave it out here or in "+path+".respond")
	}
	return max(outer, inner)
}

// oneAnswer refuses two answers to one request.
func (r *reader) oneAnswer(g given, path string) {
	if g.has("respond", "fault") {
		r.fault(g["fault"], path+" cannot have both respond and fault", "")
	}
}
