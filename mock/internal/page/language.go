package page

import (
	"net/http"

	"golang.org/x/text/language"
)

func newMatcher(spoken []*words) language.Matcher {
	tags := make([]language.Tag, len(spoken))
	for i, w := range spoken {
		tags[i] = language.Make(w.Code)
	}
	return language.NewMatcher(tags)
}

// speak finds the customer's language: the one asked for in the address, which is also answered by
// its code, or else the best that the browser understands.
func (p *page) speak(r *http.Request) (asked string, spoken *words) {
	asked = r.URL.Query().Get("lang")
	for _, w := range p.languages {
		if w.Code == asked {
			return asked, w
		}
	}
	_, best := language.MatchStrings(p.matcher, r.Header.Get("Accept-Language"))
	return "", p.languages[best]
}

// other is the language that the switch on the page leads to.
func (p *page) other(spoken *words) *words {
	for _, w := range p.languages {
		if w != spoken {
			return w
		}
	}
	return spoken
}
