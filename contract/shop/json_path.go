package shop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/theory/jsonpath"
)

// errNoValue says that a JSON path leads to nothing.
var errNoValue = errors.New("leads to nothing in the answer")

// errSeveral says that a JSON path leads to more than the one value that is wanted.
var errSeveral = errors.New("different values in the answer, want one: narrow it, such as $.list[0]")

// FindJSON finds the one value at a JSON path, as text. The same value at several places is one. An error
// says in words why there is none.
func FindJSON(body []byte, path string) (string, error) {
	all, err := findAllJSON(body, path)
	if err != nil {
		return "", err
	}

	slices.Sort(all) // members of an object come in any order
	all = slices.Compact(all)
	if len(all) > 1 {
		return "", fmt.Errorf("%s leads to %d %w", path, len(all), errSeveral)
	}
	return all[0], nil
}

// findAllJSON finds all values at a JSON path, at least one.
func findAllJSON(body []byte, path string) ([]string, error) {
	query, err := parsePath(path)
	if err != nil {
		return nil, err
	}

	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, errors.New("the answer is not JSON")
	}

	var all []string
	for found := range query.Select(value).All() {
		all = append(all, textOf(found))
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s %w", path, errNoValue)
	}
	return all, nil
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

// hyphenated is a name behind a dot that has a hyphen. RFC 9535 wants it in brackets.
var hyphenated = regexp.MustCompile(`\.([A-Za-z_][A-Za-z0-9_]*-[A-Za-z0-9_-]*)`)

// parsePath reads a JSON path of RFC 9535. A name behind a dot may have hyphens, too: $.order-id.
func parsePath(path string) (*jsonpath.Path, error) {
	if !strings.HasPrefix(path, "$") {
		return nil, fmt.Errorf("the path %q must begin with $, such as $.orderId", path)
	}

	query, err := jsonpath.Parse(path)
	if err == nil {
		return query, nil
	}
	if query, again := jsonpath.Parse(hyphenated.ReplaceAllString(path, "['$1']")); again == nil {
		return query, nil
	}

	why := strings.TrimPrefix(err.Error(), "jsonpath: ")
	return nil, fmt.Errorf("the path %q cannot be read, %s: write $.name, $.list[0] or $['a name']", path, why)
}

// leadsToOne reports whether a JSON path has neither wildcards nor filters, so that it leads to one value at most.
func leadsToOne(path string) bool {
	query, err := parsePath(path)
	return err != nil || query.Query().Singular() != nil
}
