package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// find finds the value in an answer, as text. An error says in words why there is none.
func (e Extract) find(a exchange.Message) (string, error) {
	text := string(a.Body)
	switch {
	case e.JSON != "":
		return findJSON(a.Body, e.JSON)
	case e.Header != "":
		text = strings.Join(http.Header(a.Headers).Values(e.Header), "\n") // a shop sets more than one cookie
		if text == "" {
			return "", fmt.Errorf("the answer has no header %s", e.Header)
		}
		if e.Regexp == "" {
			return text, nil
		}
	}
	pattern, err := regexp.Compile(e.Regexp)
	if err != nil {
		return "", err
	}
	match := pattern.FindStringSubmatch(text)
	if match == nil {
		return "", fmt.Errorf("nothing in the answer matches %s", e.Regexp)
	}
	return unescaped(match[len(match)-1]), nil // the group, or the whole without one
}

// unescaped undoes what HTML does to a URL in an attribute.
func unescaped(s string) string { return strings.ReplaceAll(s, "&amp;", "&") }

// String is the extractor in the words of the config.
func (e Extract) String() string {
	var parts []string
	for _, part := range [][2]string{{"json", e.JSON}, {"header", e.Header}, {"regexp", e.Regexp}} {
		if part[1] != "" {
			parts = append(parts, part[0]+": "+part[1])
		}
	}
	return strings.Join(parts, ", ")
}

// errNoValue says that a JSON path leads to nothing.
var errNoValue = errors.New("leads to nothing in the answer")

func findJSON(body []byte, path string) (string, error) {
	steps, err := parsePath(path)
	if err != nil {
		return "", err
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return "", errors.New("the answer is not JSON")
	}
	for _, step := range steps {
		if value, err = step(value); err != nil {
			return "", fmt.Errorf("%s %w", path, err)
		}
	}
	return textOf(value), nil
}

// textOf is a JSON value as text: a text without its quotes, null as nothing.
func textOf(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case json.Number:
		return value.String()
	case bool:
		return strconv.FormatBool(value)
	}
	text, _ := json.Marshal(value) // it came from JSON
	return string(text)
}

// step goes from a JSON value to one inside it.
type step func(any) (any, error)

var pathStep = regexp.MustCompile(`^(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\])`)

// parsePath reads a JSON path of names and indexes, such as $.a.b[0]['c'].
func parsePath(path string) ([]step, error) {
	rest, ok := strings.CutPrefix(path, "$")
	if !ok {
		return nil, fmt.Errorf("the path %q must begin with $, such as $.orderId", path)
	}
	var steps []step
	for rest != "" {
		m := pathStep.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("the path %q cannot be read from %q on: write $.name, $.list[0] or $['a name']", path, rest)
		}
		if m[2] != "" {
			index, err := strconv.Atoi(m[2])
			if err != nil {
				return nil, fmt.Errorf("the path %q has an index that is too large", path)
			}
			steps = append(steps, entry(index))
		} else {
			steps = append(steps, member(m[1]+m[3]+m[4]))
		}
		rest = rest[len(m[0]):]
	}
	return steps, nil
}

func member(name string) step {
	return func(value any) (any, error) {
		object, _ := value.(map[string]any)
		child, ok := object[name]
		if !ok {
			return nil, errNoValue
		}
		return child, nil
	}
}

func entry(index int) step {
	return func(value any) (any, error) {
		list, _ := value.([]any)
		if index >= len(list) {
			return nil, errNoValue
		}
		return list[index], nil
	}
}

// holds reports whether an answer says so. An error means that it cannot be told.
func (c Condition) holds(a exchange.Message) (bool, error) {
	switch {
	case c.Status != 0 && a.Status != c.Status:
		return false, nil
	case c.Extract.IsZero():
		return true, nil
	}
	found, err := c.find(a)
	if errors.Is(err, errNoValue) || (err != nil && c.JSON == "") {
		return false, nil // not said, so not so
	}
	if err != nil {
		return false, err
	}
	if c.Equals == nil {
		return found != "" && found != "false", nil
	}
	return slices.Contains(c.Equals, found), nil
}

// listLength counts the entries of a JSON list.
func listLength(text string) (int, error) {
	var list []json.RawMessage
	err := json.Unmarshal([]byte(text), &list)
	return len(list), err
}

// why says what a condition that does not hold found in an answer.
func (c Condition) why(a exchange.Message) string {
	found, err := c.find(a)
	switch {
	case c.Status != 0 && a.Status != c.Status:
		return fmt.Sprintf("the answer is %d, wanted %d", a.Status, c.Status)
	case err != nil:
		return err.Error()
	case c.Equals == nil:
		return fmt.Sprintf("%s is %s", c.Extract, clip(strconv.Quote(found), 60))
	}
	return fmt.Sprintf("%s is %s, wanted %q", c.Extract, clip(strconv.Quote(found), 60), strings.Join(c.Equals, " or "))
}
