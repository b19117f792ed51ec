package scenarios

import (
	"time"

	"github.com/payporter-mock/payporter-mock/internal/yamlfile"
)

// Webhook is how the merchant is told what became of a payment.
type Webhook struct {
	Retry      *Retry    // nil: as the sandbox is set
	Deliveries []Telling // empty: one, at once
	Lost       bool      // nothing is sent
}

// Telling is one webhook, or several alike.
type Telling struct {
	After        time.Duration // after the payment's result
	Count        int           // how often; at least 1
	Concurrently bool          // all at the same time, rather than one after the other
	Signature    Signature     // empty: the right one
	RequestTime  time.Duration // what x-request-time is off by; the signature is made with it
	EventID      EventID       // empty: same
	EventType    string        // empty: payment.status_changed
	Fields       Fields        // laid over the body, before it is signed
}

// Signature is what stands where a webhook's signature belongs.
type Signature string

// The signatures that are not right.
const (
	WrongSignature   Signature = "wrong"   // made with another secret
	MissingSignature Signature = "missing" // none at all
)

// EventID is which event a webhook says it is of.
type EventID string

// The event ids.
const (
	SameEvent EventID = "same" // of the one event, as a webhook that is sent again
	NewEvent  EventID = "new"  // of one of its own
)

// webhook reads how the merchant is told what became of a payment.
func (r *reader) webhook(v value) *Webhook {
	var w Webhook
	g := r.mapping(v, keys{
		"retry":      func(v value) { w.Retry = r.retry(v) },
		"via":        func(v value) { w.Lost = choice(r, v, ViaServer, ViaNone) == ViaNone },
		"deliveries": func(v value) { w.Deliveries = r.tellings(v) },
	})
	if w.Lost {
		for _, key := range []string{"deliveries", "retry"} {
			if g.has(key) {
				r.fault(g[key], "webhook."+key+" cannot go with via none", "")
			}
		}
	}
	return &w
}

func (r *reader) tellings(v value) []Telling {
	var all []Telling
	sum := 0
	for _, one := range r.list(v) {
		t := r.telling(one)
		all = append(all, t)
		sum += t.Count
	}

	if sum > mostDeliveries {
		r.fault(v.place, v.path+" must be at most 100 in all", "")
	}
	return all
}

func (r *reader) telling(v value) Telling {
	t := Telling{Count: 1}
	g := r.mapping(v, keys{
		"after":        func(v value) { t.After = r.duration(v) },
		"count":        func(v value) { t.Count = r.whole(v, 1, mostDeliveries) },
		"concurrently": func(v value) { t.Concurrently = r.truth(v) },
		"signature":    func(v value) { t.Signature = choice(r, v, WrongSignature, MissingSignature) },
		"requestTime":  func(v value) { t.RequestTime = r.shift(v) },
		"eventId":      func(v value) { t.EventID = choice(r, v, SameEvent, NewEvent) },
		"eventType":    func(v value) { t.EventType = r.eventType(v) },
		"fields":       func(v value) { t.Fields = r.fields(v) },
	})
	if t.Concurrently && t.Count < 2 {
		r.fault(g["concurrently"], v.path+": concurrently needs a count of at least 2", "")
	}

	return t
}

// shift reads a duration that may be negative.
func (r *reader) shift(v value) time.Duration {
	d, err := time.ParseDuration(v.node.Value)
	if !yamlfile.IsText(v.node) || err != nil {
		r.want(v, "a duration such as -10m or 5s", "")
	}
	return d
}

// eventType reads what can stand in a header.
func (r *reader) eventType(v value) string {
	s, ok := r.text(v)
	if ok && (len(s) == 0 || len(s) > 100 || !visible(s)) {
		r.want(v, "1 to 100 visible ASCII characters such as payment.created", "")
	}
	return s
}

func visible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
