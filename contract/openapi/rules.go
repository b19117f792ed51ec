package openapi

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// rules are the formats that a document uses, and how kin-openapi is asked. They belong to one document, so that two
// documents cannot disturb each other.
type rules struct {
	texts   map[string]openapi3.StringFormatValidator
	numbers map[string]openapi3.NumberFormatValidator
	fast    []openapi3.SchemaValidationOption // stops at the first fault and says nothing about it
	full    []openapi3.SchemaValidationOption // tells every fault
}

func newRules() *rules {
	r := &rules{
		texts: map[string]openapi3.StringFormatValidator{
			"uuid": textRule(isUUID),
			"uri":  textRule(isURL),
		},
		numbers: make(map[string]openapi3.NumberFormatValidator),
	}
	formats := []openapi3.SchemaValidationOption{
		openapi3.WithStringFormatValidators(r.texts),
		openapi3.WithNumberFormatValidators(r.numbers),
	}
	r.fast = append(formats[:2:2], openapi3.FailFast())
	r.full = append(formats[:2:2], openapi3.MultiErrors())
	return r
}

// addText makes a format that strings must hold and names it.
func (r *rules) addText(holds textRule) string {
	name := "x-text-" + strconv.Itoa(len(r.texts))
	r.texts[name] = holds
	return name
}

// addDecimals makes a format of the numbers that have at most so many decimals and names it.
func (r *rules) addDecimals(most int) string {
	name := "x-decimals-" + strconv.Itoa(most)
	r.numbers[name] = numberRule(func(f float64) bool { return decimalsOf(f) <= most })
	return name
}

// errRule is all that a format says: the sentence is made elsewhere.
var errRule = errors.New("value breaks the format")

type textRule func(string) bool

// Validate is how kin-openapi asks.
func (holds textRule) Validate(value string) error {
	if holds(value) {
		return nil
	}
	return errRule
}

type numberRule func(float64) bool

// Validate is how kin-openapi asks.
func (holds numberRule) Validate(value float64) error {
	if holds(value) {
		return nil
	}
	return errRule
}

// isUUID takes the canonical form in any letter case: 8-4-4-4-12 hexadecimal digits.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if !isHex(s[i]) {
				return false
			}
		}
	}
	return true
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// isURL takes an absolute URL.
func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs()
}
