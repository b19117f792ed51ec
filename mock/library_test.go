package mock_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// way is how a scenario is chosen.
type way int

// The ways.
const (
	byHeader  way = iota // X-Mock-Scenario at every request for a checkout
	byToken              // mock:NAME in the description of the order
	bySetting            // mock.Config{Scenario: NAME}
	byNext               // POST /_mock/scenarios/next, once
)

// library plays every scenario that is shipped, as a shop meets it.
var library = map[string]struct {
	way  way
	play func(*scene)
}{
	"success": {byHeader, paidWhateverTheCard},

	"insufficient-funds":          {byNext, declined("51", "Not sufficient funds")},
	"do-not-honour":               {byHeader, declined("05", "Do not honour")},
	"invalid-transaction":         {byToken, declined("12", "Invalid transaction")},
	"lost-card":                   {bySetting, declined("41", "Lost card")},
	"stolen-card":                 {byNext, declined("43", "Stolen card")},
	"expired-card":                {byHeader, declined("54", "Expired card")},
	"invalid-cvv":                 {byToken, declined("82", "Invalid CVV")},
	"not-permitted-to-cardholder": {bySetting, declined("57", "Not permitted to cardholder")},
	"not-permitted-to-terminal":   {byNext, declined("58", "Not permitted to terminal")},
	"suspected-fraud":             {byHeader, declined("59", "Suspected fraud")},
	"pick-up-card":                {byToken, declined("04", "Pick up card")},
	"general-error":               {bySetting, declined("96", "General error")},
	"3ds-failed":                  {byNext, declined("MD_STATUS_0", "3-D Secure authentication failed")},
	"3ds-attempted-only":          {byHeader, declined("MD_STATUS_4", "3-D Secure authentication was only attempted")},
	"3ds-not-initialised":         {byToken, declined("3DS_NOT_INITIALISED", "3-D Secure cannot be initialised")},
	"paid-on-second-attempt":      {bySetting, paidOnSecondAttempt},

	"create-503-then-ok":         {byNext, refusedTwice(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE", "")},
	"rate-limited":               {byToken, refusedTwice(http.StatusTooManyRequests, "TOO_MANY_REQUESTS", "2")},
	"create-timeout-but-created": {byHeader, createdUnseen},

	"slow-bank":             {byToken, slowBank},
	"bank-timeout-but-paid": {byHeader, paidUnseen},
	"pending-then-paid":     {byNext, pendingThenPaid},
	"customer-abandons":     {bySetting, customerAbandons},
	"customer-cancels":      {byNext, customerCancels},
	"link-expires":          {byHeader, linkExpires},

	"status-500-then-ok":    {bySetting, status500ThenOK},
	"status-slow":           {byToken, statusSlow},
	"status-unknown-fields": {byHeader, statusUnknownFields},
	"status-unknown-status": {byToken, statusSays("status", `"ON_HOLD"`, `"SUCCESS"`)},
	"status-wrong-amount":   {bySetting, statusSays("amount", "1.00", "100.50")},
	"status-wrong-currency": {byNext, statusSays("currency", `"JPY"`, `"TRY"`)},
	"status-wrong-order":    {byHeader, statusSays("orderId", `"ANOTHER-ORDER"`, `"ORD-1"`)},

	"callback-lost":            {byNext, callbackLost},
	"callback-late":            {byHeader, callbackLate},
	"callback-duplicated":      {bySetting, callbackDuplicated},
	"callback-concurrent":      {byToken, callbackConcurrent},
	"callback-before-response": {byHeader, callbackBeforeResponse},
	"callback-unknown-id":      {byToken, callbackUnknownID},
	"callback-missing-id":      {bySetting, callbackMissingID},
	"callback-other-order":     {byNext, callbackOtherOrder},

	"payment-timeout-but-paid": {byHeader, paymentMadeUnseen},
	"webhook-late":             {byHeader, webhookLate},
	"webhook-twice":            {byNext, webhookTwice},
	"webhook-before-callback":  {byToken, webhookBeforeCallback},
	"webhook-wrong-signature":  {bySetting, webhookWronglySigned},
	"webhook-old":              {byHeader, webhookOld},
	"webhook-lost":             {byNext, webhookLost},

	"refund-approved":          {byNext, refundDecided("", "SUCCESS", "SUCCESS")},
	"refund-rejected":          {byHeader, refundDecided("/api/payment", "REJECTED", "REJECTED")},
	"refund-bank-rejects":      {byToken, refundDecided("/api/payment", "FAILED", "05")},
	"refund-stays-pending":     {bySetting, refundStaysPending},
	"refund-timeout-but-made":  {byHeader, refundMadeUnseen},
	"cancel-next-day":          {byToken, cancelNextDay},
	"capture-too-much":         {byNext, captureTooMuch},
	"three-d-secure-failed":    {byHeader, threeDSecureFails},
	"three-d-secure-abandoned": {byHeader, threeDSecureAbandoned},
	"three-d-secure-wrong-key": {byHeader, threeDSecureWrongKey},
}

func TestLibrary(t *testing.T) {
	t.Parallel()
	for name, one := range library {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one.play(newScene(t, name, one.way))
		})
	}
}

func TestWholeLibraryIsPlayed(t *testing.T) {
	t.Parallel()
	shipped := map[string]bool{}
	for _, s := range scenarios.Library().Scenarios() {
		shipped[s.Name] = true
		require.Contains(t, library, s.Name, "it is shipped, and nothing plays it")
	}
	for name := range library {
		require.True(t, shipped[name], "%s is played, and not shipped", name)
	}
}

// Each decline that a test card causes can be had by name, too, and looks the same to the shop.
func TestDeclinesByNameAreThoseOfTheTestCards(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	names := map[string]string{
		"4111111111111129": "insufficient-funds", "4129111111111111": "do-not-honour",
		"4128111111111112": "invalid-transaction",
		"4127111111111113": "lost-card", "4126111111111114": "stolen-card", "4125111111111115": "expired-card",
		"4124111111111116": "invalid-cvv", "4123111111111117": "not-permitted-to-cardholder",
		"4122111111111118": "not-permitted-to-terminal", "4121111111111119": "suspected-fraud",
		"4120111111111110": "pick-up-card",
		"4130111111111118": "general-error", "4131111111111117": "3ds-failed", "4141111111111115": "3ds-attempted-only",
		"4151111111111112": "3ds-not-initialised", "4000008260003178": "insufficient-funds",
	}
	declines := 0
	for _, card := range payment.TestCards() {
		if card.Outcome.Status == payment.Success {
			continue
		}
		declines++
		name, known := names[card.PAN.Digits()]
		require.True(t, known, "no scenario declines as the card %s does: %v", card.PAN, card.Outcome)
		byCard, byName := c.create("ORD-1", merchant.callback()), c.create("ORD-2", merchant.callback(), "customerId",
			`"mock:`+name+`"`)
		srv.Pay(byCard, card.PAN.Digits())
		srv.Pay(byName, goodCard)
		want, got := c.get("/api/checkout/"+byCard), c.get("/api/checkout/"+byName)
		require.Equal(t, "FAILED", want.text("status"))
		for _, field := range []string{"status", "resultCode", "resultMessage"} {
			require.Equal(t, want.text(field), got.text(field), "%s of %s", field, name)
		}
	}
	require.Len(t, names, declines)
}

func TestMagicAmountsAreASetOfTheirOwn(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{Scenarios: []string{"builtin:magic-amounts"}}), newShop(t)
	c := clientOf(t, srv)
	for amount, want := range map[string][3]string{
		"10.51": {"FAILED", "51", "Not sufficient funds"}, "10.00": {"SUCCESS", "SUCCESS", "Successful"},
		"10.05": {"FAILED", "05", "Do not honour"}, "1249.82": {"FAILED", "82", "Invalid CVV"}, "51": {
			"SUCCESS", "SUCCESS",
			"Successful",
		},
	} {
		id := c.create("ORD-"+amount, merchant.callback(), "amount", amount)
		srv.Pay(id, goodCard)
		got := c.get("/api/checkout/" + id)
		require.Equal(t, want, [3]string{got.text("status"), got.text("resultCode"), got.text("resultMessage")}, amount)
		require.Contains(t, got.raw, `"amount":`+amount+`,`)
	}
	unknown := c.post("/_mock/scenarios/next", `{"scenario":"magic-amounts"}`)
	require.Equal(t, http.StatusBadRequest, unknown.status, "it is a set, not the name of a scenario")
}

// What the customer does by itself belongs to the answer: whoever has that, can move the time.
func TestAdvanceComesToTheCustomerOfEveryAnsweredCheckout(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{Scenario: "customer-cancels"}), newShop(t)
	c := clientOf(t, srv)
	srv.Freeze()
	for range 1000 {
		id := c.create("ORD-1", merchant.callback())
		srv.Advance(2 * time.Second)
		require.Equal(t, payment.LinkCancelled, srv.Checkout(id).State)
	}
}

func TestScenariosThatAreGoneAreGoneForRepeatedRequests(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	put := c.send(c.request("PUT", "/_mock/scenarios",
		`{"version":1,"scenarios":[{"name":"down","create":{"respond":{"status":503}}}]}`))
	require.Equal(t, http.StatusOK, put.status, put.raw)
	body := order("ORD-1", "http://127.0.0.1:9/cb")
	require.Equal(t, http.StatusServiceUnavailable, c.post("/api/checkout", body).status)
	require.Equal(t, http.StatusOK, c.send(c.request("DELETE", "/_mock/scenarios", "")).status)
	got := c.post("/api/checkout", body)
	require.Equal(t, http.StatusOK, got.status, got.raw)
}

func TestUnknownScenarioIsRefusedAtARepeatedRequest(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for name, want := range map[string]int{
		"create-503-then-ok":   http.StatusServiceUnavailable,
		"create-503-then-okay": http.StatusBadRequest,
	} {
		orderID := "ORD-" + name
		first := c.request("POST", "/api/checkout", order(orderID, "http://127.0.0.1:9/cb"))
		first.Header.Set("X-Mock-Scenario", "create-503-then-ok")
		require.Equal(t, http.StatusServiceUnavailable, c.send(first).status)
		again := c.request("POST", "/api/checkout", order(orderID, "http://127.0.0.1:9/cb"))
		again.Header.Set("X-Mock-Scenario", name)
		got := c.send(again)
		require.Equal(t, want, got.status, got.raw)
	}
}

func TestRefusedRepeatGivesNoUseOfAScenarioBack(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{NoRepeatOrder: true}))
	put := c.send(c.request("PUT", "/_mock/scenarios",
		`{"version":1,"scenarios":[{"name":"once","limit":1,"create":{"respond":{"status":503},"times":1,"created":true}}]}`))
	require.Equal(t, http.StatusOK, put.status, put.raw)
	var got []int
	for _, orderID := range []string{"ORD-1", "ORD-1", "ORD-2"} {
		got = append(got, c.post("/api/checkout", order(orderID, "http://127.0.0.1:9/cb")).status)
	}
	require.Equal(t, []int{503, 406, 200}, got, "the scenario applies once")
}

// scene is a shop that meets a scenario. The time stands still, and moves when it is told to.
type scene struct {
	*client
	srv      *mock.Test
	shop     *shop
	callback string // where the shop takes callbacks
	scenario string
	way      way
}

func newScene(t *testing.T, scenario string, by way) *scene {
	t.Helper()
	var config mock.Config
	if by == bySetting {
		config.Scenario = scenario
	}
	s := &scene{srv: start(t, config), shop: newShop(t), scenario: scenario, way: by}
	s.client, s.callback = clientOf(t, s.srv), s.shop.callback()
	s.srv.Freeze()
	if by == byNext {
		next := s.post("/_mock/scenarios/next", `{"scenario":"`+scenario+`"}`)
		require.Equal(t, http.StatusOK, next.status, next.raw)
	}
	return s
}

// asking is the shop's request for a checkout.
func (s *scene) asking(orderID string) *http.Request {
	s.t.Helper()
	body := order(orderID, s.callback)
	if s.way == byToken {
		body = order(orderID, s.callback, "description", `"A gift (mock:`+s.scenario+`)."`)
	}
	req := s.request("POST", "/api/checkout", body)
	if s.way == byHeader {
		req.Header.Set("X-Mock-Scenario", s.scenario)
	}
	return req
}

// open is a checkout of the scenario.
func (s *scene) open(orderID string) string {
	s.t.Helper()
	r := s.send(s.asking(orderID))
	require.Equal(s.t, http.StatusOK, r.status, r.raw)
	return r.text("checkoutId")
}

// paid is a checkout of the scenario whose customer has paid with a card that is good.
func (s *scene) paid() string {
	s.t.Helper()
	id := s.open("ORD-1")
	s.srv.Pay(id, goodCard)
	return id
}

func (s *scene) status(id string) reply { s.t.Helper(); return s.get("/api/checkout/" + id) }

// sees asserts that the next questions for the status are answered with these, in their order.
func (s *scene) sees(id string, statuses ...string) {
	s.t.Helper()
	for i, want := range statuses {
		got := s.status(id)
		require.Equal(s.t, http.StatusOK, got.status, got.raw)
		require.Equal(s.t, want, got.text("status"), "question %d: %s", i+1, got.raw)
	}
}

// told asserts which callbacks the shop has got by now, in their order.
func (s *scene) told(checkoutIDs ...string) {
	s.t.Helper()
	s.srv.Advance(0) // what is due has been delivered
	var want []post
	for _, id := range checkoutIDs {
		want = append(want, carrying("checkoutId", id))
	}
	require.Equal(s.t, want, s.shop.received())
}

// carrying is a callback whose form has these fields.
func carrying(pairs ...string) post {
	form := map[string][]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form[pairs[i]] = []string{pairs[i+1]}
	}
	return post{
		method: "POST", contentType: "application/x-www-form-urlencoded", userAgent: "payporter-mock/dev",
		path: "/payment-callback", form: form,
	}
}

// known are the checkouts that the sandbox knows, newest first.
func (s *scene) known() []map[string]any {
	s.t.Helper()
	var all []map[string]any
	for _, c := range s.get("/_mock/checkouts").body["checkouts"].([]any) {
		all = append(all, c.(map[string]any))
	}
	return all
}

// refusedTwice is a request for a checkout that succeeds when it is repeated for the second time.
func refusedTwice(status int, code, retryAfter string) func(*scene) {
	return func(s *scene) {
		for range 2 {
			got := s.send(s.asking("ORD-1"))
			require.Equal(s.t, status, got.status, got.raw)
			require.Equal(s.t, code, got.text("messageCode"))
			require.Equal(s.t, retryAfter, got.header.Get("Retry-After"))
			require.NotContains(s.t, got.body, "checkoutId")
			require.Empty(s.t, s.known(), "a refusal makes no checkout")
		}
		got := s.send(s.asking("ORD-1"))
		require.Equal(s.t, http.StatusOK, got.status, got.raw)
		require.Empty(s.t, got.header.Get("Retry-After"))
		id := got.text("checkoutId")
		require.Len(s.t, s.known(), 1)
		s.srv.Pay(id, goodCard)
		s.told(id)
		s.sees(id, "SUCCESS")
	}
}

// givesUp sends a request and asserts that no answer comes before the shop loses its patience.
func (s *scene) givesUp(req *http.Request, patience time.Duration) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(req.Context(), patience)
	defer cancel()
	res, err := http.DefaultClient.Do(req.WithContext(ctx))
	if err == nil {
		_ = res.Body.Close()
	}
	require.ErrorIs(s.t, err, context.DeadlineExceeded)
}

func createdUnseen(s *scene) {
	s.givesUp(s.asking("ORD-1"), time.Second) // long enough for the request to arrive
	known := s.known()
	require.Len(s.t, known, 1, "it was made, whatever the shop saw")
	require.Equal(s.t, "ORD-1", known[0]["orderId"])
	require.Equal(s.t, "OPEN", known[0]["state"])
	unseen := known[0]["checkoutId"].(string)
	cut := entriesOf(s.await("kind=create&orderId=ORD-1"))
	require.Equal(s.t, "fault: reset", cut[0]["note"])
	require.NotContains(s.t, cut[0], "response")

	again := s.open("ORD-1")
	require.NotEqual(s.t, unseen, again, "the shop that asks again gets another checkout, at once")
	require.Len(s.t, s.known(), 2)
	s.srv.Pay(unseen, goodCard)
	s.told(unseen)
	s.sees(unseen, "SUCCESS")
	s.sees(again, "ENROLLED")
}

func status500ThenOK(s *scene) {
	id := s.paid()
	s.told(id)
	for range 2 {
		got := s.status(id)
		require.Equal(s.t, http.StatusInternalServerError, got.status, got.raw)
		require.Equal(s.t, "INTERNAL_ERROR", got.text("messageCode"))
		require.NotContains(s.t, got.body, "status")
	}
	s.sees(id, "SUCCESS", "SUCCESS")
}

func statusSlow(s *scene) {
	id := s.paid()
	s.told(id)
	for range 2 {
		s.givesUp(s.request("GET", "/api/checkout/"+id, ""), 300*time.Millisecond)
	}
	require.Equal(s.t, "SUCCESS", s.get("/_mock/checkouts/"+id).text("status"))
}

func statusUnknownFields(s *scene) {
	id := s.paid()
	s.told(id)
	got := s.status(id)
	require.Equal(s.t, http.StatusOK, got.status, got.raw)
	require.Equal(s.t, "SUCCESS", got.text("status"))
	require.Contains(s.t, got.raw, `"amount":100.50,`)
	require.Contains(s.t, got.raw, `"loyaltyPoints":120,"riskScore":0.07,"campaign":{"name":"SPRING","steps":[1,2,3]}}`)
}

// statusSays is a status with a field that is not what really is, as JSON.
func statusSays(field, said, really string) func(*scene) {
	return func(s *scene) {
		id := s.paid()
		s.told(id)
		truth := s.get("/_mock/checkouts/" + id)
		require.Contains(s.t, truth.raw, `"`+field+`":`+really)
		for range 3 {
			got := s.status(id)
			require.Equal(s.t, http.StatusOK, got.status, got.raw)
			require.Contains(s.t, got.raw, `"`+field+`":`+said+`,`)
			want := truth.body["payment"].(map[string]any)
			require.Equal(s.t, without(want, field), without(got.body, field), "all else is true")
		}
	}
}
