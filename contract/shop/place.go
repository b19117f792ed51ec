package shop

import (
	"regexp"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Places are the parts of an answer at which the harness sees what the shop believes, as they stand in its body.
func (s State) Places(a exchange.Message) []string {
	var places []string
	for _, e := range []Extract{s.Paid.Extract, s.Fulfilments} {
		if place := e.place(string(a.Body)); place != "" {
			places = append(places, place)
		}
	}
	return places
}

// lastName is the last name of a JSON path.
var lastName = regexp.MustCompile(`([\w-]+)(?:'\]|"\]|\[[^\[\]]*\])*$`)

// place is where in a text the value stands; empty: nowhere, or in a header.
func (e Extract) place(text string) string {
	switch {
	case e.JSON != "":
		if name := lastName.FindStringSubmatch(e.JSON); name != nil {
			return Member(text, name[1])
		}
	case e.Header == "" && e.Regexp != "":
		if pattern, err := regexp.Compile(e.Regexp); err == nil {
			return strings.TrimSpace(pattern.FindString(text))
		}
	}
	return ""
}

// Member is a property of a JSON object with its value, as it stands in a text; empty: it is not there.
func Member(text, name string) string {
	pattern, err := regexp.Compile(`"` + regexp.QuoteMeta(name) + `"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[^\s,}\]]+)`)
	if err != nil {
		return ""
	}
	return pattern.FindString(text)
}
