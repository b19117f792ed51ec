package gateway

import (
	"fmt"
	"math"
	"time"

	"golang.org/x/time/rate"

	"github.com/payporter-mock/payporter-mock/payment"
)

// RateLimit is how many requests a merchant may make in how long. All of them may come at once; after that they come
// back evenly. The zero value is no limit.
type RateLimit struct {
	Requests int
	Per      time.Duration
}

// limiter makes the merchant's limiter; nil without a limit.
func (l RateLimit) limiter() *rate.Limiter {
	if l.Requests == 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(float64(l.Requests)/l.Per.Seconds()), l.Requests)
}

// Admit counts a request of the merchant by its own clock. One too many is an *payment.Error with code TooManyRequests
// that says when to come back.
func (m *Merchant) Admit() error {
	limiter := m.limiter.Load()
	if limiter == nil {
		return nil
	}

	now := m.clock.Now()
	if limiter.AllowN(now, 1) {
		return nil
	}

	missing := 1 - limiter.TokensAt(now)
	wait := time.Duration(math.Ceil(missing / float64(limiter.Limit()) * float64(time.Second)))
	limit := m.config.Rules.RateLimit
	return &payment.Error{
		Code: payment.TooManyRequests, RetryAfter: max(wait, time.Second),
		Message: fmt.Sprintf("the limit is %d requests in %s; come back when Retry-After says", limit.Requests, limit.Per),
	}
}
