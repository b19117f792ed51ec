package ui

import (
	"net/url"
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
	HelpTitle                string   // what the help is about
	Help                     []option // a name and what it does, to unfold; empty: there is none
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
		value := one.Value
		if one.Kind == "select" && value == "" && len(one.Options) > 0 {
			value = one.Options[0].Value
		}
		v.Set(one.Name, value)
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
