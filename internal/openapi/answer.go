package openapi

import (
	"net/http"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// answer is what the document says about one status.
type answer struct {
	content *content // nil if there is no body
	headers []header
}

type header struct {
	name     string
	required bool
	form     *schema
}

func newAnswers(c *compiler, described *openapi3.Responses) map[string]*answer {
	answers := make(map[string]*answer, described.Len())
	for status, ref := range described.Map() {
		answers[status] = newAnswer(c, ref.Value)
	}
	return answers
}

func newAnswer(c *compiler, described *openapi3.Response) *answer {
	a := &answer{content: newContent(c, described.Content)}
	for _, name := range sortedKeys(described.Headers) {
		h := header{name: name, required: described.Headers[name].Value.Required}
		if ref := described.Headers[name].Value.Schema; ref != nil {
			h.form = c.schema(ref.Value)
		}
		a.headers = append(a.headers, h)
	}
	return a
}

// CheckAnswer judges an answer of this operation: its status, headers and body.
func (o *Operation) CheckAnswer(status int, header http.Header, body []byte) []Violation {
	a := o.answer(status)
	if a == nil {
		wants := "must be " + orList(o.Answers())
		return violations([]fault{{in: inStatus, rule: "status", wants: wants, seen: strconv.Itoa(status)}})
	}
	found := violations(a.checkHeaders(o.rules, header))
	return append(found, a.checkBody(o.rules, header.Get("Content-Type"), body)...)
}

// answer finds the most exact description of a status.
func (o *Operation) answer(status int) *answer { return o.answers[o.answerKey(status)] }

// answerKey is the document's most exact key for a status; empty if it names none.
func (o *Operation) answerKey(status int) string {
	for _, key := range [...]string{strconv.Itoa(status), strconv.Itoa(status/100) + "XX", "default"} {
		if _, ok := o.answers[key]; ok {
			return key
		}
	}
	return ""
}

func (a *answer) checkHeaders(r *rules, sent http.Header) []fault {
	w := walk{rules: r, in: inHeader}
	for _, h := range a.headers {
		values := sent.Values(h.name)
		switch {
		case len(values) == 0 && h.required:
			w.tell(fault{field: h.name, rule: "required", wants: "is required"})
		case len(values) > 0 && h.form != nil:
			w.visit(h.form.tree, h.form.valueOf(values), h.name)
		}
	}
	return asText(w.faults)
}

func (a *answer) checkBody(r *rules, contentType string, body []byte) []Violation {
	if a.content == nil {
		if len(body) > 0 {
			return violations([]fault{{in: inBody, rule: "empty", wants: "must be empty"}})
		}
		return nil
	}

	mediaType, f := a.content.check(contentType)
	if f.rule != "" {
		return violations([]fault{f})
	}
	if a.content.json == nil || !isJSON(mediaType) {
		return nil
	}

	read, f := readJSON(body, a.content.json.names, nil)
	if f.rule != "" {
		return violations([]fault{f})
	}

	return r.judge(a.content.json, inBody, read)
}
