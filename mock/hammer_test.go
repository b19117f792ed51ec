package mock_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// Many hands work on several merchants at once: they create, pay, cancel, ask, freeze, advance, resume
// and send again, against a shop that takes only some callbacks. In the end the books balance: every
// checkout that has a result was told of it, and nothing is left to do.
func TestManyHandsAtOnce(t *testing.T) {
	t.Parallel()
	var count atomic.Int64
	shop := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		if count.Add(1)%3 == 0 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	srv := start(t, mock.Config{Payer: mock.PayerAuto})
	scenarios := []string{
		"", "slow-bank", "customer-cancels", "insufficient-funds", "callback-concurrent",
		"callback-duplicated", "callback-before-response", "status-500-then-ok",
	}
	var hands sync.WaitGroup
	for m := range 4 {
		c := clientOf(t, srv).as(fmt.Sprintf("test_hammer_%d", m))
		for hand := range 3 {
			hands.Go(func() {
				for i := range 24 {
					id := c.createAs(scenarios[(i+hand)%len(scenarios)], fmt.Sprintf("ORD-%d-%d", hand, i), shop).text("checkoutId")
					c.get("/api/checkout/" + id)
					switch i % 4 {
					case 0:
						c.post("/_mock/checkouts/"+id+"/pay", "")
					case 1:
						c.post("/_mock/checkouts/"+id+"/outcome", `{"status":"FAILED"}`)
					case 2:
						c.get("/_mock/journal?limit=5")
					}
				}
			})
		}
		hands.Go(func() {
			for i := range 24 {
				c.post("/_mock/clock", []string{`{"freeze":true}`, `{"advance":"31s"}`, `{"resume":true}`, `{"advance":"1h"}`}[i%4])
			}
		})
	}
	hands.Wait()

	for m := range 4 {
		c := clientOf(t, srv).as(fmt.Sprintf("test_hammer_%d", m))
		c.post("/_mock/clock", `{"freeze":true,"advance":"100h"}`)
		require.NotContains(t, c.get("/_mock/clock").body, "nextDue", "nothing is left to do")
		checkouts := c.get("/_mock/checkouts").body["checkouts"].([]any)
		require.Len(t, checkouts, 3*24)
		for _, one := range checkouts {
			checkout := one.(map[string]any)
			require.Contains(t, []any{"PAID", "CANCELLED", "EXPIRED"}, checkout["state"])
			told := checkout["callbacks"].([]any)
			if checkout["state"] != "EXPIRED" {
				require.NotEmpty(t, told, "%v", checkout)
			}
			for _, d := range told {
				require.Contains(t, []any{"DELIVERED", "EXHAUSTED"}, d.(map[string]any)["status"])
			}
		}
	}
}
