package mock_test

import (
	"net/http"
	"time"

	"github.com/stretchr/testify/require"
)

// listens lets the scene's webhooks go to a listener, and a checkout be paid whose callback goes there, too.
func (s *scene) listens() (l *listener, checkout string) {
	s.t.Helper()
	l = newListener(s.t)
	answer := s.putWebhook(l.webhook(), `, "secret": "`+webhookSecret+`"`)
	require.Equal(s.t, http.StatusOK, answer.status, answer.raw)
	s.post("/_mock/clock", `{"freeze": true, "set": "2026-01-31T12:00:00Z"}`)

	s.callback = l.URL + "/callback"
	checkout = s.open("ORD-1")
	s.srv.Pay(checkout, goodCard)
	s.srv.Advance(0)
	return l, checkout
}

func webhookLate(s *scene) {
	l, _ := s.listens()
	s.srv.Advance(10*time.Minute - time.Second)
	require.Empty(s.t, l.webhooks())
	s.srv.Advance(time.Second)
	require.Len(s.t, l.webhooks(), 1)
	require.True(s.t, l.webhooks()[0].signedWith(webhookSecret))
}

func webhookTwice(s *scene) {
	l, _ := s.listens()
	all := l.webhooks()
	require.Len(s.t, all, 2)
	require.Equal(s.t, all[0], all[1])
}

func webhookBeforeCallback(s *scene) {
	l, _ := s.listens()
	require.Len(s.t, l.heard(), 1)
	require.Len(s.t, l.webhooks(), 1)
	s.srv.Advance(time.Minute)
	require.Len(s.t, l.heard(), 2, "the callback")
	require.Len(s.t, l.webhooks(), 1)
}

func webhookWronglySigned(s *scene) {
	l, _ := s.listens()
	s.srv.Advance(time.Second)
	all := l.webhooks()
	require.Len(s.t, all, 2)
	require.Len(s.t, all[0].signature, 64)
	require.False(s.t, all[0].signedWith(webhookSecret))
	require.Contains(s.t, all[0].body, `"amount":1.00`)
	require.True(s.t, all[1].signedWith(webhookSecret))
	require.Contains(s.t, all[1].body, `"amount":100.50`)
	require.NotEqual(s.t, all[0].event, all[1].event)
}

func webhookOld(s *scene) {
	l, _ := s.listens()
	s.srv.Advance(time.Second)
	all := l.webhooks()
	require.Len(s.t, all, 2)
	require.True(s.t, all[0].signedWith(webhookSecret), "only its time is wrong")
	require.Equal(s.t, 10*time.Minute+time.Second, all[1].time(s.t).Sub(all[0].time(s.t)))
}

func webhookLost(s *scene) {
	l, checkout := s.listens()
	s.srv.Advance(72 * time.Hour)
	require.Empty(s.t, l.webhooks())
	require.Equal(s.t, "SUCCESS", s.get("/api/checkout/"+checkout).text("status"))
}
