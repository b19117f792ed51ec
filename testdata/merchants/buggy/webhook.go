package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const oldest = 5 * time.Minute // what is older may have been recorded by somebody

// handleWebhook takes what PayPorter says of a payment, and asks for it all the same: it may be old by now.
func (s *shop) handleWebhook(r *http.Request) reply {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return sayError(errTooLong)
	}
	if !s.habits.genuine(s, r.Header, body) {
		return s.habits.forged(s, r.Header)
	}
	if !s.habits.wants(r.Header.Get("X-Event-Type")) {
		return say(http.StatusBadRequest, "this type is not known")
	}

	event := r.Header.Get("X-Event-Id")
	if s.handled(event) {
		return s.habits.again(s)
	}
	s.habits.remember(s, event, false)
	said, err := decodePayment(body)
	if err != nil {
		return say(http.StatusBadRequest, "want a payment")
	}
	p, err := s.habits.told(s, said)
	if errors.Is(err, errUnknown) {
		return say(http.StatusNotFound, "there is no such payment")
	}
	if err != nil {
		return say(http.StatusServiceUnavailable, "PayPorter could not be asked")
	}

	s.learn(claim{r: r}, p)
	s.habits.remember(s, event, true)
	return s.habits.thank(p)
}

// learn takes what PayPorter says of a payment: of an order's own, or of what gives money back.
func (s *shop) learn(c claim, p payment) {
	s.mu.Lock()
	o := s.orders[p.OrderID()]
	s.mu.Unlock()
	switch {
	case o == nil: // somebody else's
	case p.text("transactionType") == "SALE":
		s.habits.hookSettle(s, c, o, p)
	default:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.habits.hookRefund(s, o, p)
	}
}

func isGenuine(s *shop, header http.Header, body []byte) bool {
	return s.webhookSecret != "" && isFresh(header) && isSignedWith(s.webhookSecret, header, body)
}

// isFresh reports whether a webhook was sent in the last five minutes.
func isFresh(header http.Header) bool {
	at, err := strconv.ParseInt(header.Get("X-Request-Time"), 10, 64)
	return err == nil && time.Since(time.UnixMilli(at)) <= oldest
}

// isSignedWith checks a signature over the body as it came.
func isSignedWith(secret string, header http.Header, body []byte) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(header.Get("X-Request-Time") + ":"))
	mac.Write(body)
	sent, err := hex.DecodeString(header.Get("X-Request-Signature"))
	return err == nil && hmac.Equal(sent, mac.Sum(nil))
}

func (s *shop) handled(event string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.events[event]
}

// rememberHandled remembers an event afterwards: one that could not be handled comes again.
func rememberHandled(s *shop, event string, handled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if handled {
		s.events[event] = true
	}
}

// askAbout asks PayPorter about a payment.
func (s *shop) askAbout(said payment) (payment, error) {
	path := "/api/payment/" + url.PathEscape(said.text("paymentId"))
	got, err := s.call(s.habits.credentials(s, http.MethodGet), http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	return readPayment(got)
}
