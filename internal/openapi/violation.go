package openapi

// Where a fault is, as Violation.In says it.
const (
	inBody   = "body"
	inHeader = "header"
	inStatus = "status"
)

// Violation is one fault of a request or an answer, told for people.
type Violation struct {
	// In is body, path, query, header or cookie, or status for an answer whose status the document does not name.
	In string
	// Field names the faulty property, parameter or header ("amount", "errors[0].field"); it is empty if the fault
	// concerns the whole.
	Field string
	// Rule is the keyword that was broken, such as required, type, maximum or pattern, or one of json, duplicate,
	// unknown, depth, empty, null, mediaType, charset and status.
	Rule string
	// Message is a sentence without its subject: "must be greater than 0, got -5".
	Message string
}

// String is the message with its subject: "amount: must be greater than 0, got -5".
func (v Violation) String() string {
	if v.Field == "" {
		return v.In + ": " + v.Message
	}
	return v.Field + ": " + v.Message
}

// fault is a violation whose sentence can still be completed.
type fault struct {
	in, field, rule string
	wants           string // "must have at most 2 decimals"
	seen            string // "1.005"; empty if there is nothing to show
}

func (f fault) violation() Violation {
	message := f.wants
	if f.seen != "" {
		message += ", got " + f.seen
	}
	return Violation{In: f.in, Field: f.field, Rule: f.rule, Message: message}
}

// violations tells each fault of a field once, whether the rule or the sentence is the same.
func violations(faults []fault) []Violation {
	type key struct{ in, field, said string }
	told := make(map[key]bool, 2*len(faults))

	var list []Violation
	for _, f := range faults {
		v := f.violation()
		rule, message := key{f.in, f.field, f.rule}, key{f.in, f.field, v.Message}
		if !told[rule] && !told[message] {
			list = append(list, v)
		}
		told[rule], told[message] = true, true
	}
	return list
}
