package mock_test

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// lateAnswers is a scenario of payments that the bank decides late, and whose answers nobody waits for.
const lateAnswers = `version: 1
scenarios: [{name: late, create: {delay: 5m}, payment: {status: SUCCESS, delay: 20s}}]`

// paysLate asks for a payment whose answer comes late, and comes back once the payment is made. hangUp ends the
// request.
func (c *client) paysLate(orderID string) (hangUp func()) {
	c.t.Helper()
	ctx, cancel := context.WithCancel(c.t.Context())
	request := c.request(http.MethodPost, "/api/payment", charge(orderID)).WithContext(ctx)
	request.Header.Set("X-Mock-Scenario", "late")

	ended := make(chan error, 1)
	go func() {
		res, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = res.Body.Close()
		}
		ended <- err
	}()
	c.await("kind=payment&orderId=" + orderID)
	return func() {
		cancel()
		require.ErrorIs(c.t, <-ended, context.Canceled)
	}
}

// A reset forgets payments whose answers are still late: nothing follows them any more.
func TestResetWhileAnswersAboutPaymentsAreLate(t *testing.T) {
	t.Parallel()
	log := &logged{}
	c := clientOf(t, start(t, mock.Config{Logger: slog.New(slog.NewTextHandler(log, nil))}))
	require.Equal(t, http.StatusOK, c.put(lateAnswers).status)
	var hangUps []func()
	for i := range 4 {
		hangUps = append(hangUps, c.paysLate("ORD-"+strconv.Itoa(i)))
	}

	require.Equal(t, http.StatusOK, c.post("/_mock/reset", "").status)
	for _, hangUp := range hangUps {
		hangUp()
	}
	c.await("kind=sale&count=4")
	moved := c.post("/_mock/clock", `{"advance": "1h"}`)

	require.Equal(t, http.StatusOK, moved.status, moved.raw)
	require.NotContains(t, log.String(), "level=ERROR")
}
