package tables

import (
	"regexp"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// masker masks what an export must not tell: what the control API and the dashboard mask as well.
type masker struct{ found bool } // something was masked in this record

// text masks a text that strangers have written.
func (m *masker) text(s *string) { m.put(s, payment.MaskSecrets(*s)) }

// url masks an address.
func (m *masker) url(s *string) { m.put(s, payment.MaskURL(*s)) }

func (m *masker) put(s *string, masked string) {
	m.found = m.found || masked != *s
	*s = masked
}

// merchant leaves the secrets of webhooks out. The API secret stands in the books as its hash only.
func (m *masker) merchant(record *store.Merchant) {
	w := &record.Webhook
	m.url(&w.URL)
	m.found = m.found || w.Secret != ""
	w.Secret, w.Previous = "", ""
}

func (m *masker) checkout(c *checkoutBody) {
	masked := c.Order.Masked()
	m.found = m.found || masked != c.Order
	c.Order = masked
	m.payment(c.Payment)
	m.challenge(c.Challenge)
}

func (m *masker) challenge(c *payment.Challenge) {
	if c != nil {
		m.payment(&c.Payment)
	}
}

func (m *masker) payment(p *payment.Payment) {
	if p == nil {
		return
	}
	for _, text := range []*string{&p.OrderID, &p.CustomerID, &p.CardHolderName, &p.ResultCode, &p.ResultMessage} {
		m.text(text)
	}

	if a := p.Authentication; a != nil {
		m.challenge(&a.Challenge)
		m.url(&a.SuccessURL)
		m.url(&a.FailureURL)
	}
}

func (m *masker) run(line *runLine) {
	if of := line.Subject.Kind; of == store.OfOrder || of == store.OfRequest {
		m.text(&line.Subject.ID)
	}
	m.payment(line.Value.Pending)
}

func (m *masker) delivery(d *deliveryBody) {
	masked := d.Delivery.Masked()
	m.found = m.found || masked.OrderID != d.OrderID || masked.Carries != d.Carries || masked.URL != d.URL
	d.Delivery = masked
	if d.Event != nil {
		m.text(&d.Event.Body)
	}
	for i := range d.Attempts {
		m.text(&d.Attempts[i].Response)
		m.text(&d.Attempts[i].Error)
	}
}

// maskedCard finds card numbers that were masked.
var maskedCard = regexp.MustCompile(`\b[0-9]{6}\*{6}[0-9]{4}\b`)

// file masks card numbers in a scenario file. Test cards are no secret, and scenarios are about them. The others get
// zeros in place of stars, so that the file can still be read.
func (m *masker) file(text []byte) string {
	s := string(text)
	masked := maskedCard.ReplaceAllStringFunc(payment.MaskText(s), func(number string) string {
		if card := payment.TestCardMasked(number); card != "" {
			return card.Digits()
		}
		return strings.ReplaceAll(number, "*", "0")
	})
	m.put(&s, masked)
	return s
}

func (m *masker) files(sources []scenarios.Source) []scenarioFile {
	all := make([]scenarioFile, len(sources))
	for i, source := range sources {
		all[i] = scenarioFile{source.File, m.file(source.Text)}
	}
	return all
}
