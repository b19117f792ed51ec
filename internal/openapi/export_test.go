package openapi

import "maps"

// Bodies says of the request and of every answer with a body whether a right one is left to kin-openapi.
func (o *Operation) Bodies() (unsure map[string]bool) {
	contents := map[string]*content{"request": o.body}
	for status, answer := range o.answers {
		contents[status] = answer.content
	}
	maps.DeleteFunc(contents, func(_ string, c *content) bool { return c == nil || c.json == nil })

	unsure = map[string]bool{}
	for name, c := range contents {
		unsure[name] = c.json.approval.unsure
	}
	return unsure
}
