package page

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/journal"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// useCase answers a request: a screen, a redirect, or an error.
type useCase func(ctx context.Context, x *call) (answer, error)

// call is one request on its way through the page, and what the journal will say of it.
type call struct {
	request  *http.Request
	response http.ResponseWriter
	merchant *gateway.Merchant // nil when the link belongs to nobody
	checkout payment.Checkout  // as it stands now; of a payment by the API, what is shown of its order
	payment  payment.Payment   // by the API, which the bank asks about; without an ID: the page is that of a link
	words    *words
	language string // as asked for in the address, empty when the browser's own is spoken

	threeDSecure payment.ThreeDSecure // which cards' banks ask for a code
	body         exchange.Body
	entry        store.Entry
}

// answer is a screen, or a redirect when it has a location.
type answer struct {
	status   int
	location string
	refresh  int // the browser looks again by itself after so many seconds; zero: it does not
	screen   screen
}

// serve runs a use case: find the link, act, record, answer.
func (p *page) serve(do useCase) echo.HandlerFunc {
	return func(c echo.Context) error {
		x := p.begin(c)
		a, err := do(journal.WithCause(x.request.Context(), x.entry.StartSeq), x)
		if err != nil {
			a = p.fault(x, err)
		}
		var body bytes.Buffer
		if a.location == "" {
			if err := p.write(&body, x, a.screen); err != nil {
				return err
			}
		}
		p.record(x, a.status) // first, so that whoever sees the answer finds it in the journal
		return p.send(x.response, x.words, a, body.Bytes())
	}
}

func (p *page) begin(c echo.Context) *call {
	x := &call{request: c.Request(), response: c.Response(), entry: store.Entry{Kind: store.EntryPage}}
	x.language, x.words = p.speak(x.request)
	x.threeDSecure = p.Gateway.Rules.ThreeDSecure
	id, ok := canonicalID(linked(c))
	if !ok {
		return x
	}

	m, found, err := p.Gateway.Owner(x.request.Context(), id)
	if err != nil {
		p.Log.Error("owner of a checkout not found", "checkoutId", id, "error", err.Error())
	}

	if found {
		x.merchant, x.checkout.ID = m, id
		x.entry.Time, x.entry.StartSeq = m.Clock().Now(), m.Journal().Moment()
		if c.Param(paymentID) != "" || x.at("/bank") || x.at("/bank/cancel") {
			x.entry.Kind = store.EntryBank
		}
	}

	return x
}

// linked is what stands in the path as the id of a checkout, whatever follows it.
func linked(c echo.Context) string {
	id, _, _ := strings.Cut(cmp.Or(c.Param("checkoutId"), c.Param(paymentID), c.Param("*")), "/")
	return id
}

// fault is the answer for an error. A bug is logged, and the customer is told no more than that.
func (p *page) fault(x *call, err error) answer {
	fault := &payment.Error{Code: payment.Internal}
	if !errors.As(err, &fault) {
		p.Log.Error("bug", "checkoutId", x.checkout.ID, "error", err.Error())
		x.entry.Error = err.Error()
	}

	switch fault.Code {
	case payment.NotFound:
		return say(http.StatusNotFound, x.words.UnknownLink)
	case payment.TooLarge:
		return say(http.StatusRequestEntityTooLarge, x.words.TooLarge)
	case payment.UnsupportedType:
		return say(http.StatusUnsupportedMediaType, x.words.NotAForm)
	case payment.InvalidRequest:
		return say(http.StatusBadRequest, x.words.Unreadable)
	}

	return say(http.StatusInternalServerError, x.words.Bug)
}

func (p *page) record(x *call, status int) {
	r, merchant := x.request, ""
	if m := x.merchant; m != nil {
		merchant = m.Key
		x.entry.CheckoutID, x.entry.OrderID = x.checkout.ID, x.checkout.OrderID
		x.entry.Status = string(x.checkout.Payment.Status)
		if x.payment.ID != "" {
			x.entry.CheckoutID, x.entry.PaymentID, x.entry.Status = "", x.payment.ID, string(x.payment.Status)
		}
		x.entry.End(m.Clock().Now())
		x.entry.Request = exchange.Received(r, x.body)
		x.entry.Response = &exchange.Message{Status: status}
		m.Journal().Append(&x.entry)
	}
	p.log(r, status, merchant, x.entry)
}

// log writes the line of a request. People paste card numbers anywhere, so the path is masked too.
func (p *page) log(r *http.Request, status int, merchant string, e store.Entry) {
	p.Log.LogAttrs(r.Context(), slog.LevelInfo, "request",
		slog.String("method", r.Method), slog.String("path", payment.MaskSecrets(r.URL.Path)), slog.Int("status", status),
		slog.String("merchant", merchant), slog.String("checkoutId", e.CheckoutID),
		slog.String("orderId", payment.MaskSecrets(e.OrderID)), slog.String("paymentStatus", e.Status))
}

// send writes the answer.
func (p *page) send(w http.ResponseWriter, spoken *words, a answer, body []byte) error {
	h := w.Header()
	p.guard(h, a.screen.Back)
	h.Set("Cache-Control", "no-store")
	if a.refresh > 0 {
		h.Set("Refresh", strconv.Itoa(a.refresh))
	}

	if a.location != "" {
		h.Set("Location", a.location)
		w.WriteHeader(a.status)
		return nil
	}

	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", spoken.Code)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	_, err := w.Write(body)
	return err
}

// guard sets the headers that every answer carries; back is the way to the shop, nil on a page that has none.
func (p *page) guard(h http.Header, back *backToShop) {
	h.Set("Content-Security-Policy", p.policy(back))
	h.Set("X-Content-Type-Options", "nosniff")
	if len(p.FrameAncestors) == 0 { // it knows no list: where there is one, the policy alone says who may
		h.Set("X-Frame-Options", "DENY")
	}
	// A form of a page without a referrer is sent with "Origin: null", which shops refuse. The origin alone is what an
	// allow list needs; the link, which whoever has it can pay, stays here.
	h.Set("Referrer-Policy", "origin")
}
