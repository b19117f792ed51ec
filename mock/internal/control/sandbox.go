package control

import (
	"context"
	"strconv"
)

func (k *control) getHealth(context.Context, *call) (any, error) {
	health := map[string]any{
		"status": "ok", "version": k.Version, "seed": strconv.FormatUint(k.Gateway.Seed, 10),
	}
	if fault := k.ScenarioFault(); fault != "" {
		health["scenarioFault"] = fault
	}
	return health, nil
}

// listMerchants tells whose requests the sandbox has met, and how many merchants it has forgotten.
func (k *control) listMerchants(context.Context, *call) (any, error) {
	return map[string]any{"merchants": k.Gateway.Keys(), "forgotten": k.Gateway.Forgotten()}, nil
}

func (k *control) reset(ctx context.Context, x *call) (any, error) {
	if k.BeforeReset != nil {
		k.BeforeReset(x.merchant.Key)
	}
	if err := x.merchant.Reset(ctx, x.query.Get("keep") == "scenarios"); err != nil {
		return nil, err
	}
	return k.readClock(ctx, x)
}
