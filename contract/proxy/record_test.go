package proxy_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/proxy"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// played is a PayPorter, and how an order's customer comes to what the order's story says. In a replay nobody does
// anything: the scenarios do.
type played struct {
	t      *testing.T
	base   string     // where the shop calls it
	srv    *mock.Test // what stands behind it
	replay bool
	said   []string // what the shop was answered, without what is made anew each time
}

// heard notes an answer.
func (p *played) heard(r reply) reply {
	line := fmt.Sprint(r.status)
	for _, name := range []string{
		"status", "amount", "currency", "resultCode", "resultMessage", "installmentCount", "pan", "cardType",
		"merchantCommission", "authCode", "messageCode", "transactionType", "orderId",
	} {
		if value, has := r.fields[name]; has {
			line += fmt.Sprintf(" %s=%v", name, value)
		}
	}
	p.said = append(p.said, line)
	return r
}

func (p *played) post(path, body string) reply {
	return p.heard(say(p.t, http.MethodPost, p.base+path, body))
}

func (p *played) get(path string) reply { return p.heard(say(p.t, http.MethodGet, p.base+path, "")) }

// brokenOff asks, and gets no answer of PayPorter.
func (p *played) brokenOff(path string) {
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.base+path, nil)
	require.NoError(p.t, err)
	req.Header.Set("X-Api-Key", key)
	req.Header.Set("X-Api-Secret", secret)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // which asks again by itself otherwise
	res, err := client.Do(req)
	if err == nil {
		require.Equal(p.t, http.StatusBadGateway, res.StatusCode)
		require.NoError(p.t, res.Body.Close())
	}
	p.said = append(p.said, "no answer")
}

func (p *played) create(orderID, amount string) string {
	return p.post("/api/checkout", order(orderID, amount, "http://127.0.0.1:1/cb")).text("checkoutId")
}

// meanwhile is what others do: the customer, when it happened, and in a replay the time that passes.
func (p *played) meanwhile(do func()) {
	if p.replay {
		p.srv.Advance(time.Minute)
		return
	}
	do()
}

// stories are what happens to orders: what the shop asks, and what others do in between.
var stories = map[string]func(p *played){
	"paid": func(p *played) {
		id := p.create("ORD-paid", "100.50")
		p.get("/api/checkout/" + id)
		p.meanwhile(func() { p.srv.Pay(id, goodCard) })
		p.get("/api/checkout/" + id)
	},
	"declined": func(p *played) {
		id := p.create(`ORD-[declined]{a,b}*?\`, "7")
		p.meanwhile(func() { p.srv.Pay(id, declinedCard) })
		p.get("/api/checkout/" + id)
	},
	"declined with words of its own": func(p *played) {
		id := p.create("ORD-words", "7.10")
		p.meanwhile(func() {
			p.srv.Outcome(id, payment.Outcome{
				Status: payment.Failed, ResultCode: "93", ResultMessage: `No: "violation" & more`,
			})
		})
		p.get("/api/checkout/" + id)
	},
	"cancelled": func(p *played) {
		id := p.create("ORD-cancelled", "7")
		p.meanwhile(func() { p.srv.Cancel(id) })
		p.get("/api/checkout/" + id)
	},
	"expired": func(p *played) {
		id := p.create("ORD-expired", "7")
		p.get("/api/checkout/" + id)
		p.meanwhile(func() { p.srv.Expire(id) })
		p.get("/api/checkout/" + id)
	},
	"paid in instalments": func(p *played) {
		id := p.post("/api/checkout", strings.Replace(order("ORD-many", "9", "http://127.0.0.1:1/cb"), "{",
			`{"maxInstallmentCount":6,`, 1)).text("checkoutId")
		p.meanwhile(func() { p.srv.PayInInstallments(id, goodCard, 3) })
		p.get("/api/checkout/" + id)
	},
	"reserved and captured": func(p *played) {
		id := p.post("/api/pre-authorization", charge("ORD-reserved-mock:capture-too-much", goodCard)).text("paymentId")
		p.post("/api/pre-authorization/"+id+"/capture", `{"amount": 5, "currency": "TRY"}`)
	},
	"nobody pays": func(p *played) {
		id := p.create("ORD-[open]*", "7")
		p.meanwhile(func() {})
		p.get("/api/checkout/" + id)
	},
	"pending, then paid": func(p *played) {
		id := p.create("ORD-pending-mock:pending-then-paid", "9")
		p.meanwhile(func() { p.srv.Pay(id, goodCard) })
		for range 4 {
			p.get("/api/checkout/" + id)
		}
	},
	"status fails, then works": func(p *played) {
		id := p.create("ORD-500-mock:status-500-then-ok", "9")
		p.meanwhile(func() { p.srv.Pay(id, goodCard) })
		for range 4 {
			p.get("/api/checkout/" + id)
		}
	},
	"status fails in between": func(p *played) {
		if !p.replay {
			p.srv.PutScenarios([]byte("version: 1\nscenarios:\n  - name: between\n    status:\n" +
				"      - {times: 2}\n      - {fault: empty, times: 1}\n      - {respond: {status: 503}, times: 2}\n"))
		}
		id := p.create("ORD-between", "9")
		p.get("/api/checkout/" + id)
		p.meanwhile(func() { p.srv.Pay(id, goodCard) })
		p.get("/api/checkout/" + id)
		p.brokenOff("/api/checkout/" + id)
		for range 3 {
			p.get("/api/checkout/" + id)
		}
	},
	"another amount": func(p *played) {
		id := p.create("ORD-amount-mock:status-wrong-amount", "9.90")
		p.meanwhile(func() { p.srv.Pay(id, goodCard) })
		p.get("/api/checkout/" + id)
	},
	"a status that nobody knows": func(p *played) {
		id := p.create("ORD-word-mock:status-unknown-status", "9.90")
		p.meanwhile(func() { p.srv.Pay(id, goodCard) })
		p.get("/api/checkout/" + id)
	},
	"create fails twice, then works": func(p *played) {
		p.create("ORD-503-mock:create-503-then-ok", "9")
		p.create("ORD-503-mock:create-503-then-ok", "9")
		id := p.create("ORD-503-mock:create-503-then-ok", "9")
		p.meanwhile(func() { p.srv.Pay(id, goodCard) })
		p.get("/api/checkout/" + id)
	},
	"declined, then ordered again and paid": func(p *played) {
		for _, card := range []string{declinedCard, goodCard} {
			id := p.create("ORD-again", "9")
			p.meanwhile(func() { p.srv.Pay(id, card) })
			p.get("/api/checkout/" + id)
		}
	},
	"paid by the API": func(p *played) {
		id := p.post("/api/payment", charge("ORD-api", goodCard)).text("paymentId")
		p.get("/api/payment/" + id)
		p.post("/api/payment", charge("ORD-api-declined", declinedCard))
	},
	"refunded": func(p *played) {
		id := p.post("/api/payment", charge("ORD-refund", goodCard)).text("paymentId")
		refund := p.post("/api/payment/"+id+"/refund", `{"amount": 5, "currency": "TRY"}`).text("paymentId")
		p.meanwhile(func() { p.srv.Reject(refund) })
		p.get("/api/payment/" + refund)
	},
	"cannot be cancelled": func(p *played) {
		id := p.post("/api/payment", charge("ORD-cancel-mock:cancel-next-day", goodCard)).text("paymentId")
		p.post("/api/payment/"+id+"/cancel", "")
	},
}

// charge is a body of POST /api/payment.
func charge(orderID, card string) string {
	return `{"orderId":"` + orderID + `","amount":100.50,"currency":"TRY","cardHolderName":"AYSE YILMAZ","pan":"` + card +
		`","expiryMonth":"04","expiryYear":"48","cvv":"916","requestIp":"203.0.113.7","requestPort":49152}`
}

// What was recorded is answered again by a sandbox that has the file: the same statuses, amounts and codes. It is asked
// for orders without the token that made the first sandbox do it, so only the file can be the reason.
func TestRecordIsAnsweredAgain(t *testing.T) {
	t.Parallel()
	for name, tell := range stories {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			upstream := mock.Start(t, mock.Config{APIKey: key, APISecret: secret})
			p := start(t, proxy.Config{Upstream: upstream.URL, PublicURL: "own"})
			first := &played{t: t, base: p.URL, srv: upstream}
			tell(first)
			p.seen(fmt.Sprint(len(first.said)))

			file, left, err := p.Scenarios()
			require.NoError(t, err)
			require.Zero(t, left)
			set, err := scenarios.Parse("record.yaml", file)
			require.NoError(t, err)
			require.Empty(t, set.Lint(), string(file))
			require.NotContains(t, string(file), goodCard)

			// A token would choose the scenario by its name.
			path := filepath.Join(t.TempDir(), "record.yaml")
			require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(string(file), "-mock:", "-was:")), 0o600))
			again := mock.Start(t, mock.Config{APIKey: key, APISecret: secret, Scenarios: []string{path}})
			second := &played{t: t, base: renaming(t, again.URL), srv: again, replay: true}
			tell(second)
			require.Equal(t, first.said, renamed(second.said), string(file))
		})
	}
}

// An app whose request was wrong is told so by any sandbox: the record has nothing of it, so that it helps to mend the
// request.
func TestRecordLeavesFaultyRequestsOut(t *testing.T) {
	t.Parallel()
	upstream := mock.Start(t, mock.Config{APIKey: key, APISecret: secret})
	p := start(t, proxy.Config{Upstream: upstream.URL})
	say(t, http.MethodPost, p.URL+"/api/checkout", strings.Replace(order("ORD-1", "1", "http://a/"), ":1,", `:"1",`, 1))
	sayWith(t, http.MethodPost, p.URL+"/api/checkout", order("ORD-2", "1", "http://a/"), http.Header{
		"X-Api-Key": {"nobody"}, "X-Api-Secret": {"nothing"}, "Content-Type": {"application/json"},
	})
	p.seen("2")
	file, _, err := p.Scenarios()
	require.NoError(t, err)
	require.Contains(t, string(file), "scenarios: []\n")
	_, err = scenarios.Parse("record.yaml", file)
	require.NoError(t, err)
}

// An app that was told twice, and took it, is told twice again.
func TestRecordTellsOfEveryCallback(t *testing.T) {
	t.Parallel()
	upstream := mock.Start(t, mock.Config{APIKey: key, APISecret: secret})
	shop, calls := app(t, http.StatusOK)
	p := start(t, proxy.Config{Upstream: upstream.URL, PublicURL: "own"})
	upstream.NextScenario("callback-duplicated", 1)
	ordered := order("ORD-1", "1", shop.URL)
	id := say(t, http.MethodPost, p.URL+"/api/checkout", ordered).text("checkoutId")
	upstream.Pay(id, goodCard)
	upstream.Advance(time.Minute)
	p.seen("3", "kind", "callback")
	require.Len(t, calls, 3)

	file, _, err := p.Scenarios()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "record.yaml")
	require.NoError(t, os.WriteFile(path, file, 0o600))
	again := mock.Start(t, mock.Config{APIKey: key, APISecret: secret, Scenarios: []string{path}})
	id = say(t, http.MethodPost, again.URL+"/api/checkout", ordered).text("checkoutId")
	again.Advance(time.Minute)
	require.Len(t, again.Callbacks(id), 3, string(file))
}

// Whatever an upstream answers, the record is a scenario file.
func TestRecordOfStrangeAnswersIsAScenarioFile(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string][2]string{
		"no JSON":     {"<html>", "<html>"},
		"no object":   {`[1]`, `null`},
		"other types": {`{"checkoutId":7,"redirectUrl":[]}`, `{"status":7}`},
		"strange fields": {
			created, `{"status":"SUCCESS","null":1,"a b\n":{"*":["é\u2028",1e400,null]},"amount":"x",` +
				`"installmentCount":-1,"resultCode":""}`,
		},
		"a huge field": {created, `{"status":"FAILED","note":"` + strings.Repeat("x", 1<<20) + `"}`},
		"deep":         {created, `{"status":"FAILED","a":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				answer := answers[0]
				if r.Method == http.MethodGet {
					answer = answers[1]
				}
				_, _ = io.WriteString(w, answer)
			}))
			t.Cleanup(upstream.Close)
			p := start(t, proxy.Config{Upstream: upstream.URL})

			strange := "ORD \"{1}[*]?\\ \n'é:#" + strings.Repeat("*", 200)
			say(t, http.MethodPost, p.URL+"/api/checkout", order(strange, "1", "http://a/"))
			say(t, http.MethodGet, p.URL+"/api/checkout/123e4567-e89b-12d3-a456-426614174000", "")
			p.seen("2")
			file, _, err := p.Scenarios()
			require.NoError(t, err)
			set, err := scenarios.Parse("record.yaml", file)
			require.NoError(t, err, string(file))
			require.LessOrEqual(t, len(set.Scenarios()), 1)
		})
	}
}
