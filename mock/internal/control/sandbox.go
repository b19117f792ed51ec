package control

import (
	"context"
	"strconv"
)

func (k *control) getHealth(context.Context, *exchange) (any, error) {
	return map[string]string{
		"status": "ok", "version": k.Version, "seed": strconv.FormatUint(k.Gateway.Seed, 10),
	}, nil
}

func (k *control) reset(ctx context.Context, x *exchange) (any, error) {
	if err := x.merchant.Reset(ctx); err != nil {
		return nil, err
	}
	return k.readClock(ctx, x)
}
