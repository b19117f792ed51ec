package shop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// short is the place without the name of its kind, where that is plain.
func (e Extract) short() string {
	if e.JSON != "" {
		return e.JSON
	}
	return e.String()
}

// sees is what stands where the condition looks.
func (c Condition) sees(a exchange.Message) string {
	if c.Extract.IsZero() {
		return fmt.Sprintf("the status is %d", a.Status)
	}
	all, err := c.findAll(a)
	if err != nil {
		return err.Error() + answered(a)
	}
	return fmt.Sprintf("%s is `%s`", c.short(), Clip(strings.Join(all, "`, `"), 120))
}

// expects is what the condition wants to see.
func (c Condition) expects(name string) string {
	switch {
	case c.Extract.IsZero() || c.Equals == nil && c.Status != 0:
		return fmt.Sprintf("; `%s` expects the status %d", name, c.Status)
	case c.Equals == nil:
		return fmt.Sprintf("; `%s` expects a value there", name)
	}
	return fmt.Sprintf("; `%s` expects `%s`", name, strings.Join(c.Equals, "` or `"))
}

// answered is what a shop answered, for who compares it with the file; empty: it did not.
func answered(a exchange.Message) string {
	if a.Status == 0 {
		return ""
	}
	return fmt.Sprintf("; the answer %d was: %s", a.Status, Clip(string(a.Body), 300))
}

// whereIs finds the JSON path to one of these texts; empty: none is there.
func whereIs(body []byte, texts []string) string {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return ""
	}
	return pathTo(value, "$", texts)
}

func pathTo(value any, path string, texts []string) string {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if found := pathTo(value[name], path+stepTo(name), texts); found != "" {
				return found
			}
		}
	case []any:
		for i, child := range value {
			if found := pathTo(child, fmt.Sprintf("%s[%d]", path, i), texts); found != "" {
				return found
			}
		}
	default:
		for _, text := range texts {
			if text != "" && textOf(value) == text {
				return path
			}
		}
	}
	return ""
}

// stepTo is a name as a step of a JSON path.
func stepTo(name string) string {
	if takenName.MatchString(name) {
		return "." + name
	}
	return "['" + strings.ReplaceAll(name, "'", `\'`) + "']"
}
