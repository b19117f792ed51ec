package ui

import (
	"context"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// coverage is the page of what the merchant has exercised of the contract.
type coverage struct {
	All    openapi.Share
	Groups []coverageGroup
	Never  bool // only what was never exercised is shown
}

// coverageGroup is the points of one kind.
type coverageGroup struct {
	openapi.Share
	Name  string
	Items []openapi.Item
}

// kindNames are the kinds of points in words.
var kindNames = map[openapi.Kind]string{
	openapi.OperationKind: "Operations and their answers", openapi.FieldKind: "Fields of requests",
	openapi.BoundaryKind: "Values at the edge of what is allowed", openapi.AnswerKind: "Forms of answers",
	"scenario": "Scenarios",
}

func (d *dashboard) coveragePage(ctx context.Context, x *exchange) (answer, error) {
	items, err := x.merchant.Covered(ctx)
	if err != nil {
		return answer{}, err
	}

	shares := openapi.Shares(items) // everything comes first
	page := coverage{All: shares[0], Never: x.query.Get("show") == "never"}
	for _, share := range shares[1:] {
		group := coverageGroup{Share: share, Name: kindNames[share.Kind]}
		for _, item := range items {
			if item.Kind == share.Kind && (!page.Never || item.Count == 0) {
				group.Items = append(group.Items, item)
			}
		}
		page.Groups = append(page.Groups, group)
	}

	return x.page("coverage", "Contract coverage", page), nil
}
