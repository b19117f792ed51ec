package ui

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/internal/link"
)

// form is one action as it stands on a page.
type form struct {
	Action  string // its name in the address it is sent to
	Slot    string // sets it apart from others of its kind on the page
	Title   string
	Text    string
	Button  string
	Danger  bool // what it does cannot be taken back
	Bare    bool // the curl that is shown beside it is enough
	Live    bool // it is small, and stands in the part of the page that is kept up to date
	Key     string
	Back    string // the path of the page it stands on, escaped
	Fields  []field
	Curl    string
	Outcome *outcome

	build func(url.Values) action
}

// field is one thing to fill in.
type field struct {
	Name, Label, Value, Hint string
	Kind                     string // text, number, select, check, code, secret or hidden
	Options                  []option
	Most                     map[string]int // what the number in the field Of may be, by option; none: any
	Of                       string         // the name of the field that Most is about
	HelpTitle                string         // what the help is about
	Help                     []option       // a name and what it does, to unfold; empty: there is none
	Required                 bool
}

type option struct{ Value, Label string }

// At is where the form is sent to, from the page it stands on.
func (f form) At() string { return link.To(f.Back, address(f.Key, "do/"+f.Action)) }

// CurlAt is where the curl of the form is asked for, from the page it stands on.
func (f form) CurlAt() string { return link.To(f.Back, address(f.Key, "curl/"+f.Action)) }

// CheckAt is where a text is looked at while somebody types it, from the page it stands on.
func (f form) CheckAt() string { return link.To(f.Back, address(f.Key, "check")) }

// TestID names a part of the form.
func (f form) TestID(part string) string { return f.Slot + "-" + part }

// IsCode reports whether the field is a text with numbered lines.
func (f field) IsCode() bool { return f.Kind == "code" }

// chosen is the value that the field has as it stands.
func (f field) chosen() string {
	if f.Kind == "select" && f.Value == "" && len(f.Options) > 0 {
		return f.Options[0].Value
	}
	return f.Value
}

// Off reports whether the value of the field with the name is more than another field allows.
func (f form) Off(name, value string) bool {
	number, err := strconv.Atoi(value)
	for _, other := range f.Fields {
		if most := other.Most[other.chosen()]; err == nil && other.Of == name && most > 0 && number > most {
			return true
		}
	}
	return false
}

// Lines are the numbers of the lines of a code.
func (f field) Lines() []int {
	lines := make([]int, strings.Count(f.Value, "\n")+1)
	for i := range lines {
		lines[i] = i + 1
	}
	return lines
}

// FaultAt reports whether the action was told of a fault in the line.
func (f form) FaultAt(line int) bool {
	if f.Outcome != nil {
		for _, one := range f.Outcome.Faults {
			if one.Line == line {
				return true
			}
		}
	}
	return false
}

// confirmation is the box to tick before something is done that cannot be taken back.
const confirmation = "confirm"

// values are what the form would send as it stands.
func (f form) values() url.Values {
	v := url.Values{}
	for _, one := range f.Fields {
		v.Set(one.Name, one.chosen())
	}
	return v
}

// filled is the form with what somebody has typed into it.
func (f form) filled(v url.Values) form {
	for i := range f.Fields {
		if one := &f.Fields[i]; v.Has(one.Name) {
			one.Value = strings.ReplaceAll(v.Get(one.Name), "\r\n", "\n")
		}
	}
	return f
}

// ready is the form as it is shown: with its curl, and with what came of it if it has just been sent.
func (d *dashboard) ready(x *exchange, f form) form {
	f.Key, f.Back = x.merchant.Key, x.request.URL.EscapedPath()
	if f.Slot == "" {
		f.Slot = f.Action
	}
	if x.outcome != nil && x.outcome.Slot == f.Slot {
		f = f.filled(x.outcome.values)
		f.Outcome = x.outcome
	}

	for i := range f.Fields {
		if f.Fields[i].Name == confirmation {
			f.Fields[i].Value = "" // each time anew
		}
	}

	f.Curl = f.build(f.values()).curl(d.base(x.request), f.Key, d.Gate.WantsToken())
	return f
}
