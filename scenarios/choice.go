package scenarios

import "github.com/payporter-mock/payporter-mock/payment"

// Choice says how a scenario came to be chosen.
type Choice string

// The five ways to choose a scenario, in their order.
const (
	ByHeader  Choice = "header"  // X-Mock-Scenario
	ByNext    Choice = "next"    // POST /_mock/scenarios/next
	ByToken   Choice = "token"   // mock:NAME in a text of the order
	ByFile    Choice = "file"    // the first match in the merchant's set
	ByDefault Choice = "default" // nothing of the above
)

// Named reports whether the scenario was named, so that the set was not asked.
func (c Choice) Named() bool { return c == ByHeader || c == ByNext || c == ByToken }

// HeaderName is the header that names a scenario.
const HeaderName = "X-Mock-Scenario"

// Names are what names a scenario beside the order's texts. The zero value names none.
type Names struct {
	Header  string    // of the request; empty: it has none
	Next    *Scenario // ordered for the next checkout; nil: none is
	Default string    // for checkouts that nothing else is meant for; empty: the card decides
}

// Choose finds the scenario of a create, nil if it gets none, and says which way it was chosen. used is as Match takes
// it. A name that no scenario has is an *payment.Error that says where it stands and which names are near.
func (s *Set) Choose(f Facts, names Names, used func(name string) uint64) (*Scenario, Choice, error) {
	if names.Header != "" {
		found, err := NamedIn(HeaderName, names.Header, s)
		return found, ByHeader, err
	}
	if names.Next != nil {
		return names.Next, ByNext, nil
	}
	if field, name, ok := tokenOf(f); ok {
		found, err := tokenNamed(field, name, s)
		return found, ByToken, err
	}

	if found := s.Match(f, used); found != nil {
		return found, ByFile, nil
	}
	if names.Default == "" {
		return nil, ByDefault, nil
	}
	found, err := NamedIn("scenario", names.Default, s)
	return found, ByDefault, err
}

// NamedIn is Named for a name that stands in a field of a request. Its error is an *payment.Error that names the field.
func NamedIn(field, name string, own *Set) (*Scenario, error) {
	found, err := Named(name, own)
	if err != nil {
		return nil, &payment.Error{Code: payment.InvalidRequest, Field: field, Message: payment.MaskSecrets(err.Error())}
	}
	return found, nil
}

// tokenOf finds the first token in the order's texts, and the field it stands in.
func tokenOf(f Facts) (field, name string, ok bool) {
	for _, text := range [...][2]string{
		{"orderId", f.OrderID},
		{"customerId", f.CustomerID},
		{"description", f.Description},
	} {
		if name, ok := Token(text[1]); ok {
			return text[0], name, true
		}
	}
	return "", "", false
}

// tokenNamed finds the scenario that a token names. One in the same spelling goes before one whose case is another.
func tokenNamed(field, name string, own *Set) (*Scenario, error) {
	found, err := NamedIn(field, name, own)
	if err == nil {
		return found, nil
	}
	for _, set := range []*Set{own, Library()} {
		if found := set.findAnyCase(name); found != nil {
			return found, nil
		}
	}
	return nil, err
}
