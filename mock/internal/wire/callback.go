package wire

import (
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/payment"
)

// NameCallbackFaults says what exactly is wrong with a callback URL that the document's pattern refuses, where that can
// be said: a pattern knows no reasons. field is the name of the property, and values is what was sent.
func NameCallbackFaults(faults []openapi.Violation, field string, values map[string]any) {
	callback, _ := values[field].(string)
	why := payment.CheckCallback(callback)
	if why == "" || why == payment.NotAbsolute {
		return // the document says as much
	}
	for i := range faults {
		if faults[i].Field == field && faults[i].Rule == "pattern" {
			faults[i].Message = why
		}
	}
}
