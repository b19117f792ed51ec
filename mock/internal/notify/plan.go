package notify

import (
	"time"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// Documented is the plan that PayPorter's page on webhooks gives: 30 s, 1 min, 5 min, 15 min, 1 h,
// 4 h, 12 h, then every 24 h, for up to 48 hours after the event. That checkout callbacks follow
// it too is assumed.
func Documented() store.RetryPlan {
	return store.RetryPlan{
		Waits: []time.Duration{
			30 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour,
		},
		Every: 24 * time.Hour,
		Until: 48 * time.Hour,
	}
}
