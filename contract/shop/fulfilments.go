package shop

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// fulfilments is how often an answer says that the order was delivered; nil: it does not say. A JSON path
// that can lead to several values has one for each time.
func (s State) fulfilments(a exchange.Message) *int {
	if path := s.Fulfilments.JSON; path != "" && !leadsToOne(path) {
		all, err := findAllJSON(a.Body, path)
		if err != nil && !errors.Is(err, errNoValue) {
			return nil
		}
		return new(len(all))
	}

	text, err := s.Fulfilments.find(a)
	if err != nil {
		return nil
	}
	return count(text)
}

// count reads how often something was delivered: a number, or a list with an entry each time.
func count(text string) *int {
	if d, ok := decimal.Parse(strings.TrimSpace(text)); ok {
		if n, whole := d.Int(); whole {
			return &n
		}
	}
	if n, err := listLength(text); err == nil {
		return &n
	}

	switch text {
	case "true":
		return new(1)
	case "false", "":
		return new(0)
	}

	return nil
}

// listLength counts the entries of a JSON list.
func listLength(text string) (int, error) {
	var list []json.RawMessage
	err := json.Unmarshal([]byte(text), &list)
	return len(list), err
}
