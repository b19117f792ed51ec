package control

import (
	"context"
	"strconv"
)

func (k *control) getHealth(context.Context, *exchange) (any, error) {
	health := map[string]any{
		"status": "ok", "version": k.Version, "seed": strconv.FormatUint(k.Gateway.Seed, 10),
	}
	if fault := k.ScenarioFault(); fault != "" {
		health["scenarioFault"] = fault
	}
	return health, nil
}

func (k *control) reset(ctx context.Context, x *exchange) (any, error) {
	if err := x.merchant.Reset(ctx, x.query.Get("keep") == "scenarios"); err != nil {
		return nil, err
	}
	return k.readClock(ctx, x)
}
