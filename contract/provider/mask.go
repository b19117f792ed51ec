package provider

import (
	"net/http"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// hidden stands for a credential.
const hidden = "***"

// longestBody is how much of a body a report shows.
const longestBody = 2 << 10

// masker keeps credentials and card numbers out of reports.
type masker struct{ secrets *strings.Replacer }

// newMasker hides these wherever they appear. Very short ones would tear holes into innocent text.
func newMasker(secrets ...string) masker {
	var pairs []string
	for _, s := range secrets {
		if len(s) >= 4 {
			pairs = append(pairs, s, hidden)
		}
	}
	return masker{strings.NewReplacer(pairs...)}
}

func (m masker) text(s string) string { return payment.MaskSecrets(m.secrets.Replace(s)) }

func (m masker) body(b []byte) string {
	text := m.text(strings.ToValidUTF8(string(b), "?")) // before it is cut, so that no number is cut into another one
	if len(text) > longestBody {
		return strings.ToValidUTF8(text[:longestBody], "") + "..."
	}
	return text
}

// headers shows what concerns the contract; credentials are hidden, whatever they are.
func (m masker) headers(h http.Header) map[string][]string {
	shown := make(map[string][]string, len(h))
	for name, values := range h {
		for _, value := range values {
			if payment.SecretName(name) || http.CanonicalHeaderKey(name) == "X-Api-Key" {
				value = hidden
			}
			shown[name] = append(shown[name], m.text(value))
		}
	}
	return shown
}
