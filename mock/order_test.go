package mock_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// happening is what the journal says about the order of an entry.
type happening struct {
	client *client
	entry  map[string]any
}

func (h happening) number(name string) int64 {
	h.client.t.Helper()
	n, ok := h.entry[name].(json.Number)
	if !ok {
		return 0
	}
	i, err := n.Int64()
	require.NoError(h.client.t, err)
	return i
}

// happened answers the only entry that the query finds.
func (c *client) happened(query string) happening {
	c.t.Helper()
	found := entriesOf(c.await(query))
	require.Len(c.t, found, 1, query)
	return happening{c, found[0]}
}

// within says that one began and ended while the other was under way.
func (h happening) within(other happening) {
	h.client.t.Helper()
	require.Less(h.client.t, other.number("startSeq"), h.number("startSeq"))
	require.Less(h.client.t, h.number("endSeq"), other.number("endSeq"))
}

// causedBy says which entry made it happen.
func (h happening) causedBy(other happening) {
	h.client.t.Helper()
	require.Positive(h.client.t, other.number("startSeq"))
	require.Equal(h.client.t, other.number("startSeq"), h.number("cause"))
	require.Less(h.client.t, other.number("startSeq"), h.number("startSeq"))
}

// frozenOrNot runs a test with the merchant's clock running, and with it frozen: then all times are equal.
func frozenOrNot(t *testing.T, test func(t *testing.T, srv *mock.Test)) {
	t.Helper()
	for name, frozen := range map[string]bool{"clock runs": false, "clock is frozen": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := start(t, mock.Config{})
			if frozen {
				srv.Freeze()
			}
			test(t, srv)
		})
	}
}

func TestEarlyCallbackLiesInsideItsCreate(t *testing.T) {
	t.Parallel()
	frozenOrNot(t, func(t *testing.T, srv *mock.Test) {
		c, merchant := clientOf(t, srv), newShop(t)
		c.playing("callback-before-response").create("ORD-1", merchant.callback())
		create, payment, callback := c.happened("kind=create"), c.happened("kind=payment"), c.happened("kind=callback")
		payment.within(create)
		callback.within(create)
		payment.causedBy(create)
		callback.causedBy(create)
	})
}

// playing orders a scenario for the next checkout.
func (c *client) playing(scenario string) *client {
	c.t.Helper()
	require.Equal(c.t, http.StatusOK, c.post("/_mock/scenarios/next", `{"scenario":"`+scenario+`"}`).status)
	return c
}

func TestQuestionInsideACallbackLiesInsideIt(t *testing.T) {
	t.Parallel()
	frozenOrNot(t, func(t *testing.T, srv *mock.Test) {
		c := clientOf(t, srv)
		id := c.create("ORD-1", askingShop(t, c))
		require.Equal(t, http.StatusOK, c.post("/_mock/checkouts/"+id+"/pay", "").status)
		create, control, payment := c.happened("kind=create"), c.happened("kind=control"), c.happened("kind=payment")
		callback, status := c.happened("kind=callback"), c.happened("kind=status")
		require.Less(t, create.number("endSeq"), control.number("startSeq"))
		payment.within(control)
		payment.causedBy(control)
		callback.causedBy(payment)
		status.within(callback)
		require.NotContains(t, create.entry, "cause")
		require.NotContains(t, status.entry, "cause", "nothing in a request says what it was sent for")
	})
}

// askingShop asks for the status of a checkout before it answers the callback. It waits for something first, if there
// is anything to wait for.
func askingShop(t *testing.T, c *client, first ...func()) (callback string) {
	t.Helper()
	return receiver(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		for _, wait := range first {
			wait()
		}
		c.get("/api/checkout/" + form.Get("checkoutId"))
		w.WriteHeader(http.StatusOK)
	})
}

func TestConcurrentCallbacksOverlap(t *testing.T) {
	t.Parallel()
	frozenOrNot(t, func(t *testing.T, srv *mock.Test) {
		c := clientOf(t, srv)
		id := c.playing("callback-concurrent").create("ORD-1", meetingPlace(t, 5))
		srv.Pay(id, goodCard)
		lastStart, firstEnd := int64(0), int64(math.MaxInt64)
		for _, entry := range entriesOf(c.await("kind=callback&count=5")) {
			callback := happening{c, entry}
			lastStart, firstEnd = max(lastStart, callback.number("startSeq")), min(firstEnd, callback.number("endSeq"))
		}
		require.Less(t, lastStart, firstEnd, "all had been sent before one was answered")
	})
}

// Real times decide where the clock runs: here the callback that arrived first is answered last.
func TestAnswersOfConcurrentCallbacksHaveTheirRealOrder(t *testing.T) {
	t.Parallel()
	const count = 5
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	var arrived atomic.Int32
	turns := make([]chan struct{}, count+1)
	for i := range turns {
		turns[i] = make(chan struct{})
	}
	var id string
	ends := endsOf(c, &id)
	id = c.playing("callback-concurrent").create("ORD-1", receiver(t, func(http.ResponseWriter, *http.Request) {
		n := int(arrived.Add(1))
		if n == count {
			close(turns[count])
		}
		<-turns[n]
		for tries := 0; ends() < count-n && tries < 1000; tries++ { // until the answer before it has its place
			time.Sleep(time.Millisecond)
		}
		close(turns[n-1])
	}))
	srv.Pay(id, goodCard)

	callbacks := entriesOf(c.await("kind=callback&count=5"))
	slices.SortFunc(callbacks, func(a, b map[string]any) int {
		return cmp.Compare(happening{c, a}.number("endSeq"), happening{c, b}.number("endSeq"))
	})
	endedAt := func(i int) time.Time {
		at, err := time.Parse(time.RFC3339, callbacks[i]["endedAt"].(string))
		require.NoError(t, err)
		return at
	}
	for i := 1; i < count; i++ {
		require.False(t, endedAt(i).Before(endedAt(i-1)), "%v", callbacks)
	}
}

// endsOf counts, from its first call on, the places in the order that others have taken: the ends of what is under way.
// It asks for the status of a checkout, which takes two places, and the journal for that, which takes one.
func endsOf(c *client, checkoutID *string) func() int {
	first, calls := 0, 0
	return func() int {
		c.get("/api/checkout/" + *checkoutID)
		calls++
		asked := entriesOf(c.await(fmt.Sprint("kind=status&count=", calls)))
		place := int(happening{c, asked[len(asked)-1]}.number("endSeq"))
		if calls == 1 {
			first = place
		}
		return place - first - 3*(calls-1)
	}
}

// meetingPlace answers callbacks once so many have come.
func meetingPlace(t *testing.T, wanted int) (callback string) {
	t.Helper()
	var all sync.WaitGroup
	all.Add(wanted)
	return receiver(t, func(http.ResponseWriter, *http.Request) {
		all.Done()
		all.Wait()
	})
}

func TestControlCallsLieAroundWhatTheyCause(t *testing.T) {
	t.Parallel()
	frozenOrNot(t, func(t *testing.T, srv *mock.Test) {
		c, merchant := clientOf(t, srv), newShop(t)
		id := c.create("ORD-1", merchant.callback())
		srv.Pay(id, goodCard)
		first := c.happened("kind=callback&checkoutId=" + id)
		require.Equal(t, c.happened("kind=payment").number("startSeq"), first.number("cause"))
		for kind, call := range map[string]string{
			"callback": "/_mock/callbacks/" + srv.Callbacks(id)[0].ID + "/redeliver",
			"forge":    "/_mock/callbacks/forge",
		} {
			after := fmt.Sprint("&after=", len(entriesOf(c.get("/_mock/journal"))))
			body := ""
			if kind == "forge" {
				body = `{"checkoutId":"` + id + `"}`
			}
			require.Equal(t, http.StatusOK, c.post(call, body).status)
			sent, control := c.happened("kind="+kind+"&checkoutId="+id+after), c.happened("kind=control&checkoutId="+id+after)
			sent.within(control)
			sent.causedBy(control)
			require.Equal(t, "ORD-1", control.entry["orderId"])
		}
	})
}

func TestMoveOfTheClockLiesAroundWhatItCauses(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	c.post("/_mock/clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`)
	c.create("ORD-1", nowhere)
	c.post("/_mock/clock", `{"advance":"48h"}`)
	expiry, move := c.happened("kind=payment"), happening{c, entriesOf(c.await("kind=control&count=2"))[1]}
	expiry.within(move)
	expiry.causedBy(move)
	require.Equal(t, "2026-01-31T12:00:00Z", move.entry["time"])
	require.Equal(t, "2026-02-02T12:00:00Z", move.entry["endedAt"])
	require.Equal(t, "2026-02-01T12:00:00Z", expiry.entry["time"])

	t.Run("and a reset begins to count anew", func(t *testing.T) {
		c.post("/_mock/reset", "")
		c.create("ORD-2", nowhere)
		reset, create := c.happened("kind=control"), c.happened("kind=create")
		require.Equal(t, []int64{0, 1}, []int64{reset.number("startSeq"), reset.number("endSeq")}, "it began before")
		require.Equal(t, []int64{2, 3}, []int64{create.number("startSeq"), create.number("endSeq")})
	})
}

func TestExchangeWithoutAnAnswerEndsWhereItBroke(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	require.Equal(t, http.StatusOK, c.put(`
version: 1
scenarios: [{name: broken, create: {fault: reset, created: true}, payer: {action: pay}, callback: {deliveries: [{beforeResponse: true}]}}]
`).status)
	_, err := http.DefaultClient.Do(c.request("POST", "/api/checkout", order("ORD-1", newShop(t).callback())))
	require.Error(t, err, "the connection breaks off before an answer")
	create, callback := c.happened("kind=create"), c.happened("kind=callback")
	require.NotContains(t, create.entry, "response")
	callback.within(create)
}
