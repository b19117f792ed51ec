package shop

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

func (r *scalarReader) status(n *yaml.Node, path string) int {
	status, err := strconv.Atoi(n.Value)
	if err != nil || status < 200 || status > 599 {
		r.fault(n, "%s must be the status of an answer such as 410, got %q", path, n.Value)
	}
	return status
}

func (r *scalarReader) method(n *yaml.Node, path string) string {
	method := strings.ToUpper(r.text(n, path))
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, "":
	default:
		r.fault(n, "%s must be GET, POST, PUT, PATCH or DELETE, got %q", path, n.Value)
	}
	return method
}

// url reads an absolute URL, which may have placeholders.
func (r *scalarReader) url(n *yaml.Node, path string) string {
	text := r.text(n, path)
	if text == "" {
		return ""
	}

	filled := values{"shop": "http://shop", "port": "1"}.fill(text)
	if u, err := url.Parse(filled); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		r.fault(n, "%s must be an absolute URL such as http://127.0.0.1:3000/orders, got %q", path, text)
	}
	return text
}

func (r *scalarReader) jsonPath(n *yaml.Node, path string) string {
	text := r.text(n, path)
	if _, err := parsePath(text); text != "" && err != nil {
		r.fault(n, "%s: %v", path, err)
	}
	return text
}

func (r *scalarReader) pattern(n *yaml.Node, path string) string {
	text := r.text(n, path)
	compiled, err := regexp.Compile(text)
	switch {
	case err != nil:
		r.fault(n, "%s is no regular expression: %v", path, err)
	case compiled.NumSubexp() > 1:
		r.fault(n, "%s has %d groups, want one around the value: write (?:...) for the others", path, compiled.NumSubexp())
	}
	return text
}

func (r *scalarReader) amount(n *yaml.Node, path string) string {
	text := r.scalar(n, path)
	if _, ok := MoneyOf(text); !ok && n.Kind == yaml.ScalarNode {
		r.fault(n, `%s must be an amount such as "100.50", got %q`, path, text)
	}
	return text
}

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

func (r *scalarReader) currency(n *yaml.Node, path string) string {
	text := r.text(n, path)
	if text != "" && !currencyCode.MatchString(text) {
		r.fault(n, "%s must be an ISO 4217 code such as TRY, got %q", path, text)
	}
	return text
}

func (r *scalarReader) duration(n *yaml.Node, path string) time.Duration {
	d, err := time.ParseDuration(n.Value)
	if err != nil || d <= 0 {
		r.fault(n, "%s must be a duration such as 30s, got %q", path, n.Value)
	}
	return d
}

// single reads a value that has no others in it.
func (r *scalarReader) single(n *yaml.Node, path string) any {
	switch n.ShortTag() {
	case "!!int", "!!float":
		if _, ok := MoneyOf(n.Value); ok {
			return json.Number(n.Value)
		}
	case "!!bool":
		truth, _ := strconv.ParseBool(n.Value)
		return truth
	case "!!null":
		return nil
	}
	return r.text(n, path)
}

// mostMoneyDigits is how many digits an amount may have on either side of the point.
const mostMoneyDigits = 30

// MoneyOf reads a JSON number of a size that money has.
func MoneyOf(text string) (decimal.Decimal, bool) {
	d, ok := decimal.Parse(text)
	return d, ok && d.Magnitude() <= mostMoneyDigits && d.Decimals() <= mostMoneyDigits
}
