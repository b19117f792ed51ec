package mock_test

import (
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"
)

// whole is longer than any retry plan: what has not come by then never comes.
const whole = 100 * time.Hour

func paidWhateverTheCard(s *scene) {
	id := s.open("ORD-1")
	s.sees(id, "ENROLLED")
	s.srv.Pay(id, declinedCard)
	s.told(id)
	got := s.status(id)
	require.Equal(s.t, "SUCCESS", got.text("status"))
	require.Equal(s.t, "SUCCESS", got.text("resultCode"))
	require.Equal(s.t, "Successful", got.text("resultMessage"))
	require.Equal(s.t, "411111******1129", got.text("pan"))
	require.Regexp(s.t, `^AUTH\d{6}$`, got.text("authCode"))
}

// declined is a bank that says no, whatever the card and however often the customer tries.
func declined(code, message string) func(*scene) {
	return func(s *scene) {
		id := s.open("ORD-1")
		s.sees(id, "ENROLLED")
		var told []string
		for range 2 {
			s.srv.Pay(id, goodCard)
			told = append(told, id)
			s.told(told...)
			got := s.status(id)
			require.Equal(s.t, http.StatusOK, got.status, "a declined payment is no error")
			require.Equal(s.t, "FAILED", got.text("status"))
			require.Equal(s.t, code, got.text("resultCode"))
			require.Equal(s.t, message, got.text("resultMessage"))
			require.Equal(s.t, "542119******0656", got.text("pan"))
			require.NotContains(s.t, got.body, "authCode")
		}
	}
}

func paidOnSecondAttempt(s *scene) {
	id := s.paid()
	s.told(id)
	first := s.status(id)
	require.Equal(s.t, "FAILED", first.text("status"))
	require.Equal(s.t, "51", first.text("resultCode"))
	s.srv.Pay(id, goodCard)
	s.told(id, id)
	second := s.status(id)
	require.Equal(s.t, "SUCCESS", second.text("status"))
	require.Equal(s.t, "SUCCESS", second.text("resultCode"))
	require.NotEqual(s.t, first.text("paymentId"), second.text("paymentId"))
}

func slowBank(s *scene) {
	id := s.paid()
	s.sees(id, "ENROLLED")
	require.NotContains(s.t, s.status(id).body, "resultCode")
	again := s.post("/_mock/checkouts/"+id+"/pay", "")
	require.Equal(s.t, http.StatusConflict, again.status)
	require.Equal(s.t, "checkout "+id+" is being processed", again.text("message"))

	s.srv.Advance(20*time.Second - time.Millisecond)
	s.told()
	s.sees(id, "ENROLLED")
	s.srv.Advance(time.Millisecond)
	s.told(id)
	s.sees(id, "SUCCESS")
}

func paidUnseen(s *scene) {
	id := s.paid()
	s.srv.Advance(30 * time.Second)
	require.Equal(s.t, "SUCCESS", s.get("/_mock/checkouts/"+id).text("status"), "the money was taken")
	for range 3 {
		got := s.status(id)
		require.Equal(s.t, "ENROLLED", got.text("status"))
		for _, telling := range []string{"resultCode", "resultMessage", "authCode"} {
			require.NotContains(s.t, got.body, telling)
		}
	}
	got := s.status(id)
	require.Equal(s.t, "SUCCESS", got.text("status"))
	require.Equal(s.t, "SUCCESS", got.text("resultCode"))
	require.Regexp(s.t, `^AUTH\d{6}$`, got.text("authCode"))
	s.srv.Advance(whole)
	s.told()
}

func pendingThenPaid(s *scene) {
	id := s.paid()
	s.told(id)
	for range 2 {
		got := s.status(id)
		require.Equal(s.t, "PENDING_APPROVAL", got.text("status"))
		require.Equal(s.t, "PENDING_APPROVAL", got.text("resultCode"))
		require.Equal(s.t, "Waiting for approval", got.text("resultMessage"))
		require.NotContains(s.t, got.body, "authCode")
	}
	got := s.status(id)
	require.Equal(s.t, "SUCCESS", got.text("status"))
	require.Equal(s.t, "SUCCESS", got.text("resultCode"))
	require.Regexp(s.t, `^AUTH\d{6}$`, got.text("authCode"))
}

func customerAbandons(s *scene) {
	id := s.open("ORD-1")
	s.sees(id, "ENROLLED")
	s.srv.Advance(2*time.Second - time.Millisecond)
	require.Empty(s.t, entriesOf(s.get("/_mock/journal?kind=payment&checkoutId="+id)))
	s.srv.Advance(time.Millisecond)
	left := entriesOf(s.get("/_mock/journal?kind=payment&checkoutId=" + id))
	require.Len(s.t, left, 1)
	require.Equal(s.t, "abandoned by the customer", left[0]["note"])
	s.srv.Advance(24*time.Hour - 2*time.Second - time.Millisecond)
	s.sees(id, "ENROLLED")
	s.srv.Advance(time.Millisecond)
	s.sees(id, "CANCELLED")
	require.Equal(s.t, "EXPIRED", s.status(id).text("resultCode"))
	s.srv.Advance(whole)
	s.told()
}

func customerCancels(s *scene) {
	id := s.open("ORD-1")
	s.sees(id, "ENROLLED")
	s.srv.Advance(2*time.Second - time.Millisecond)
	s.sees(id, "ENROLLED")
	s.told()
	s.srv.Advance(time.Millisecond)
	s.told(id)
	got := s.status(id)
	require.Equal(s.t, "CANCELLED", got.text("status"))
	require.Equal(s.t, "CANCELLED", got.text("resultCode"))
	require.Equal(s.t, "Cancelled by the customer", got.text("resultMessage"))
	require.NotContains(s.t, got.body, "pan")
	late := s.post("/_mock/checkouts/"+id+"/pay", "")
	require.Equal(s.t, http.StatusConflict, late.status)
	require.Equal(s.t, "checkout "+id+" was cancelled by the customer", late.text("message"))
}

func linkExpires(s *scene) {
	id := s.open("ORD-1")
	s.srv.Advance(5*time.Second - time.Millisecond)
	s.sees(id, "ENROLLED")
	s.srv.Advance(time.Millisecond)
	got := s.status(id)
	require.Equal(s.t, "CANCELLED", got.text("status"))
	require.Equal(s.t, "EXPIRED", got.text("resultCode"))
	late := s.post("/_mock/checkouts/"+id+"/pay", "")
	require.Equal(s.t, http.StatusConflict, late.status)
	require.Equal(s.t, "checkout "+id+" has expired", late.text("message"))
	s.srv.Advance(whole)
	s.told()
}

func callbackLost(s *scene) {
	id := s.paid()
	s.srv.Advance(whole)
	s.told()
	require.Empty(s.t, s.srv.Callbacks(id))
	s.sees(id, "SUCCESS")
}

func callbackLate(s *scene) {
	id := s.paid()
	s.sees(id, "SUCCESS")
	s.srv.Advance(10*time.Minute - time.Millisecond)
	s.told()
	s.srv.Advance(time.Millisecond)
	s.told(id)
	s.srv.Advance(whole)
	s.told(id)
}

func callbackDuplicated(s *scene) {
	var underWay, most atomic.Int32
	s.callback = receiver(s.t, func(w http.ResponseWriter, r *http.Request) {
		most.Store(max(most.Load(), underWay.Add(1)))
		s.shop.takeCallback(w, r)
		underWay.Add(-1)
	}) + "/payment-callback"
	id := s.paid()
	s.await("kind=callback&status=DELIVERED&count=3&checkoutId=" + id)
	s.told(id, id, id)
	require.EqualValues(s.t, 1, most.Load(), "one after the other")
	s.srv.Advance(whole)
	s.told(id, id, id)
	s.sees(id, "SUCCESS")
}

// The receiver answers nobody before all five have come: one after the other, none would be taken.
func callbackConcurrent(s *scene) {
	const callbacks = 5
	var arrived atomic.Int32
	all := make(chan struct{})
	s.callback = receiver(s.t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if arrived.Add(1) == callbacks {
			close(all)
		}
		select {
		case <-all:
			_, _ = w.Write(body)
		case <-r.Context().Done():
		}
	})
	id := s.paid()
	s.await("kind=callback&status=DELIVERED&count=5&checkoutId=" + id)
	s.srv.Advance(whole)
	require.EqualValues(s.t, callbacks, arrived.Load())
	deliveries := s.srv.Callbacks(id)
	require.Len(s.t, deliveries, callbacks)
	for _, d := range deliveries {
		require.Len(s.t, d.Attempts, 1)
		require.Equal(s.t, "checkoutId="+id, d.Attempts[0].Response)
	}
}

// The shop holds the callback up, so nothing that has happened by then can have come after it.
func callbackBeforeResponse(s *scene) {
	told, release := make(chan string, 1), make(chan struct{})
	letGo := sync.OnceFunc(func() { close(release) })
	s.callback = receiver(s.t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		told <- form.Get("checkoutId")
		<-release
	})
	s.t.Cleanup(letGo) // before the receiver is closed
	req, answers := s.asking("ORD-1"), make(chan string, 1)
	go func() { answers <- answered(req) }()

	var id string
	select {
	case id = <-told:
	case answer := <-answers:
		require.Fail(s.t, "answered before the shop was told", answer)
	}
	require.Empty(s.t, answers, "the shop is told of a checkout that it does not know yet")
	require.Empty(s.t, entriesOf(s.get("/_mock/journal?kind=create")))
	s.sees(id, "SUCCESS")
	letGo()
	require.Contains(s.t, <-answers, `200 {"checkoutId":"`+id+`"`)
	s.srv.Advance(whole)
	require.Empty(s.t, told, "it is told once")
	require.Len(s.t, s.srv.Callbacks(id), 1)
}

// answered is the status and the body of an answer, or why none came.
func answered(req *http.Request) string {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	return res.Status[:4] + string(body)
}

// wrongThenRight asserts that a callback came at once that is not about the checkout, and the right
// one two seconds later. It answers the wrong one.
func (s *scene) wrongThenRight(id string) post {
	s.t.Helper()
	s.srv.Advance(2*time.Second - time.Millisecond)
	got := s.shop.received()
	require.Len(s.t, got, 1)
	wrong := got[0]
	s.srv.Advance(12 * time.Hour) // no link has expired by then
	require.Equal(s.t, []post{wrong, carrying("checkoutId", id)}, s.shop.received())
	right := s.srv.Callbacks(id)[0].Attempts[0]
	require.Equal(s.t, 2*time.Second, right.At.Sub(s.srv.Checkout(id).Payment.Date))
	s.sees(id, "SUCCESS")
	return wrong
}

func callbackUnknownID(s *scene) {
	wrong := s.wrongThenRight(s.paid())
	unknown := wrong.form.Get("checkoutId")
	require.Regexp(s.t, uuid4, unknown)
	require.Equal(s.t, carrying("checkoutId", unknown), wrong)
	require.Equal(s.t, http.StatusNotFound, s.status(unknown).status)
}

func callbackMissingID(s *scene) {
	require.Equal(s.t, carrying(), s.wrongThenRight(s.paid()))
}

func callbackOtherOrder(s *scene) {
	id := s.open("ORD-1")
	other := s.create("ORD-2", s.callback)
	s.as("test_other_shop").create("ORD-3", s.callback)
	s.srv.Pay(id, goodCard)
	require.Equal(s.t, carrying("checkoutId", other), s.wrongThenRight(id))
	s.sees(other, "ENROLLED")
}
