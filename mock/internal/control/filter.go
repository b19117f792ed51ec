package control

import (
	"net/http"
	"net/url"

	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
)

// CheckFilters is what the named operation answers to the filters in its query that it does not take, as a
// payment.Error; nil: it takes them all. It is for who shows the same lists elsewhere.
func CheckFilters(operation string, filters url.Values) error {
	document, err := described()
	if err != nil {
		return err
	}
	op, ok := document.Operation(operation)
	if !ok {
		return nil
	}

	r := &http.Request{Method: op.Method, URL: &url.URL{Path: op.Path, RawQuery: filters.Encode()}, Header: http.Header{}}
	if faults := paramFaults(r, &call{}, op); len(faults) > 0 {
		return wire.Invalid(faults)
	}
	return nil
}
