package ui

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/payporter-mock/payporter-mock/mock/internal/control"
	"github.com/payporter-mock/payporter-mock/payment"
)

// refusal is what the control API says of filters that it does not take; empty: it takes them. A wrong filter must not
// be no filter, here as there.
func refusal(operation string, filters url.Values) string {
	for name := range filters {
		if filters.Get(name) == "" {
			filters.Del(name) // a field that is left empty
		}
	}

	err := control.CheckFilters(operation, filters)
	var told *payment.Error
	if errors.As(err, &told) {
		return told.Message
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// refused is a list whose filters are not taken. The part of a page that is brought up to date is not a fault by
// itself: a filter is wrong while it is being typed.
func (x *exchange) refused(template, title string, data any) answer {
	a := x.page(template, title, data)
	if !x.live() {
		a.status = http.StatusBadRequest
	}
	return a
}
