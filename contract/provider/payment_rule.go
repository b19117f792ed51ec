package provider

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Pages that the rules about payments stem from.
const (
	onDirect   = "documented: Direct Payment"
	onStatus   = "documented: Payment Status"
	onOptions  = "documented: Installment Options"
	onReserve  = "documented: Pre-authorization"
	onCapture  = "documented: Capture"
	onThreeD   = "documented: 3D Secure"
	onCancel   = "documented: Cancel"
	onRefund   = "documented: Refund"
	onWebhooks = "documented: Webhooks"
)

func messageOf(body []byte) *exchange.Message { return &exchange.Message{Body: body} }

// told is a rule; what is assumed is minor.
func told(id, title, source, expected, advice string, c check) row {
	severity := report.Major
	if strings.HasPrefix(source, "assumed") {
		severity = report.Minor
	}
	return row{ID: id, Title: title, Severity: severity, Source: source, Expected: expected, Advice: advice, Judge: c}
}

// critical is a rule whose breach loses money.
func critical(r row) row {
	r.Severity = report.Critical
	return r
}

func (p *probe) payments() payments { return payments{run: p.run, ctx: p.ctx} }

// served wants 200. A card of this harness need not be one of another sandbox.
func served(s source) check {
	return func(p *probe) finding {
		x, reason := s(p.payments())
		switch {
		case reason != "":
			return unjudged("%s", reason)
		case x.Answer().Status == http.StatusOK:
			return pass("200").by(x)
		case !p.run.Sandbox && x.refused():
			return unjudged("the server does not take the test card of this harness: %s", x.answered()).by(x)
		}
		return fail("%s", x.answered()).by(x)
	}
}

// looking looks at an answer that is 200.
func looking(s source, look func(x *call) finding) check {
	return func(p *probe) finding {
		x, reason := right(s)(p.payments())
		if reason != "" {
			return unjudged("%s", reason)
		}
		return look(x).by(x)
	}
}

// has wants a text of the answer.
func has(s source, field, want string) check {
	return looking(s, func(x *call) finding {
		if got, ok := x.values()[field].(string); !ok || got != want {
			return fail("%s is %q instead of %q", field, cut(got), want)
		}
		return pass("%s", want)
	})
}

// hasNot wants another value than these.
func hasNot(s source, field string, not ...string) check {
	return looking(s, func(x *call) finding {
		if got := x.text(field); slices.Contains(not, got) {
			return fail("%s is %s", field, got)
		}
		return pass("%s is %q", field, cut(x.text(field)))
	})
}

// isUUID wants an id.
func isUUID(s source, field string) check {
	return looking(s, func(x *call) finding {
		if got := x.text(field); len(got) != 36 || uuid.Validate(got) != nil {
			return fail("%s is %q, which is no UUID", field, cut(got))
		}
		return pass("a UUID")
	})
}

// echoes wants a value of what was sent for the payment.
func echoes(s, sent source, field string) check {
	return func(p *probe) finding {
		first, reason := right(sent)(p.payments())
		if reason != "" {
			return unjudged("%s", reason)
		}
		return looking(s, func(x *call) finding { return alike(x.values()[field], sentIn(first.Request.Body)[field]) })(p)
	}
}

// alike compares amounts as decimals and everything else as text.
func alike(got, want any) finding {
	left, isNumber := got.(json.Number)
	right, wantsNumber := want.(json.Number)
	switch {
	case isNumber && wantsNumber && decimal.Same(string(left), string(right)), got == want:
		return pass("%v", got)
	case got == nil:
		return fail("it is not there, want %v", want)
	}
	return fail("%q instead of %q", cut(asText(got)), cut(asText(want)))
}

func asText(value any) string {
	raw, _ := json.Marshal(value) // what was read from JSON
	return string(raw)
}

// refersTo wants the id of the payment that it is about.
func refersTo(s, parent source, field string) check {
	return func(p *probe) finding {
		id, reason := p.payments().idOf(parent)
		if reason != "" {
			return unjudged("%s", reason)
		}
		return has(s, field, id)(p)
	}
}

// isNew wants a payment of its own.
func isNew(s, parent source) check {
	return func(p *probe) finding {
		id, reason := p.payments().idOf(parent)
		if reason != "" {
			return unjudged("%s", reason)
		}
		return looking(s, func(x *call) finding {
			if got := x.text("paymentId"); got == "" || got == id {
				return fail("paymentId is %q, and the payment that it is about is %q", cut(got), id)
			}
			return pass("another paymentId")
		})(p)
	}
}

// hides wants no card in the answer beyond the masked number.
func hides(s source) check {
	return looking(s, func(x *call) finding {
		pan, _ := sentIn(x.Request.Body)["pan"].(string)
		digits := strings.NewReplacer(" ", "", "-", "").Replace(string(x.Answer().Body))
		if pan != "" && strings.Contains(digits, pan) {
			return fail("the whole card number is in the answer")
		}
		if got := x.text("pan"); len(pan) > 10 && got != pan[:6]+"******"+pan[len(pan)-4:] {
			return fail("pan is %q", cut(got))
		}
		return pass("%s", x.text("pan"))
	})
}

// formOf wants the form that the document gives the answer, save for these properties.
func formOf(s source, but ...string) check {
	return looking(s, func(x *call) finding {
		f := formBut(x, but...)
		f.shows = nil
		return f
	})
}

// declines wants 4xx for every one of these.
func declines(sources ...source) check {
	return func(p *probe) finding {
		var shows []*call
		for _, s := range sources {
			x, reason := s(p.payments())
			if reason != "" {
				return unjudged("%s", reason)
			}
			if x.Answer().Status < 400 || x.Answer().Status >= 500 {
				return fail("%s was answered with %s", x.Title, x.answered()).by(x)
			}
			shows = append(shows, x)
		}
		return pass("%s", shows[0].answered()).by(shows...)
	}
}

// locked wants 401.
func locked(sources ...source) check {
	return func(p *probe) finding {
		var shows []*call
		for _, s := range sources {
			x, reason := s(p.payments())
			if reason != "" {
				return unjudged("%s", reason)
			}
			shows = append(shows, x)
		}
		return unauthorized(shows...)
	}
}

// strangers makes a request by another merchant.
func strangers(of source) check {
	return func(p *probe) finding {
		if _, reason := p.foreign(); reason != "" {
			return unjudged("%s", reason)
		}
		return declines(changed(of, func(c payments, q *request) {
			q.title, q.key, q.secret = q.title+" by another merchant", c.run.OtherKey, c.run.OtherSecret
		}))(p)
	}
}

// unknownOf makes a request about a payment that nobody has.
func unknownOf(of source) source {
	return changed(of, func(_ payments, q *request) {
		q.title, q.path = "one about an unknown payment", q.op.PathWith(map[string]string{"paymentId": uuid.NewString()})
	})
}

// missing is a rule for each required field. first is the number of the first.
func missing(ids []string, what, page string, of source, fields ...string) []row {
	var rows []row
	for i, field := range fields {
		rows = append(rows, told(ids[i], what+" without "+field+" is refused", page+"; that the refusal is a 4XX: general "+
			"API introduction", "4xx when "+field+" is left out", "The page calls it required: refuse with 400 and name the field.",
			declines(changed(of, with(map[string]any{field: nil})))))
	}
	return rows
}
