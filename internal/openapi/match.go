package openapi

import (
	"slices"
	"strings"
)

// Title is what people call the operation: its method and its path, such as POST /api/checkout.
func (o *Operation) Title() string { return o.Method + " " + o.Path }

// PathParams lists the names of the parameters in the operation's path, in their order.
func (o *Operation) PathParams() []string {
	var names []string
	for _, segment := range o.segments {
		if name, ok := paramName(segment); ok {
			names = append(names, name)
		}
	}
	return names
}

// PathWith is the operation's path with these values of its parameters, as they are: a value that is not plain must be
// percent-encoded. A parameter without a value stays as it is.
func (o *Operation) PathWith(params map[string]string) string {
	filled := slices.Clone(o.segments)
	for i, segment := range filled {
		if name, ok := paramName(segment); ok {
			if value, given := params[name]; given {
				filled[i] = value
			}
		}
	}
	return strings.Join(filled, "/")
}

// Match finds the operation that a request with this method and path is for, and the values of the path's parameters.
// Where the paths of several operations fit, the one with the longest beginning without parameters wins. A parameter
// is never empty.
func (d *Document) Match(method, path string) (op *Operation, params map[string]string, ok bool) {
	asked := strings.Split(path, "/")
	for _, candidate := range d.operations {
		if candidate.Method == method && candidate.fits(asked) && (op == nil || candidate.plainer(op)) {
			op = candidate
		}
	}
	if op == nil {
		return nil, nil, false
	}

	params = map[string]string{}
	for i, segment := range op.segments {
		if name, isParam := paramName(segment); isParam {
			params[name] = asked[i]
		}
	}
	return op, params, true
}

func (o *Operation) fits(asked []string) bool {
	return slices.EqualFunc(o.segments, asked, func(segment, got string) bool {
		_, isParam := paramName(segment)
		return segment == got || isParam && got != ""
	})
}

// plainer reports whether, at the first segment where just one of the two has a parameter, it is the other.
func (o *Operation) plainer(other *Operation) bool {
	for i, segment := range o.segments {
		_, mine := paramName(segment)
		if _, others := paramName(other.segments[i]); mine != others {
			return others
		}
	}
	return false
}

// paramName is the name of the parameter that a segment of a path is.
func paramName(segment string) (name string, ok bool) {
	name, opens := strings.CutPrefix(segment, "{")
	name, closes := strings.CutSuffix(name, "}")
	return name, opens && closes
}
