package main

import (
	"errors"
	"io"
	"log"
	"mime"
	"net/http"
	"net/url"
	"regexp"
)

// claim is what a callback says. It proves nothing: callbacks are not signed.
type claim struct {
	checkoutID string
	fields     url.Values // of the form
	r          *http.Request
}

// takeCallback is told that something happened to a checkout.
func (s *shop) takeCallback(w http.ResponseWriter, r *http.Request) {
	if s.habits.alone {
		s.busy.Lock()
		defer s.busy.Unlock()
	}
	write(w, s.habits.take(s, r))
}

func (s *shop) handle(r *http.Request) reply {
	c, err := s.habits.read(s, r)
	if err != nil {
		return s.habits.bad(s, c, err)
	}
	if s.habits.believe(s, c) {
		return say(http.StatusOK, "thank you")
	}
	p, err := s.ask(s.habits.about(s, c))
	if err != nil {
		log.Printf("%s: %v", c.checkoutID, err)
		status := s.habits.unasked(s, c, err)
		return s.habits.answer(s, c, nil, nil, say(status, "PayPorter could not be asked, or does not know"))
	}
	o := s.habits.find(s, c, p)
	if o == nil {
		return s.habits.answer(s, c, nil, p, say(s.habits.missing(s, c, p), "there is no such order"))
	}
	s.habits.settle(s, c, o, p)
	return s.habits.answer(s, c, o, p, say(http.StatusOK, "thank you"))
}

// ask asks PayPorter what became of a checkout.
func (s *shop) ask(checkoutID string) (payment, error) {
	got, err := s.habits.question(s, checkoutID)
	if err != nil {
		return nil, err
	}
	return s.habits.check(got)
}

// refusal is why a callback is not read.
type refusal struct {
	status  int
	message string
}

func (e *refusal) Error() string { return e.message }

func sayError(err error) reply {
	var refused *refusal
	if errors.As(err, &refused) {
		return say(refused.status, refused.message)
	}
	return say(http.StatusBadRequest, err.Error())
}

var uuid = regexp.MustCompile(`^(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// readForm takes a callback as PayPorter sends it, and nothing else.
func readForm(_ *shop, r *http.Request) (claim, error) {
	c := claim{r: r}
	if r.Method != http.MethodPost {
		return c, &refusal{http.StatusMethodNotAllowed, "want a POST"}
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return c, &refusal{http.StatusUnsupportedMediaType, "want a form"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		_, _ = io.Copy(io.Discard, r.Body) // so that it can be answered
		return c, errTooLong
	}
	if c.fields, err = url.ParseQuery(string(body)); err != nil {
		return c, errEncoding
	}
	return c, c.identify(c.fields["checkoutId"])
}

var (
	errTooLong  = &refusal{http.StatusRequestEntityTooLarge, "the body is too long"}
	errEncoding = &refusal{http.StatusBadRequest, "the form cannot be read"}
	errNoID     = &refusal{http.StatusBadRequest, "checkoutId is missing"}
	errBadID    = &refusal{http.StatusBadRequest, "checkoutId must be a UUID, once"}
)

func (c *claim) identify(ids []string) error {
	if len(ids) == 0 || ids[0] == "" {
		return errNoID
	}
	if len(ids) > 1 || !uuid.MatchString(ids[0]) {
		return errBadID
	}
	c.checkoutID = ids[0]
	return nil
}

// askAgain has the callback sent again when PayPorter could not be asked.
func askAgain(_ *shop, _ claim, err error) int {
	if errors.Is(err, errUnknown) {
		return http.StatusNotFound
	}
	return http.StatusServiceUnavailable
}

// ownOrder finds the order that PayPorter says it is. A checkout that overtook its create is not known
// yet; one that is known is of no other order.
func ownOrder(s *shop, c claim, p payment) *order {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.orders[p.OrderID()]
	if known := s.checkouts[c.checkoutID]; known != nil && known != o {
		return nil
	}
	return o
}

// owner finds the order whose checkout it is.
func (s *shop) owner(checkoutID string) *order {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.checkouts[checkoutID]
}

func isFailed(p payment) bool {
	status := p.Status()
	return status == "FAILED" || status == "REJECTED" || status == "CANCELLED"
}

func settle(s *shop, c claim, o *order, p payment) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settleLocked(c, o, p)
}

func (s *shop) settleLocked(c claim, o *order, p payment) {
	defer s.habits.save(s)
	switch {
	case s.habits.isPaid(s, o, p) && s.habits.isAbout(c, o, p):
		if o.paymentID == "" {
			o.paymentID = p.text("paymentId")
		}
		s.habits.fulfil(s, o, p)
	case s.habits.isFailed(p):
		s.habits.fail(s, o)
	} // whatever else it says, it is not decided yet
}

func fulfilOnce(_ *shop, o *order, _ payment) {
	if o.status != "paid" && !o.dead { // callbacks come more than once, and in any order
		o.status = "paid"
		o.fulfilments++
	}
}

func failUnpaid(_ *shop, o *order) {
	if o.status != "paid" {
		o.status = "failed" // until the customer tries again
	}
}

// pay is what a shop does that believes too much.
func (s *shop) pay(o *order) bool {
	if o == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fulfilOnce(s, o, nil)
	return true
}
