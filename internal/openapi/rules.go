package openapi

import (
	"errors"
	"net/url"

	"github.com/getkin/kin-openapi/openapi3"
)

// rules are how kin-openapi is asked, with the formats of our own. They belong to one document, so that two documents
// cannot disturb each other.
type rules struct {
	fast []openapi3.SchemaValidationOption // stops at the first fault and says nothing about it
	full []openapi3.SchemaValidationOption // tells every fault
}

func newRules(p *patterns) *rules {
	ours := openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
		"uuid": textRule(isUUID),
		"uri":  textRule(isURL),
	})
	known := openapi3.SetSchemaRegexCompiler(p.forKin)
	return &rules{
		fast: []openapi3.SchemaValidationOption{ours, known, openapi3.FailFast()},
		full: []openapi3.SchemaValidationOption{ours, known, openapi3.MultiErrors()},
	}
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
