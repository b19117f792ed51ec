package control

import (
	"context"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// coverage is what of the contract a merchant has exercised.
type coverage struct {
	Summary []openapi.Share `json:"summary"`
	Items   []openapi.Item  `json:"items"`
}

func (k *control) getCoverage(ctx context.Context, x *call) (any, error) {
	items, err := x.merchant.Covered(ctx)
	return coverage{Summary: openapi.Shares(items), Items: items}, err
}
