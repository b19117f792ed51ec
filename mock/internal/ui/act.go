package ui

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/link"
	"github.com/payporter-mock/payporter-mock/payment"
)

// do performs the action of a form. A page without JavaScript is sent back to where it came from, and
// shows there what came of it; htmx gets the form back.
func (d *dashboard) do(_ context.Context, x *exchange) (answer, error) {
	f, err := d.sent(x)
	if err != nil {
		return answer{}, err
	}

	_ = http.NewResponseController(x.writer).SetWriteDeadline(time.Time{}) // to advance the clock takes its time
	o := &outcome{Slot: f.Slot, values: f.values(), Words: "Tick the box first: this cannot be taken back."}
	if !f.Danger || f.values().Get(confirmation) != "" {
		a := f.build(f.values())
		o = outcomeOf(f.Slot, f.values(), d.perform(x, a))
		if a.shop {
			o.Words = fmt.Sprintf("It was answered with %d.", o.Status)
		}
	}
	if x.request.Header.Get("HX-Request") == "true" {
		x.outcome = o
		return answer{template: "fault", part: "form", data: d.settled(x, f)}, nil
	}

	back, err := url.Parse(local(x.form.Get("back")))
	if err != nil {
		return answer{}, err
	}

	return answer{location: address(x.merchant.Key, strings.TrimPrefix(back.Path, Path), "outcome", d.outcomes.keep(o)) +
		"#" + f.Slot}, nil
}

// settled is the form after its action, still on the page it was sent from.
func (d *dashboard) settled(x *exchange, f form) form {
	f = d.ready(x, f)
	f.Back = local(x.form.Get("back"))
	return f
}

// curl answers the command of a form as it is being filled in.
func (d *dashboard) curl(_ context.Context, x *exchange) (answer, error) {
	f, err := d.sent(x)
	if err != nil {
		return answer{}, err
	}
	line := f.build(f.values()).curl(d.base(x.request), x.merchant.Key, d.Gate.WantsToken())
	return answer{body: []byte(line), mime: "text/plain; charset=utf-8"}, nil
}

// sent is the form that was sent, filled in.
func (d *dashboard) sent(x *exchange) (form, error) {
	// A form of the dashboard says where to go back to. The hosted page's form, which brings a callback, does not.
	if x.request.Header.Get("Sec-Fetch-Mode") == "navigate" && !x.form.Has("back") {
		return form{}, &payment.Error{Code: payment.Forbidden, Message: "Only the dashboard's own forms are taken."}
	}

	f, ok := d.formFor(x, x.param("action"), x.form)
	if !ok {
		return form{}, &payment.Error{Code: payment.NotFound, Message: "The dashboard has no such action."}
	}
	if f.Slot == "" {
		f.Slot = f.Action
	}
	for i := range f.Fields { // what is not ticked is not sent
		if f.Fields[i].Kind == "check" {
			f.Fields[i].Value = ""
		}
	}
	return f.filled(x.form), nil
}

// base is the address of the sandbox as whoever asks knows it.
func (d *dashboard) base(r *http.Request) string { return link.Base(r, d.PublicURL) }
