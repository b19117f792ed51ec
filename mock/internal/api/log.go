package api

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// shownPath is the path as the log shows it. That of an operation without parameters tells nothing.
func (x *call) shownPath() string {
	if x.op != nil && x.op.Path == x.request.URL.Path {
		return x.op.Path
	}
	return payment.MaskSecrets(x.request.URL.Path)
}

// log says one line about the exchange, whose entry has been masked. It makes the record by itself: slog's own way
// looks up who called it, which no line shows.
func (a *api) log(x *call, merchant string, status int) {
	ctx := x.request.Context()
	if !a.Log.Enabled(ctx, slog.LevelInfo) {
		return
	}

	all := append(make([]slog.Attr, 0, 11),
		slog.String("method", x.request.Method), slog.String("path", x.shownPath()), slog.Int("status", status),
		slog.Float64("latencyMs", x.entry.LatencyMS), slog.String("merchant", merchant), x.about(),
		slog.String("orderId", x.entry.OrderID))
	for _, a := range [...]slog.Attr{
		slog.String("paymentStatus", x.entry.Status), slog.String("scenario", x.entry.Scenario),
		slog.String("reason", x.reason()), slog.String("requestId", x.requestID),
	} {
		if a.Value.String() != "" {
			all = append(all, a)
		}
	}

	line := slog.NewRecord(clock.Wall(), slog.LevelInfo, "request", 0)
	line.AddAttrs(all...)                 // at once, so that there is one allocation
	_ = a.Log.Handler().Handle(ctx, line) // as slog does: nobody is left to be told
}

// mostReasons is how many faults the line of a request names.
const mostReasons = 3

// reason says why the request was refused, or with what it was taken all the same: each faulty field, and what is wrong
// with it.
func (x *call) reason() string {
	if x.refusal == nil && len(x.entry.Warnings) == 0 {
		return ""
	}

	all := slices.Clip(x.entry.Warnings) // the journal has them
	var fault *payment.Error
	switch {
	case errors.As(x.refusal, &fault) && len(fault.Fields) > 0:
		for _, f := range fault.Fields {
			all = append(all, f.Field+": "+f.Message)
		}
	case x.refusal != nil:
		all = append(all, x.refusal.Error())
	}

	if more := len(all) - mostReasons; more > 0 {
		all = append(all[:mostReasons:mostReasons], fmt.Sprintf("and %d more", more))
	}
	return payment.MaskSecrets(strings.Join(all, "; "))
}

// about is what the log names of the exchange: its payment, if it has one, else its checkout.
func (x *call) about() slog.Attr {
	if x.entry.PaymentID != "" {
		return slog.String("paymentId", x.entry.PaymentID)
	}
	return slog.String("checkoutId", x.entry.CheckoutID)
}
