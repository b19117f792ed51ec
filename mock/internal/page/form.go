package page

import (
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/payment"
)

// maxForm bounds the body of a POST, in bytes. A filled-in form has about 200.
const maxForm = 16 << 10

// The names of the fields, as in the form and in payment.FieldError.
const (
	fieldPAN          = "pan"
	fieldHolder       = "cardHolderName"
	fieldExpiry       = "expiry"
	fieldCVV          = "cvv"
	fieldInstallments = "installmentCount"
)

// form is what a customer typed. The number and the CVV never leave it but as a try to pay.
type form struct {
	number       payment.Secret
	holder       string
	expiry       string
	cvv          payment.Secret
	installments string
	misplaced    []string // fields emptied because a card number stood where it would be shown again
	ofTestCard   bool     // filled in by the page itself, so that all of it may be shown
}

// readValues takes the body of a POST. One that is not a form, too long, or broken is an
// *payment.Error with code UnsupportedType, TooLarge or InvalidRequest.
func readValues(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	contentType, err := wire.Header(r, "Content-Type")
	if err != nil {
		return nil, err
	}

	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, &payment.Error{Code: payment.UnsupportedType, Message: "the body must be a form"}
	}
	body, err := wire.Read(w, r, maxForm)
	if err != nil {
		return nil, err
	}
	values, err := url.ParseQuery(string(body))
	if err != nil { // its words would quote the body
		return nil, &payment.Error{Code: payment.InvalidRequest, Message: "the form cannot be read"}
	}

	return values, nil
}

func formOf(values url.Values) form {
	f := form{
		number: payment.Secret(tidy(values.Get(fieldPAN))), holder: tidy(values.Get(fieldHolder)),
		expiry: tidy(values.Get(fieldExpiry)), cvv: payment.Secret(tidy(values.Get(fieldCVV))),
		installments: tidy(values.Get(fieldInstallments)),
	}
	for name, shown := range map[string]*string{
		fieldHolder: &f.holder, fieldExpiry: &f.expiry, fieldInstallments: &f.installments,
	} {
		if couldHoldCard(*shown) {
			*shown, f.misplaced = "", append(f.misplaced, name)
		}
	}
	return f
}

// tidy takes out what nobody types: broken UTF-8, control characters, spaces at the ends and in rows.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// couldHoldCard reports whether a text has as many digits as a card number. Customers slip into the
// wrong field, and what stands there is shown and recorded.
func couldHoldCard(s string) bool {
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits >= 12
}

// try is the attempt to pay that the form stands for. What cannot be read becomes a value that is
// never valid, so that the gateway finds it together with all other faults.
func (f form) try() gateway.Try {
	pan, _ := payment.ParsePAN(f.number.Reveal())
	month, year := payment.ParseExpiry(withSlash(f.expiry))
	return gateway.Try{
		Card: payment.Card{
			PAN: pan, Holder: f.holder, ExpiryMonth: month, ExpiryYear: year, CVV: f.cvv,
		},
		InstallmentCount: f.installmentCount(), Present: true,
	}
}

// withSlash lets a customer leave the slash out: the numeric keyboard of some phones has none.
func withSlash(expiry string) string {
	if _, err := strconv.ParseUint(expiry, 10, 32); err != nil || len(expiry) != 4 {
		return expiry
	}
	return expiry[:2] + "/" + expiry[2:]
}

// installmentCount is one when the form offered no choice.
func (f form) installmentCount() int {
	if f.installments == "" && !slices.Contains(f.misplaced, fieldInstallments) {
		return 1
	}
	n, err := strconv.Atoi(f.installments)
	if err != nil || n < 1 {
		return math.MaxInt
	}
	return n
}

// sentence says what is wrong with a field that the gateway refused: there is nothing in it, it
// cannot be read as what it should be, or it can and is refused all the same.
func (f form) sentence(name string, w fieldWords) string {
	t := f.try()
	typed, readable := "", true
	switch name {
	case fieldPAN:
		typed, readable = f.number.Reveal(), t.Card.PAN != ""
	case fieldHolder:
		typed = f.holder
	case fieldExpiry:
		typed, readable = f.expiry, t.Card.ExpiryMonth != 0
	case fieldCVV:
		typed = f.cvv.Reveal()
		readable = strings.Trim(typed, "0123456789") == ""
	case fieldInstallments:
		typed, readable = f.installments, t.InstallmentCount != math.MaxInt
	}

	switch {
	case slices.Contains(f.misplaced, name), typed != "" && !readable:
		return w.Unreadable
	case typed == "":
		return w.Missing
	}

	return w.Refused
}

// record is what the journal keeps of the form: the number only of a test card, and masked.
func (f form) record() exchange.Body {
	number := "(refused, not kept)"
	pan, _ := payment.ParsePAN(f.number.Reveal())
	if card, known := payment.FindTestCard(pan); known {
		number = card.PAN.Masked()
	}
	if f.number == "" {
		number = ""
	}

	cvv := payment.Masked
	if f.cvv == "" {
		cvv = ""
	}

	return exchange.Harmless([]byte(fieldPAN + "=" + number + "&" + fieldHolder + "=" + url.QueryEscape(f.holder) +
		"&" + fieldExpiry + "=" + url.QueryEscape(f.expiry) + "&" + fieldCVV + "=" + cvv +
		"&" + fieldInstallments + "=" + url.QueryEscape(f.installments)))
}
