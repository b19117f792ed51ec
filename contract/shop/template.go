package shop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// values are what the placeholders stand for.
type values map[string]string

var placeholder = regexp.MustCompile(`\{\{\s*([A-Za-z]+)\s*\}\}`)

// placeholders lists the names that may be used.
func placeholders() []string {
	return []string{"amount", "currency", "orderId", "checkoutId", "customerId", "shop", "port"}
}

// places are the values that are a part of a URL, not a value in it.
func (v values) places() values { return values{"shop": v["shop"], "port": v["port"]} }

// fill puts values into a text. What is not known stays.
func (v values) fill(text string) string { return v.fillWith(text, func(s string) string { return s }) }

func (v values) fillWith(text string, escape func(string) string) string {
	return placeholder.ReplaceAllStringFunc(text, func(match string) string {
		if value, ok := v[placeholder.FindStringSubmatch(match)[1]]; ok {
			return escape(value)
		}
		return match
	})
}

// fillJSON puts values into the texts of a JSON value. A text that is nothing but {{amount}} becomes a
// number with these digits.
func (v values) fillJSON(value any) any {
	switch value := value.(type) {
	case string:
		if m := placeholder.FindStringSubmatch(value); m != nil && m[0] == value && m[1] == "amount" && v["amount"] != "" {
			return json.Number(v["amount"])
		}
		return v.fill(value)
	case map[string]any:
		filled := make(map[string]any, len(value))
		for key, child := range value {
			filled[key] = v.fillJSON(child)
		}
		return filled
	case []any:
		filled := make([]any, len(value))
		for i, child := range value {
			filled[i] = v.fillJSON(child)
		}
		return filled
	}
	return value
}

// take keeps what a request takes of its answer.
func (v values) take(path string, r Request, a exchange.Message) error {
	for _, name := range slices.Sorted(maps.Keys(r.Take)) {
		value, err := r.Take[name].find(a)
		if errors.Is(err, errSeveral) {
			return fmt.Errorf("%s.take.%s: %w", path, name, err)
		}
		if err != nil || value == "" {
			return fmt.Errorf("%s.take.%s (%s) finds nothing in the answer %d: compare it with what the shop answers", path,
				name, r.Take[name], a.Status)
		}
		v[name] = value
	}
	return nil
}

// request makes the request that a customer sends.
func (v values) request(r Request) (*http.Request, []byte, error) {
	body, contentType, err := v.body(r)
	if err != nil {
		return nil, nil, err
	}

	method := r.Method
	if method == "" {
		method = http.MethodGet
		if body != nil {
			method = http.MethodPost
		}
	}

	req, err := http.NewRequest(strings.ToUpper(method), v.fillWith(v.places().fill(r.URL), url.PathEscape),
		bytes.NewReader(body))
	if err != nil {
		return nil, nil, fmt.Errorf("the URL %q cannot be used: %w", r.URL, err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}

	for name, all := range r.Headers {
		for _, value := range all {
			req.Header.Set(name, v.fill(value))
		}
	}

	return req, body, nil
}

func (v values) body(r Request) (body []byte, contentType string, err error) {
	switch {
	case r.JSON != nil:
		body, err = json.Marshal(v.fillJSON(r.JSON))
		return body, "application/json", err
	case r.Form != nil:
		form := url.Values{}
		for name, value := range r.Form {
			form.Set(name, v.fill(value))
		}
		return []byte(form.Encode()), "application/x-www-form-urlencoded", nil
	case r.Body != "":
		return []byte(v.fill(r.Body)), "", nil
	}
	return nil, "", nil
}

// uses reports whether a request has the placeholder.
func (r Request) uses(name string) bool {
	found := false
	probe := values{name: "x"}
	look := func(text string) {
		found = found || probe.fill(text) != text
	}
	look(r.URL)
	look(r.Body)
	for _, all := range r.Headers {
		for _, value := range all {
			look(value)
		}
	}

	for _, value := range r.Form {
		look(value)
	}

	eachText(r.JSON, look)
	return found
}

func eachText(value any, look func(string)) {
	switch value := value.(type) {
	case string:
		look(value)
	case map[string]any:
		for _, child := range value {
			eachText(child, look)
		}
	case []any:
		for _, child := range value {
			eachText(child, look)
		}
	}
}
