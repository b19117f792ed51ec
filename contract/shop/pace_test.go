package shop

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/internal/relay"
)

// asking is a shop that was told of a checkout so often, and then asks so often, after such pauses. Each answer is what
// answer says.
func asking(told, times int, pause time.Duration, answer func(i int) string) (calls []Call) {
	begun := time.Now()
	status, _ := openapi.Ours().Operation(openapi.GetCheckout)
	call := func(after time.Duration) Call {
		x := exchange.Exchange{At: begun.Add(after), LatencyMS: 1}
		return Call{Call: relay.Call{Exchange: x}, Over: true, checkoutID: "c"}
	}
	for range told {
		c := call(0)
		c.From, c.To = Gateway, Merchant
		calls = append(calls, c)
	}
	for i := range times {
		c := call(time.Second + time.Duration(i)*pause)
		c.From, c.To, c.Operation = Merchant, Gateway, status
		c.Response = &exchange.Message{Status: 200, Body: exchange.Body(answer(i))}
		calls = append(calls, c)
	}
	return calls
}

func TestShopThatAsksWithoutAnEndIsTold(t *testing.T) {
	t.Parallel()
	same := func(int) string { return "ENROLLED" }
	changes := func(i int) string { return fmt.Sprint(i / 6) }
	for name, c := range map[string]struct {
		calls []Call
		want  bool
	}{
		"often enough for long enough":     {asking(1, 9, 400*time.Millisecond, same), true},
		"once less":                        {asking(1, 8, 450*time.Millisecond, same), false},
		"often, in a shorter time":         {asking(1, 20, 100*time.Millisecond, same), false},
		"once for each callback in a row":  {asking(20, 20, 200*time.Millisecond, same), false},
		"it is told something new halfway": {asking(1, 12, 400*time.Millisecond, changes), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, endless(c.calls))
		})
	}
}

// However many ask, each is answered in the end; who asks about one after the other hardly waits.
func TestIdleQuestionsAreAnsweredOneAfterTheOther(t *testing.T) {
	t.Parallel()
	var q queue
	now := time.Now()
	require.Equal(t, idlePause, q.turn(now))
	require.Equal(t, 2*idlePause, q.turn(now))
	require.Equal(t, idlePause, q.turn(now.Add(time.Second)))
	for range 1000 {
		require.LessOrEqual(t, q.turn(now.Add(time.Second)), calmFor)
	}
	require.Equal(t, calmFor, q.turn(now.Add(time.Second)))
	require.Equal(t, idlePause, q.turn(now.Add(4*time.Second)), "those before it are answered")
}
