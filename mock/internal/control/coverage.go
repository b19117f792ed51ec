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

func (k *control) getCoverage(_ context.Context, x *call) (any, error) {
	items := x.merchant.Covered()
	return coverage{Summary: openapi.Shares(items), Items: items}, nil
}
