package ui_test

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/internal/sequence"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/internal/ui"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

var update = flag.Bool("update", false, "write golden files anew")

// The diagrams of the library show what a merchant that is right sees: each is drawn from the journal of a sandbox in
// which the scenario is played.
func TestDiagramsShowWhatScenariosDo(t *testing.T) {
	t.Parallel()
	const file = "library.json"
	var mu sync.Mutex // guards got
	got := map[string]sequence.Diagram{}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	kept := map[string]sequence.Diagram{}
	require.NoError(t, json.Unmarshal(want, &kept))
	t.Run("play", func(t *testing.T) {
		for _, scenario := range scenarios.Library().Scenarios() {
			t.Run(scenario.Name, func(t *testing.T) {
				t.Parallel()
				diagram, ok := kept[scenario.Name]
				if played := !extent.Quick() || !waits(scenario); played || !ok {
					diagram = newStory(t, scenario).play()
				}
				mu.Lock()
				defer mu.Unlock()
				got[scenario.Name] = diagram
			})
		}
	})

	text, err := json.MarshalIndent(got, "", " ")
	require.NoError(t, err)
	text = append(text, '\n')
	if *update {
		require.NoError(t, os.WriteFile(file, text, 0o644))
		want = text
	}
	require.Equal(t, string(want), string(text), "run: go test ./mock/internal/ui -run Diagrams -update, and look at them")
}

// waits reports whether the merchant waits for an answer in real time, whatever its clock says.
func waits(s *scenarios.Scenario) bool {
	return slices.ContainsFunc(s.Status, func(step scenarios.Step) bool { return step.Delay.Max > time.Second })
}

// story is a scenario as a merchant that is right meets it, with a frozen clock.
type story struct {
	t        *testing.T
	scenario *scenarios.Scenario
	srv      *mock.Test
	shop     string

	mu    sync.Mutex // guards told
	told  []string   // checkouts that callbacks were about, not asked for yet
	own   []string   // checkouts that the merchant knows
	known bool       // the merchant knows how it ended
}

func newStory(t *testing.T, scenario *scenarios.Scenario) *story {
	t.Helper()
	s := &story{t: t, scenario: scenario}
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if form, err := url.ParseQuery(string(body)); err == nil {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.told = append(s.told, form.Get("checkoutId"))
		}
	}))
	t.Cleanup(shop.Close)
	s.shop = shop.URL

	c := mock.Config{Scenario: scenario.Name, Seed: 7, PublicURL: "http://sandbox", Payer: mock.PayerAuto}
	if scenario.Webhook != nil {
		c.WebhookURL, c.WebhookSecret = s.shop+"/webhook", "webhook_secret"
	}
	s.srv = mock.Start(t, c)
	s.call("POST", "/_mock/clock", `{"freeze": true, "set": "2026-01-31T12:00:00Z"}`)
	return s
}

// play answers the diagram of the whole story.
func (s *story) play() sequence.Diagram {
	switch one := s.scenario; {
	case one.ThreeDSecure != nil:
		s.throughTheBank()
	case one.Capture != nil:
		s.followed("/api/pre-authorization", "/api/pre-authorization/", "/capture")
	case one.Cancel != nil:
		s.followed("/api/payment", "/api/payment/", "/cancel")
	case one.Refund != nil:
		s.followed("/api/payment", "/api/payment/", "/refund")
	case one.Name == "payment-timeout-but-paid": // the merchant has no id to ask for
		s.api("POST", "/api/payment", s.charge(nil))
	default:
		s.checkedOut()
	}

	session := s.call("GET", "/_mock/session", "")
	diagram, err := ui.DiagramOf([]byte(session))
	require.NoError(s.t, err)
	diagram.Title = ""
	return diagram
}

// checkedOut is the hosted checkout. A create that brings none is sent again. The merchant asks for a checkout when it
// is told of it, and sometimes when it is not.
func (s *story) checkedOut() {
	for range 3 {
		answer := s.api("POST", "/api/checkout", `{"orderId": "ORD-1", "amount": 100.50, "currency": "TRY", "callback": "`+
			s.shop+`/payment-callback"}`)
		if id := idIn(answer, "checkoutId"); id != "" {
			s.own = append(s.own, id)
			break
		}
		s.pass(2 * time.Second)
	}
	require.NotEmpty(s.t, s.own)

	s.pass(0)
	s.pass(time.Minute)
	if s.scenario.Name == "paid-on-second-attempt" {
		s.srv.Pay(s.own[0], "")
		s.known = false
	}
	s.pass(14 * time.Minute)
	for range 4 {
		if !s.known {
			s.ask(s.own[0])
			s.pass(time.Hour)
		}
	}
	if !s.known {
		s.pass(24 * time.Hour)
		s.ask(s.own[0])
	}
}

// pass lets time pass, and asks for what the merchant was told of meanwhile.
func (s *story) pass(d time.Duration) {
	s.srv.Advance(d)
	s.mu.Lock()
	told := slices.Clone(s.told)
	s.told = nil
	s.mu.Unlock()
	for _, id := range told {
		if slices.Contains(s.own, id) {
			s.ask(id)
		}
	}
}

func (s *story) ask(id string) {
	answer := s.api("GET", "/api/checkout/"+id, "")
	s.known = strings.Contains(answer, `"SUCCESS"`) || strings.Contains(answer, `"FAILED"`) ||
		strings.Contains(answer, `"CANCELLED"`)
}

// followed is a payment by the API, and one that follows it.
func (s *story) followed(path, under, what string) {
	id := idIn(s.api("POST", path, s.charge(nil)), "paymentId")
	require.NotEmpty(s.t, id)
	s.pass(10 * time.Minute)
	body := `{"amount": 100.50, "currency": "TRY"}`
	if what == "/cancel" {
		body = ""
	}
	after := idIn(s.api("POST", under+id+what, body), "paymentId")
	s.pass(3 * time.Hour)
	if after == "" { // there is no other id
		after = id
	}
	s.api("GET", "/api/payment/"+after, "")
}

// throughTheBank is a payment by the API with 3-D Secure. The merchant completes what its customer brings back.
func (s *story) throughTheBank() {
	answer := s.api("POST", "/api/3ds", s.charge(map[string]string{
		"pan": "4000002760003184", "cvv": "123", "successUrl": "https://shop.example/ok",
		"failureUrl": "https://shop.example/no",
	}))
	id := idIn(answer, "paymentId")
	require.NotEmpty(s.t, id, answer)
	bank := "/three-d-secure/" + id
	s.call("POST", bank, "")
	page := s.call("GET", bank, "")
	if strings.Contains(page, `data-testid="bank-code"`) && s.scenario.Name != "three-d-secure-abandoned" {
		s.call("POST", bank, url.Values{"code": {payment.BankCode}}.Encode())
		page = s.call("GET", bank, "")
	}
	if key := securityKey.FindStringSubmatch(page); key != nil {
		s.api("POST", "/api/3ds/"+id+"/complete", `{"securityKey": "`+key[1]+`"}`)
	}
	s.pass(3 * time.Hour)
	s.api("GET", "/api/payment/"+id, "")
}

var securityKey = regexp.MustCompile(`name="securityKey" value="([^"]*)"`)

// charge is the body of a payment by the API.
func (s *story) charge(extra map[string]string) string {
	body := map[string]any{
		"orderId": "ORD-1", "amount": json.Number("100.50"), "currency": "TRY", "cardHolderName": "AYSE YILMAZ",
		"pan": "5421190122090656", "expiryMonth": "04", "expiryYear": "48", "cvv": "916",
		"requestIp": "203.0.113.7", "requestPort": 49152,
	}
	for name, value := range extra {
		body[name] = value
	}
	text, err := json.Marshal(body)
	require.NoError(s.t, err)
	return string(text)
}

// idIn is the id with the name in an answer; empty: it has none.
func idIn(answer, name string) string {
	_, rest, _ := strings.Cut(answer, `"`+name+`":"`)
	return rest[:min(36, len(rest))]
}

// api makes a call of the merchant. Answers that would take half a minute are not waited for.
func (s *story) api(method, path, body string) string {
	ctx, hangUp := context.WithCancel(s.t.Context())
	defer hangUp()
	answer := httptest.NewRecorder()
	var client http.ResponseWriter = answer
	if strings.Contains(s.scenario.Name, "timeout") {
		client = &impatient{ResponseWriter: answer, hangUp: hangUp}
	}
	s.serve(client, httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body)), "application/json")
	return answer.Body.String()
}

// impatient is a client that hangs up when the sandbox begins to hold its answer back: a server that answers late on
// purpose first gives itself more time to write.
type impatient struct {
	http.ResponseWriter
	hangUp context.CancelFunc
}

func (c *impatient) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (c *impatient) SetWriteDeadline(time.Time) error {
	c.hangUp()
	return nil
}

// call makes a call of the customer's browser, or of the control API.
func (s *story) call(method, path, body string) string {
	answer := httptest.NewRecorder()
	contentType := "application/x-www-form-urlencoded"
	if strings.HasPrefix(path, "/_mock/") {
		contentType = "application/json"
	}
	s.serve(answer, httptest.NewRequestWithContext(s.t.Context(), method, path, strings.NewReader(body)), contentType)
	return answer.Body.String()
}

func (s *story) serve(answer http.ResponseWriter, r *http.Request, contentType string) {
	defer func() {
		if broken := recover(); broken != nil && broken != any(http.ErrAbortHandler) {
			panic(broken)
		}
	}()
	r.Host = "127.0.0.1"
	r.Header.Set("X-API-KEY", s.srv.APIKey)
	r.Header.Set("X-API-SECRET", s.srv.APISecret)
	r.Header.Set("Content-Type", contentType)
	s.srv.Handler().ServeHTTP(answer, r)
}
