package shop

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// find finds the value in an answer, as text. An error says in words why there is none.
func (e Extract) find(a exchange.Message) (string, error) {
	text := string(a.Body)
	switch {
	case e.JSON != "":
		return FindJSON(a.Body, e.JSON)
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

// ambiguous says why there are too many values in an answer; nil: there are not.
func (e Extract) ambiguous(a exchange.Message) error {
	if e.JSON == "" {
		return nil
	}
	if _, err := FindJSON(a.Body, e.JSON); errors.Is(err, errSeveral) {
		return err
	}
	return nil
}

// findAll finds all values in an answer, as texts: a JSON path with wildcards or filters can lead to several.
func (e Extract) findAll(a exchange.Message) ([]string, error) {
	if e.JSON != "" {
		return findAllJSON(a.Body, e.JSON)
	}
	found, err := e.find(a)
	return []string{found}, err
}

// holds reports whether an answer says so. An error means that it cannot be told.
func (c Condition) holds(a exchange.Message) (bool, error) {
	switch {
	case c.Status != 0 && a.Status != c.Status:
		return false, nil
	case c.Extract.IsZero():
		return true, nil
	}

	found, err := c.findAll(a)
	if errors.Is(err, errNoValue) || (err != nil && c.JSON == "") {
		return false, nil // not said, so not so
	}
	return slices.ContainsFunc(found, c.takes), err
}

// takes reports whether one of the values found is what the condition asks for.
func (c Condition) takes(found string) bool {
	if c.Equals == nil {
		return found != "" && found != "false"
	}
	return slices.ContainsFunc(c.Equals, func(wanted string) bool {
		return found == wanted || decimal.Same(found, wanted)
	})
}

// why says what a condition that does not hold found in an answer.
func (c Condition) why(a exchange.Message) string {
	all, err := c.findAll(a)
	found := strings.Join(all, ", ")
	switch {
	case c.Status != 0 && a.Status != c.Status:
		return fmt.Sprintf("the answer is %d, wanted %d", a.Status, c.Status)
	case err != nil:
		return err.Error()
	case c.Equals == nil:
		return fmt.Sprintf("%s is %s", c.Extract, Clip(strconv.Quote(found), 60))
	}
	return fmt.Sprintf("%s is %s, wanted %q", c.Extract, Clip(strconv.Quote(found), 60), strings.Join(c.Equals, " or "))
}

// Clip is a text in one line, of so many bytes at most.
func Clip(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
