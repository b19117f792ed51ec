package openapi

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/payporter-mock/payporter-mock/internal/decimal"
)

// request counts what an allowed request says about the field.
func (f *fieldPlan) request(c *Coverage, values map[string]any) {
	value, ok := values[f.name]
	if !ok {
		c.count(f.absent)
		return
	}

	c.count(f.sent)
	switch value := value.(type) {
	case nil:
		c.count(f.null)
	case string:
		f.text(c, value)
	case bool:
		f.listed(c, value)
	case json.Number:
		f.number(c, value, values)
	}
}

// answer counts what an answer says about the field, as it is written; nil: nothing.
func (f *fieldPlan) answer(c *Coverage, said jsontext.Value) {
	if said == nil {
		c.count(f.absent)
		return
	}

	c.count(f.sent)
	if f.values == nil {
		return
	}
	switch said.Kind() {
	case '"':
		if text, err := unquote(said); err == nil {
			f.listed(c, text)
		}
	case 't', 'f':
		f.listed(c, said.Kind() == 't')
	}
}

// isNamed reports whether a name that stands in quotation marks is that of the field.
func (f *fieldPlan) isNamed(quoted jsontext.Value) bool {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return len(quoted) == len(f.name)+2 && string(quoted[1:len(quoted)-1]) == f.name
	}
	name, err := unquote(quoted)
	return err == nil && name == f.name
}

func (f *fieldPlan) listed(c *Coverage, value any) {
	if f.values == nil {
		return
	}
	if number, ok := f.values[value]; ok {
		c.count(number)
	}
}

func (f *fieldPlan) text(c *Coverage, value string) {
	f.listed(c, value)
	if value == "" {
		c.count(f.empty)
	}
	if f.longest != none && hasLength(value, *f.source.MaxLength) {
		c.count(f.longest)
	}
	if f.shortest != none && hasLength(value, f.source.MinLength) {
		c.count(f.shortest)
	}
}

// hasLength counts characters only where the bytes leave it open.
func hasLength(text string, length uint64) bool {
	return uint64(len(text)) >= length && uint64(len(text)) <= utf8.UTFMax*length &&
		uint64(utf8.RuneCountInString(text)) == length
}

func (f *fieldPlan) number(c *Coverage, value json.Number, values map[string]any) {
	if f.low == none && f.high == none {
		return
	}
	d := decimal.Read(string(value))
	if f.high != none && d.Compare(f.max) == 0 {
		c.count(f.high)
	}
	if f.low != none && f.isLowest(d, values) {
		c.count(f.low)
	}
}

// isLowest reports whether no smaller number is allowed.
func (f *fieldPlan) isLowest(d decimal.Decimal, values map[string]any) bool {
	if !f.source.ExclusiveMin.IsTrue() {
		return d.Compare(f.min) == 0
	}
	if f.decimals == nil || f.min.Sign() != 0 {
		return false // an exclusive minimum has a next number only where the numbers have a last decimal
	}
	most, decided := f.decimals.most(values)
	return decided && d.Compare(least(most)) == 0
}
