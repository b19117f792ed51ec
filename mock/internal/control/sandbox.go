package control

import (
	"context"
	"strconv"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
)

// healthPause is after what time whoever asks for health may ask again while the store cannot be used.
const healthPause = time.Second

func (k *control) getHealth(ctx context.Context, _ *call) (any, error) {
	books := store.HealthOf(ctx, k.Gateway.Books)
	if books.Fault != "" {
		return nil, &payment.Error{
			Code: payment.Unavailable, RetryAfter: healthPause, Message: "store " + books.Kind + ": " + books.Fault,
		}
	}

	health := map[string]any{
		"status": "ok", "version": k.Version, "seed": strconv.FormatUint(k.Gateway.Seed, 10), "store": books,
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
