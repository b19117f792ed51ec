package mock_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
)

// The documented schedule: 30 s, 1 min, 5 min, 15 min, 1 h, 4 h, 12 h, then every 24 h up to 48 h.
func TestCallbackIsRetriedOnTheDocumentedSchedule(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t, http.StatusInternalServerError)
	c := clientOf(t, srv)
	srv.Freeze()
	id := c.create("ORD-1", merchant.callback())
	paidAt := srv.Advance(0)
	srv.Pay(id, goodCard)
	srv.Advance(48 * time.Hour)

	deliveries := srv.Callbacks(id)
	require.Len(t, deliveries, 1)
	d := deliveries[0]
	require.Equal(t, store.Exhausted, d.Status)
	require.Nil(t, d.NextAttemptAt)
	var offsets []time.Duration
	for i, a := range d.Attempts {
		offsets = append(offsets, a.At.Sub(paidAt))
		require.Equal(t, i+1, a.Number)
		require.Equal(t, http.StatusInternalServerError, a.Status)
		require.Equal(t, "answered 500, 2xx is wanted", a.Error)
	}
	require.Equal(t, []time.Duration{
		0, 30 * time.Second, 90 * time.Second, 390 * time.Second, 1290 * time.Second, 1290*time.Second + time.Hour,
		1290*time.Second + 5*time.Hour, 1290*time.Second + 17*time.Hour, 1290*time.Second + 41*time.Hour,
	}, offsets)
	require.Len(t, merchant.received(), 9)
	require.Len(t, entriesOf(c.get("/_mock/journal?kind=callback&checkoutId="+id)), 9)

	srv.Advance(1000 * time.Hour)
	require.Len(t, merchant.received(), 9, "exhausted means that nothing more comes")
}

func TestCallbackThatIsTakenAtARetryIsDone(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t, 503, 404, 200)
	c := clientOf(t, srv)
	srv.Freeze()
	id := c.create("ORD-1", merchant.callback())
	srv.Pay(id, goodCard)
	srv.Advance(30 * time.Second)
	d := srv.Callbacks(id)[0]
	require.Equal(t, store.Failed, d.Status)
	require.NotNil(t, d.NextAttemptAt)
	srv.Advance(48 * time.Hour)
	d = srv.Callbacks(id)[0]
	require.Equal(t, store.Delivered, d.Status)
	require.Len(t, d.Attempts, 3)
	require.NotNil(t, d.DeliveredAt)
	require.Empty(t, d.Attempts[2].Error)
}

func TestRetryPlanCanBeChosen(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		plan     mock.RetryPlan
		attempts int
	}{
		"none":      {mock.RetryPlan{}, 1},
		"own waits": {mock.RetryPlan{Waits: []time.Duration{time.Second, time.Minute}}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, merchant := start(t, mock.Config{RetryPlan: &test.plan}), newShop(t, 500)
			srv.Freeze()
			id := clientOf(t, srv).create("ORD-1", merchant.callback())
			srv.Pay(id, goodCard)
			srv.Advance(48 * time.Hour)
			require.Len(t, merchant.received(), test.attempts)
			require.Equal(t, store.Exhausted, srv.Callbacks(id)[0].Status)
		})
	}
}

func TestRetriesOfManyRunInOrder(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t, 500)
	c := clientOf(t, srv)
	srv.Freeze()
	const checkouts = 50
	for i := range checkouts {
		srv.Pay(c.create(fmt.Sprintf("ORD-%d", i), merchant.callback()), goodCard)
		srv.Advance(time.Second)
	}
	srv.Advance(48 * time.Hour)
	require.Len(t, merchant.received(), 9*checkouts)
	var last string
	for _, e := range entriesOf(c.get("/_mock/journal?kind=callback&limit=10000")) {
		at := e["time"].(string)
		require.LessOrEqual(t, last, at, "callbacks went out in the order of their times")
		last = at
	}
}

// receiver answers callbacks in ways a shop should not.
func receiver(t *testing.T, handle http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	return s.URL
}

func TestWhatDoesNotCountAsTaken(t *testing.T) {
	t.Parallel()
	redirects := newShop(t)
	for name, test := range map[string]struct {
		url    string
		error  string
		status int
	}{
		"nobody listens": {nowhere, "connection refused: nothing listens there", 0},
		"a redirect": {
			receiver(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, redirects.callback(), http.StatusSeeOther)
			}),
			"answered 303: redirects are not followed, 2xx is wanted", 303,
		},
		"a broken connection": {
			receiver(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
			"the connection was closed before an answer came", 0,
		},
		"plain HTTP behind https": {
			strings.Replace(receiver(t, func(http.ResponseWriter, *http.Request) {}), "http:", "https:", 1),
			"the receiver does not speak TLS: is the callback an https URL by mistake?", 0,
		},
		"a cloud's metadata": {"http://169.254.169.254/latest", "not sent: callbacks are never sent to " +
			"169.254.169.254:80", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := start(t, mock.Config{RetryPlan: &mock.RetryPlan{}})
			id := clientOf(t, srv).create("ORD-1", test.url)
			srv.Pay(id, goodCard)
			srv.Advance(0)
			d := srv.Callbacks(id)[0]
			require.Equal(t, store.Exhausted, d.Status)
			require.Equal(t, test.error, d.Attempts[0].Error)
			require.Equal(t, test.status, d.Attempts[0].Status)
		})
	}
	t.Cleanup(func() { require.Empty(t, redirects.received(), "the redirect was not followed") })
}

// Nothing is said of how long it may take beyond its time: a machine can be busy.
func TestSilentReceiverIsGivenFiveSecondsOrWhatIsSet(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		set, given time.Duration
		error      string
	}{
		{set: 0, given: 5 * time.Second, error: "no answer within 5s"},
		{set: 50 * time.Millisecond, given: 50 * time.Millisecond, error: "no answer within 50ms"},
	} {
		t.Run(test.error, func(t *testing.T) {
			t.Parallel()
			srv := start(t, mock.Config{RetryPlan: &mock.RetryPlan{}, CallbackTimeout: test.set})
			c := clientOf(t, srv)
			id := c.create("ORD-1", hangingShop(t))
			srv.Pay(id, goodCard)
			c.await("kind=callback&status=EXHAUSTED&checkoutId=" + id)
			a := srv.Callbacks(id)[0].Attempts[0]
			require.Equal(t, test.error, a.Error)
			require.GreaterOrEqual(t, a.LatencyMS, float64(test.given.Milliseconds()))
		})
	}
}

func TestReceiverOfAWebhookHasItsOwnTime(t *testing.T) {
	t.Parallel()
	exhausted := make(chan struct{})
	shop := receiver(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Request-Time") != "" { // it is a webhook
			<-exhausted
		} else {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}
	})
	srv := start(t, mock.Config{
		RetryPlan: &mock.RetryPlan{}, CallbackTimeout: 50 * time.Millisecond, WebhookURL: shop, WebhookSecret: "secret",
	})
	c := clientOf(t, srv)
	id := c.create("ORD-1", shop)
	srv.Pay(id, goodCard)
	c.await("kind=callback&status=EXHAUSTED&checkoutId=" + id)
	close(exhausted)
	c.await("kind=webhook&status=DELIVERED&checkoutId=" + id)
}

func TestSlowReceiverHoldsUpNobody(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	slow := receiver(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	srv, merchant := start(t, mock.Config{CallbackTimeout: 30 * time.Second}), newShop(t)
	c := clientOf(t, srv)
	srv.Pay(c.create("ORD-1", slow), goodCard)
	id := c.create("ORD-2", merchant.callback())
	srv.Pay(id, goodCard)
	c.await("kind=callback&status=DELIVERED&checkoutId=" + id)
}

func TestLongAnswerIsCut(t *testing.T) {
	t.Parallel()
	url := receiver(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1<<20)) })
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	id := c.create("ORD-1", url)
	srv.Pay(id, goodCard)
	srv.Advance(0)
	d := srv.Callbacks(id)[0]
	require.Equal(t, store.Delivered, d.Status)
	require.Len(t, d.Attempts[0].Response, 1<<10)
	require.Less(t, len(c.get("/_mock/journal?kind=callback").raw), 200_000)
}

func TestRedeliver(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t, 500, 500, 200)
	c := clientOf(t, srv)
	srv.Freeze()
	id := c.create("ORD-1", merchant.callback())
	srv.Pay(id, goodCard)
	srv.Advance(0)
	d := srv.Callbacks(id)[0]
	planned := *d.NextAttemptAt

	failed := c.post("/_mock/callbacks/"+d.ID+"/redeliver", "")
	require.Equal(t, http.StatusOK, failed.status, failed.raw)
	require.Equal(t, "FAILED", failed.text("status"))
	again := srv.Callbacks(id)[0]
	require.Equal(t, planned, *again.NextAttemptAt, "a failed attempt by hand leaves the plan as it was")
	require.True(t, again.Attempts[1].Manual)

	taken := c.post("/_mock/callbacks/"+d.ID+"/redeliver", "")
	require.Equal(t, "DELIVERED", taken.text("status"))
	require.NotContains(t, taken.body, "nextAttemptAt")
	srv.Advance(48 * time.Hour)
	require.Len(t, merchant.received(), 3, "what was taken is not sent again")

	require.Equal(t, http.StatusNotFound, c.post("/_mock/callbacks/123e4567-e89b-12d3-a456-426614174000/redeliver",
		"").status)
	require.Equal(t, http.StatusBadRequest, c.post("/_mock/callbacks/1/redeliver", "").status)
}

func TestForge(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	id := c.create("ORD-1", merchant.callback())
	for _, body := range []string{
		`{"checkoutId":"` + id + `"}`,
		`{"checkoutId":"` + id + `","as":"json"}`,
		`{"checkoutId":"nonsense & more","as":"query","url":"` + merchant.callback() + `?a=1"}`,
	} {
		r := c.post("/_mock/callbacks/forge", body)
		require.Equal(t, http.StatusOK, r.status, r.raw)
		require.Equal(t, "forge", r.text("kind"))
	}
	got := merchant.received()
	require.Len(t, got, 3)
	require.Equal(t, []string{id}, got[0].form["checkoutId"])
	require.Equal(t, "application/json", got[1].contentType)
	require.Empty(t, got[2].form)
	require.Equal(t, "ENROLLED", c.get("/api/checkout/"+id).text("status"), "a forged callback changes nothing")
	require.Empty(t, srv.Callbacks(id))
	require.Len(t, entriesOf(c.get("/_mock/journal?kind=forge")), 3)

	lost := c.post("/_mock/callbacks/forge", `{"checkoutId":"unknown"}`)
	require.Equal(t, http.StatusNotFound, lost.status)
	require.Equal(t, []string{"url: is required, because there is no checkout with this checkoutId for test_key"},
		lost.faults())
}

func TestCallbackOn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		on   []string
		want map[string]int // by what happened
	}{
		"by default": {nil, map[string]int{"success": 1, "failure": 1, "cancel": 1, "expiry": 0}},
		"everything": {[]string{"success", "failure", "cancel", "expiry"}, map[string]int{
			"success": 1, "failure": 1,
			"cancel": 1, "expiry": 1,
		}},
		"success": {[]string{"success"}, map[string]int{"success": 1, "failure": 0, "cancel": 0, "expiry": 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := start(t, mock.Config{CallbackOn: test.on})
			c := clientOf(t, srv)
			for event, body := range map[string]string{
				"success": `{"status":"SUCCESS"}`, "failure": `{"status":"FAILED"}`, "cancel": `{"status":"CANCELLED"}`,
				"expiry": "",
			} {
				id := c.create("ORD-"+event, newShop(t).callback())
				call := "outcome"
				if event == "expiry" {
					call = "expire"
				}
				r := c.post("/_mock/checkouts/"+id+"/"+call, body)
				require.Equal(t, http.StatusOK, r.status, r.raw)
				require.Len(t, srv.Callbacks(id), test.want[event], event)
			}
		})
	}
}

func TestBeyondLoopbackOnlyWhatIsListed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		allow []string
		want  store.DeliveryStatus
	}{
		"nothing":        {nil, store.Exhausted},
		"another net":    {[]string{"10.0.0.0/8"}, store.Exhausted},
		"the address":    {[]string{"127.0.0.1"}, store.Delivered},
		"the net":        {[]string{"10.0.0.0/8", "127.0.0.0/8"}, store.Delivered},
		"the host name":  {[]string{"localhost"}, store.Delivered},
		"its upper case": {[]string{"LOCALHOST"}, store.Delivered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := start(t, mock.Config{Addr: "0.0.0.0:0", CallbackAllow: test.allow, RetryPlan: &mock.RetryPlan{}})
			merchant := newShop(t)
			id := clientOf(t, srv).create("ORD-1", strings.Replace(merchant.callback(), "127.0.0.1", "localhost", 1))
			srv.Pay(id, goodCard)
			srv.Advance(0)
			require.Equal(t, test.want, srv.Callbacks(id)[0].Status, "%+v", srv.Callbacks(id)[0].Attempts)
		})
	}
}

// A callback that is sent by hand while it is being sent anyway makes no other one come more often.
func TestRedeliveryBesideAnAttemptAddsNoOther(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{Scenario: "callback-duplicated"})
	c := clientOf(t, srv)
	var posts atomic.Int32
	arrived, proceed := make(chan struct{}), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if posts.Add(1) == 1 {
			close(arrived)
			<-proceed
		}
	}))
	t.Cleanup(slow.Close)
	id := c.create("ORD-1", slow.URL)
	c.post("/_mock/checkouts/"+id+"/pay", "")
	<-arrived
	callback := c.get("/_mock/callbacks?checkoutId=" + id).body["callbacks"].([]any)[0].(map[string]any)["id"].(string)
	require.Equal(t, http.StatusOK, c.post("/_mock/callbacks/"+callback+"/redeliver", "").status)
	close(proceed)
	c.await("kind=callback&status=DELIVERED&count=4")
	srv.Advance(48 * time.Hour)
	require.EqualValues(t, 3+1, posts.Load(), "three by the scenario, one by hand")
}

// hangingShop takes callbacks and answers none until the test is over.
func hangingShop(t *testing.T) string {
	t.Helper()
	over := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-over:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(hanging.Close)
	t.Cleanup(func() { close(over) })
	return hanging.URL
}

// A host that hangs with more callbacks than it may have at once holds up neither a fresh start nor, while the clock is
// to be moved, the callbacks to another host.
func TestManyCallbacksToAHangingHostHoldUpNobody(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{CallbackTimeout: 2 * time.Second}), newShop(t)
	c, hanging := clientOf(t, srv), hangingShop(t)
	for i := range 100 {
		id := c.create(fmt.Sprint("HANGS-", i), hanging)
		c.post("/_mock/checkouts/"+id+"/pay", "")
	}
	moved := make(chan reply, 1)
	go func() { moved <- c.post("/_mock/clock", `{"advance": "1s"}`) }()
	for i := range 5 {
		id := c.create(fmt.Sprint("ORD-", i), merchant.callback())
		c.post("/_mock/checkouts/"+id+"/pay", "")
	}
	c.await("kind=callback&status=DELIVERED&count=5")
	begin := time.Now()
	require.Equal(t, http.StatusOK, c.post("/_mock/reset", "").status)
	require.Less(t, time.Since(begin), 15*time.Second, "one attempt takes two seconds, a hundred in turn three minutes")
	require.Equal(t, http.StatusOK, (<-moved).status)
	require.Empty(t, c.orders())
}

// Callback URLs are taken as people write them, and go out as browsers send them.
func TestCallbackURLsAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- r.Host + r.RequestURI
	}))
	t.Cleanup(receiver.Close)
	port := strings.TrimPrefix(receiver.URL, "http://127.0.0.1")
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)

	for callback, want := range map[string]string{
		"http://shop.localhost" + port + "/cb": "shop.localhost" + port + "/cb",
		"http://Mağaza.localhost" + port + "/ödeme%2F1?ürün=1#here": "xn--maaza-l1a.localhost" + port +
			"/%C3%B6deme%2F1?%C3%BCr%C3%BCn=1",
		"http://a.b.localhost." + port:           "a.b.localhost." + port + "/",
		"http://[::ffff:127.0.0.1]" + port + "/": "[::ffff:127.0.0.1]" + port + "/",
	} {
		srv.Pay(c.create("ORD-1", callback), goodCard)
		c.await("kind=callback")
		require.Equal(t, want, <-asked, callback)
		require.Equal(t, http.StatusOK, c.post("/_mock/reset", "").status)
	}

	forged := c.post("/_mock/callbacks/forge", `{"checkoutId": "x", "url": "http://mağaza.localhost`+port+`/ö"}`)
	require.Equal(t, http.StatusOK, forged.status, "%s", forged.raw)
	require.Equal(t, "xn--maaza-l1a.localhost"+port+"/%C3%B6", <-asked)
}
