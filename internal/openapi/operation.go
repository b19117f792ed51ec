package openapi

import (
	"cmp"
	"mime"
	"path"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Operation is one operation of a document.
type Operation struct {
	ID     string // the operationId
	Method string // in capitals
	Path   string // as in the document: /api/checkout/{checkoutId}

	Summary string // what it does, in a few words; empty: the document does not say

	segments   []string // of the path, between its slashes
	secured    bool
	parameters []parameter
	body       *content
	bodyNeeded bool
	answers    map[string]*answer // by status, range (4XX) or default
	rules      *rules
}

// outline lists the operations that a document names, ordered by path and then by method, as far as their names go.
func outline(spec *openapi3.T) []*Operation {
	var all []*Operation
	for path, item := range spec.Paths.Map() {
		for method, described := range item.Operations() {
			all = append(all, &Operation{
				ID: described.OperationID, Method: method, Path: path, Summary: described.Summary,
				segments: strings.Split(path, "/"),
			})
		}
	}

	slices.SortFunc(all, func(a, b *Operation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return all
}

// compile makes the operation ready to judge requests and answers.
func (o *Operation) compile(c *compiler, spec *openapi3.T) {
	item := spec.Paths.Value(o.Path)
	described := item.GetOperation(o.Method)
	o.rules, o.secured = c.rules, secured(spec.Security, described.Security)
	o.parameters = newParameters(c, item.Parameters, described.Parameters)
	o.answers = newAnswers(c, described.Responses)

	if described.RequestBody != nil {
		o.body = newContent(c, described.RequestBody.Value.Content)
		o.bodyNeeded = described.RequestBody.Value.Required
	}
}

// secured says whether any credentials are named. An empty alternative beside them means that a server may want none.
func secured(everywhere openapi3.SecurityRequirements, here *openapi3.SecurityRequirements) bool {
	wanted := everywhere
	if here != nil {
		wanted = *here
	}
	return slices.ContainsFunc(wanted, func(alternative openapi3.SecurityRequirement) bool { return len(alternative) > 0 })
}

// Secured says whether the operation wants credentials, or can want them.
func (o *Operation) Secured() bool { return o.secured }

// HasBody says whether the document describes a request body.
func (o *Operation) HasBody() bool { return o.body != nil }

// Answers lists the statuses that the document names, such as "200", "4XX" and "default", in order.
func (o *Operation) Answers() []string { return sortedKeys(o.answers) }

// CheckContentType judges the value of a request's Content-Type header; faulty says whether there is a fault. Other
// parameters than charset are tolerated. An operation without a body takes any value.
func (o *Operation) CheckContentType(value string) (v Violation, faulty bool) {
	if o.body == nil {
		return Violation{}, false
	}
	if _, f := o.body.check(value); f.rule != "" {
		return f.violation(), true
	}
	return Violation{}, false
}

// content is what a body may be.
type content struct {
	types []string // the media types, in order
	json  *schema  // the schema of the JSON among them; nil if there is none
}

func newContent(c *compiler, described openapi3.Content) *content {
	if len(described) == 0 {
		return nil
	}
	body := &content{types: sortedKeys(described)}
	for _, mediaType := range body.types {
		if ref := described[mediaType].Schema; ref != nil && isJSON(mediaType) && body.json == nil {
			body.json = c.schema(ref.Value)
		}
	}
	return body
}

func isJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

// check judges a Content-Type and says which media type it is.
func (c *content) check(value string) (mediaType string, f fault) {
	if slices.Contains(c.types, value) {
		return value, fault{} // as nearly everybody writes it
	}

	f = fault{in: inHeader, field: "Content-Type", rule: "mediaType", wants: "must be " + orList(c.types)}
	if strings.TrimSpace(value) == "" {
		f.rule, f.wants = "required", "is required and "+f.wants
		return "", f
	}

	mediaType, params, err := mime.ParseMediaType(value)
	if err != nil || !c.takes(mediaType) {
		f.seen = echo(value)
		return "", f
	}
	if charset, ok := params["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		f.rule, f.wants, f.seen = "charset", "must have the charset utf-8", echo(charset)
		return "", f
	}

	return mediaType, fault{}
}

// takes compares a media type with the document's, which may be ranges such as */* and text/*.
func (c *content) takes(mediaType string) bool {
	for _, known := range c.types {
		if ok, _ := path.Match(known, mediaType); ok {
			return true
		}
	}
	return false
}
