package mock

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/payporter-mock/payporter-mock/payment"
)

// waits bounds how many requests wait at a time for something that may take long: an entry of the journal, a move of
// the clock, an answer that a scenario delays. Each holds a connection, and health must always get one.
type waits struct {
	most int64
	now  atomic.Int64
}

// newWaits lets half of the connections wait, and at least one.
func newWaits(connections int) *waits { return &waits{most: int64(max(1, connections/2))} }

// begin takes a place, which done gives back. When all are taken it answers an *payment.Error with code
// TooManyRequests.
func (w *waits) begin() (done func(), err error) {
	if w.now.Add(1) > w.most {
		w.now.Add(-1)
		return nil, &payment.Error{
			Code: payment.TooManyRequests, RetryAfter: time.Second,
			Message: fmt.Sprintf("as many requests wait as may, half of the connections (%d); come again, or raise "+
				"--max-connections",
				w.most),
		}
	}
	return func() { w.now.Add(-1) }, nil
}
