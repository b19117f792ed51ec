package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// put puts a scenario file in force for the client's merchant.
func (c *client) put(file string) reply {
	c.t.Helper()
	req := c.request(http.MethodPut, "/_mock/scenarios", file)
	req.Header.Set("Content-Type", "application/yaml")
	return c.send(req)
}

// createAs makes a checkout with the scenario that the header names.
func (c *client) createAs(scenario, orderID, callback string, extra ...string) reply {
	c.t.Helper()
	req := c.request(http.MethodPost, "/api/checkout", order(orderID, callback, extra...))
	if scenario != "" {
		req.Header.Set("X-Mock-Scenario", scenario)
	}
	return c.send(req)
}

const nowhere = "http://127.0.0.1:9/cb"

func TestFiveWaysToChooseInTheirOrder(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{Scenario: "do-not-honour"}))
	chosen := func(r reply) (scenario, choice string) {
		require.Equal(t, http.StatusOK, r.status, r.raw)
		id := r.text("checkoutId")
		why := c.get("/_mock/scenarios/explain?checkoutId=" + id)
		require.Equal(t, http.StatusOK, why.status, why.raw)
		require.Equal(t, why.text("scenario"), c.get("/_mock/checkouts/"+id).text("scenario"))
		return why.text("scenario"), why.text("choice")
	}
	require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - {name: mine, when: {orderId: 'ORD-*'}}\n").status)
	require.Equal(t, http.StatusOK, c.post("/_mock/scenarios/next", `{"scenario":"lost-card"}`).status)

	scenario, choice := chosen(c.createAs("expired-card", "ORD-1 mock:stolen-card", nowhere))
	require.Equal(t, [2]string{"expired-card", "header"}, [2]string{scenario, choice})
	scenario, choice = chosen(c.createAs("", "ORD-2 mock:stolen-card", nowhere))
	require.Equal(t, [2]string{"lost-card", "next"}, [2]string{scenario, choice})
	scenario, choice = chosen(c.createAs("", "ORD-3 mock:stolen-card", nowhere))
	require.Equal(t, [2]string{"stolen-card", "token"}, [2]string{scenario, choice})
	scenario, choice = chosen(c.createAs("", "ORD-4", nowhere, "description", `"for QA: mock:suspected-fraud."`))
	require.Equal(t, [2]string{"suspected-fraud", "token"}, [2]string{scenario, choice})
	scenario, choice = chosen(c.createAs("", "ORD-5", nowhere))
	require.Equal(t, [2]string{"mine", "file"}, [2]string{scenario, choice})
	scenario, choice = chosen(c.createAs("", "other", nowhere))
	require.Equal(t, [2]string{"do-not-honour", "default"}, [2]string{scenario, choice})
}

func TestRepeatedRequestGoesOnWithItsScenario(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	require.Equal(t, http.StatusServiceUnavailable, c.createAs("create-503-then-ok", "ORD-1", nowhere).status)
	c.post("/_mock/scenarios/next", `{"scenario":"lost-card"}`)
	require.Equal(t, http.StatusServiceUnavailable, c.createAs("", "ORD-1", nowhere).status, "what is ordered for the "+
		"next checkout is not for this one")
	third := c.createAs("create-503-then-ok", "ORD-1", nowhere)
	require.Equal(t, "create-503-then-ok", c.get("/_mock/checkouts/"+third.text("checkoutId")).text("scenario"))
	other := c.createAs("", "ORD-2", nowhere)
	require.Equal(t, "lost-card", c.get("/_mock/checkouts/"+other.text("checkoutId")).text("scenario"))

	require.Equal(t, http.StatusServiceUnavailable, c.createAs("create-503-then-ok", "ORD-3", nowhere).status)
	another := c.createAs("stolen-card", "ORD-3", nowhere)
	require.Equal(t, "stolen-card", c.get("/_mock/checkouts/"+another.text("checkoutId")).text("scenario"),
		"a header that names another begins anew")
}

func TestUnknownScenarioIsNeverSilence(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	for name, test := range map[string]struct {
		got  reply
		want string
	}{
		"header": {c.createAs("insuficient-funds", "O", nowhere), `X-Mock-Scenario: there is no scenario ` +
			`"insuficient-funds", did you mean insufficient-funds?`},
		"token": {c.createAs("", "mock:callback-lte", nowhere), `orderId: there is no scenario "callback-lte", did you ` +
			`mean callback-late or callback-lost?`},
		"next": {c.post("/_mock/scenarios/next", `{"scenario":"status-slo"}`), `scenario: there is no scenario ` +
			`"status-slo", did you mean status-slow?`},
		"far off": {c.createAs("zzz", "O", nowhere), "X-Mock-Scenario: there is no scenario \"zzz\"; `payporter-mock " +
			"scenarios list` lists those that are shipped"},
	} {
		require.Equal(t, http.StatusBadRequest, test.got.status, name)
		require.Equal(t, []string{test.want}, test.got.faults(), name)
	}
	require.NotContains(t, c.get("/_mock/checkouts").raw, "checkoutId", "nothing was created")
	_, err := mock.New(mock.Config{Scenario: "insuficient-funds"})
	require.EqualError(t, err, `there is no scenario "insuficient-funds", did you mean insufficient-funds?`)
}

func TestFaultyFileChangesNothing(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - {name: old, payment: {status: FAILED}}\n").status)
	bad := c.put("version: 1\nscenarios:\n  - name: new\n    paymnt: {status: FAILED}\n    limit: 0\n")
	require.Equal(t, http.StatusBadRequest, bad.status)
	require.Equal(t, []string{
		`line 4, column 5: unknown key "paymnt", did you mean "payment"?`, "line 5, column 12: limit must be a whole " +
			"number from 1, got 0",
	}, bad.faults())
	require.Contains(t, c.get("/_mock/scenarios").raw, "old")

	deleted := c.send(c.request(http.MethodDelete, "/_mock/scenarios", ""))
	require.Equal(t, http.StatusOK, deleted.status)
	require.Equal(t, "version: 1\nscenarios: []\n", c.file().raw)
}

func TestScenariosAreTheMerchantsOwn(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	mine, yours := c.as("test_mine"), c.as("test_yours")
	require.Equal(t, http.StatusOK, mine.put("version: 1\nscenarios:\n  - {name: always, payment: "+
		"{status: FAILED}}\n").status)
	require.Equal(t, http.StatusOK, mine.post("/_mock/scenarios/next", `{"scenario":"lost-card","times":2}`).status)
	id := yours.create("ORD-1", nowhere)
	require.Empty(t, yours.get("/_mock/checkouts/"+id).text("scenario"))

	mine.post("/_mock/reset?keep=scenarios", "")
	require.Contains(t, mine.get("/_mock/scenarios").raw, "always")
	mine.post("/_mock/reset", "")
	require.NotContains(t, mine.get("/_mock/scenarios").raw, "always")
}

func TestCardAndAttemptAreKnownWhenTheCustomerPays(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	require.Equal(t, http.StatusOK, c.put(`
version: 1
scenarios:
  - name: foreign
    when: {card: "405418*"}
    payment: {status: FAILED, resultCode: "57"}
  - name: first-try
    when: {attempt: 1, amount: {gte: 100}}
    payment: {status: FAILED, resultCode: "91"}
  - name: all
    payment: {status: SUCCESS}
`).status)
	id := c.create("ORD-1", nowhere)
	require.Equal(t, "all", c.get("/_mock/checkouts/"+id).text("scenario"), "neither the card nor the attempt "+
		"is known yet")
	srv.Pay(id, goodCard)
	require.Equal(t, "91", c.get("/api/checkout/"+id).text("resultCode"))
	srv.Pay(id, "4054180000000007")
	require.Equal(t, "57", c.get("/api/checkout/"+id).text("resultCode"))
	srv.Pay(id, declinedCard)
	require.Equal(t, "SUCCESS", c.get("/api/checkout/"+id).text("status"), "the scenario knows better than the card")

	why := c.get("/_mock/scenarios/explain?checkoutId=" + id)
	require.Equal(t, "all", why.text("winner"))
	require.Contains(t, why.raw, `{"field":"attempt","want":"1","got":"3"}`)
	require.NotContains(t, why.raw, declinedCard)
}

func TestLimitIsNeverOverrun(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - {name: once, limit: 1, payment: {status: "+
		"FAILED}}\n  - {name: thrice, limit: 3}\n").status)
	const racers = 16
	var mu sync.Mutex
	got := map[string]int{}
	var all sync.WaitGroup
	for i := range racers {
		all.Go(func() {
			id := c.create(fmt.Sprintf("ORD-%d", i), nowhere)
			scenario := c.get("/_mock/checkouts/" + id).text("scenario")
			mu.Lock()
			defer mu.Unlock()
			got[scenario]++
		})
	}
	all.Wait()
	require.Equal(t, map[string]int{"once": 1, "thrice": 3, "": racers - 4}, got)
}

func TestChangedFilesAreForNewCheckouts(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "scenarios.yaml")
	write := func(code string) {
		require.NoError(t, os.WriteFile(file, []byte("version: 1\nscenarios:\n  - {name: s"+code+", payment: {status: "+
			"FAILED, resultCode: '"+code+"'}}\n"), 0o600))
	}
	write("51")
	srv := start(t, mock.Config{Scenarios: []string{file}})
	c := clientOf(t, srv)
	old := c.create("ORD-1", nowhere)
	write("54")
	require.NoError(t, srv.ReloadScenarios())
	fresh := c.create("ORD-2", nowhere)
	srv.Pay(old, goodCard)
	srv.Pay(fresh, goodCard)
	require.Equal(t, "51", c.get("/api/checkout/"+old).text("resultCode"))
	require.Equal(t, "54", c.get("/api/checkout/"+fresh).text("resultCode"))

	require.NoError(t, os.WriteFile(file, []byte("version: 2\n"), 0o600))
	require.ErrorContains(t, srv.ReloadScenarios(), "the old scenarios stay in force")
	require.Contains(t, c.get("/_mock/health").text("scenarioFault"), file+":1:10")
	require.Equal(t, "s54", c.get("/_mock/checkouts/"+c.create("ORD-3", nowhere)).text("scenario"))
	write("05")
	require.NoError(t, srv.ReloadScenarios())
	require.NotContains(t, c.get("/_mock/health").body, "scenarioFault")
}

// The same seed, scenario files and calls give byte-equal journals, ids included; another seed does not.
func TestRunsAreReproducible(t *testing.T) {
	t.Parallel()
	// The shop takes the callbacks of about half of the checkouts, whatever the order in which they come.
	merchant := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		if id := r.PostFormValue("checkoutId"); id == "" || id[0] < '8' {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	journal := func(seed uint64) string {
		srv, err := mock.New(mock.Config{Seed: seed, PublicURL: "http://sandbox", ValidateResponses: true})
		require.NoError(t, err)
		defer srv.Close()
		send := func(method, path, body string) string {
			r := httptest.NewRequest(method, path, strings.NewReader(body))
			r.Header.Set("X-API-KEY", srv.APIKey)
			r.Header.Set("X-API-SECRET", srv.APISecret)
			if r.Header.Set("Content-Type", "application/json"); method == http.MethodPut {
				r.Header.Set("Content-Type", "application/yaml")
			}
			w := httptest.NewRecorder()
			srv.Handler().ServeHTTP(w, r)
			require.Equal(t, http.StatusOK, w.Code, w.Body.String())
			return w.Body.String()
		}
		send("POST", "/_mock/clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`)
		send("PUT", "/_mock/scenarios", `
version: 1
scenarios:
  - name: busy
    limit: 2
    payer: {action: pay, after: 2s}
    payment: {status: SUCCESS, delay: {min: 1s, max: 9s}}
    callback: {deliveries: [{after: 1s}, {count: 3, concurrently: true}, {after: 3s, checkoutId: unknown}]}
  - name: rest
    payer: {after: 1s, card: "4111111111111129"}
`)
		for i := range 4 {
			send("POST", "/api/checkout", order(fmt.Sprintf("ORD-%d", i), merchant))
			send("POST", "/_mock/clock", `{"advance":"1m"}`)
		}
		send("POST", "/_mock/clock", `{"advance":"48h"}`)
		return send("GET", "/_mock/journal?limit=10000", "") + send("GET", "/_mock/callbacks", "") +
			send("GET", "/_mock/checkouts", "")
	}
	first := journal(7)
	require.Contains(t, first, `"status":"SUCCESS"`)
	require.Contains(t, first, `"status":"FAILED"`)
	require.Equal(t, first, journal(7))
	require.NotEqual(t, first, journal(8))
}

func TestBrowserCallback(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - {name: b, callback: {via: browser}, when: "+
		"{orderId: b}}\n  - {name: both, callback: {via: both}}\n").status)
	for orderID, posts := range map[string]int{"b": 0, "both": 1} {
		id := c.create(orderID, merchant.callback())
		srv.Pay(id, goodCard)
		srv.Advance(0)
		require.Len(t, srv.Callbacks(id), posts)
		page := c.get("/checkout-link/" + id + "/result")
		require.Contains(t, page.raw, `action="`+merchant.callback()+`"`)
		require.Contains(t, page.raw, `name="checkoutId" value="`+id+`"`)
		require.Contains(t, page.header.Get("Content-Security-Policy"), "form-action 'self' http: https:;")
	}
}

func TestSlowBankMakesThePageLookAgain(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{Scenario: "slow-bank"})
	srv.Freeze()
	c := clientOf(t, srv)
	id := c.create("ORD-1", nowhere)
	require.Equal(t, "PROCESSING", string(srv.Pay(id, goodCard).State))
	waiting := c.get("/checkout-link/" + id + "/result")
	require.Equal(t, "2", waiting.header.Get("Refresh"))
	require.Equal(t, "ENROLLED", c.get("/api/checkout/"+id).text("status"))
	require.Equal(t, http.StatusConflict, c.post("/_mock/checkouts/"+id+"/expire", "").status, "its time is not over "+
		"while the bank has it")
	srv.Advance(20 * time.Second)
	require.Equal(t, "SUCCESS", c.get("/api/checkout/"+id).text("status"))
	require.Empty(t, c.get("/checkout-link/"+id+"/result").header.Get("Refresh"))
}

func TestDeclineAfterADelayLeavesTheLinkOpenUntilItsTime(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{LinkLifetime: time.Hour})
	srv.Freeze()
	c := clientOf(t, srv)
	require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - {name: slow-no, payment: {status: FAILED, "+
		"resultCode: '05', delay: 1m}}\n").status)
	id := c.create("ORD-1", nowhere)
	srv.Pay(id, goodCard)
	srv.Advance(time.Minute)
	require.Equal(t, "FAILED", c.get("/api/checkout/"+id).text("status"))
	require.Equal(t, "OPEN", c.get("/_mock/checkouts/"+id).text("state"))
	srv.Advance(time.Hour)
	require.Equal(t, "EXPIRED", c.get("/_mock/checkouts/"+id).text("state"))
}

func TestRuleForAnAttemptLetsGoOfTheNext(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	for rule, second := range map[string]string{"attempt: 1": goodCard, "card: '5421*'": "5528790000000008"} {
		require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - {name: f, when: {"+rule+"}, payment: {status: "+
			"FAILED, resultCode: '51'}}\n").status)
		id := c.create("ORD-1", nowhere)
		srv.Pay(id, goodCard)
		failed := c.get("/api/checkout/" + id)
		require.Equal(t, "FAILED", failed.text("status"), rule)
		require.Equal(t, "Not sufficient funds", failed.text("resultMessage"), "the message goes with the code")
		srv.Pay(id, second)
		require.Equal(t, "SUCCESS", c.get("/api/checkout/"+id).text("status"), rule)
		require.Empty(t, c.get("/_mock/scenarios/explain?checkoutId="+id).text("scenario"))
	}
}

func TestForcedOutcomeStandsAgainstTheSlowBank(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{Scenario: "slow-bank", NoRetryPay: true})
	srv.Freeze()
	c := clientOf(t, srv)
	for status, want := range map[string]string{"FAILED": "FAILED", "PENDING_APPROVAL": "PENDING_APPROVAL"} {
		id := c.create("ORD-1", nowhere)
		srv.Pay(id, goodCard)
		require.Equal(t, http.StatusOK, c.post("/_mock/checkouts/"+id+"/outcome", `{"status":"`+status+`"}`).status)
		srv.Advance(time.Minute)
		require.Equal(t, want, c.get("/api/checkout/"+id).text("status"))
	}
}

func TestFieldsGoWithTheirPayment(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - {name: f, payment: {status: FAILED, fields: "+
		"{domInt: INT, status: REJECTED}}}\n").status)
	id := c.create("ORD-1", nowhere)
	srv.Pay(id, goodCard)
	require.Equal(t, "REJECTED", c.get("/api/checkout/"+id).text("status"))
	c.post("/_mock/checkouts/"+id+"/expire", "")
	require.Equal(t, "CANCELLED", c.get("/api/checkout/"+id).text("status"))
	require.NotContains(t, c.get("/api/checkout/"+id).body, "domInt")
}

func TestSlowDeclineWithoutCallbackStillExpires(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - {name: s, create: {expiresAfter: 600ms}, "+
		"payment: {status: FAILED, delay: 100ms}, callback: {via: none}}\n").status)
	id := c.create("ORD-1", nowhere)
	srv.Pay(id, goodCard)
	c.await("kind=payment&status=CANCELLED&checkoutId=" + id) // by itself, in real time
}

func TestDuplicatesComeWhateverTheAnswer(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	c := clientOf(t, srv)
	require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios:\n  - {name: s, callback: {retry: none, deliveries: "+
		"[{count: 3}]}}\n").status)
	for _, answers := range [][]int{{500}, {200, 500}, {500, 200}} {
		merchant := newShop(t, answers...)
		id := c.create("ORD-1", merchant.callback())
		srv.Pay(id, goodCard)
		srv.Advance(0)
		require.Len(t, merchant.received(), 3, "%v", answers)
	}
}

// With a frozen clock and the sandbox's own customer, calls and what follows from them run beside each
// other, and still every run gives the same ids and payments.
func TestBackgroundPaymentsAreReproducible(t *testing.T) {
	t.Parallel()
	merchant := newShop(t)
	play := func() (all string) {
		srv := start(t, mock.Config{Seed: 42, Payer: mock.PayerAuto, PublicURL: "http://sandbox"})
		c := clientOf(t, srv)
		c.post("/_mock/clock", `{"freeze":true,"set":"2026-01-31T12:00:00Z"}`)
		const checkouts = 20
		ids := make([]string, checkouts)
		for i := range checkouts {
			ids[i] = c.create(fmt.Sprintf("ORD-%d", i), merchant.callback())
		}
		c.await(fmt.Sprintf("kind=callback&count=%d", checkouts))
		for _, id := range ids {
			all += id + c.get("/api/checkout/"+id).raw + srv.Callbacks(id)[0].ID + "\n"
		}
		return all
	}
	first := play()
	require.Equal(t, first, play())
	require.Equal(t, first, play())
}

func TestEarlyCallbackIsNotTheOnlyOne(t *testing.T) {
	t.Parallel()
	srv, merchant := start(t, mock.Config{}), newShop(t)
	c := clientOf(t, srv)
	require.Equal(t, http.StatusOK, c.put(`
version: 1
scenarios:
  - name: early
    payment: [{status: FAILED, resultCode: "51"}, {status: SUCCESS}]
    callback: {deliveries: [{beforeResponse: true, count: 2}]}
`).status)
	id := c.create("ORD-1", merchant.callback())
	require.Len(t, merchant.received(), 2, "both before the create was answered")
	srv.Pay(id, goodCard)
	srv.Advance(0)
	require.Greater(t, len(merchant.received()), 2, "the second attempt is told, too")
}

// A generated client sends and reads scenario sets as JSON objects; people get the file as they wrote it.
func TestScenarioSetAsJSON(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	file := `{"version":1,"scenarios":[{"name":"dear","when":{"amount":{"gte":100.50}},"callback":{"deliveries":[{"after":"5s"}]}}]}`
	// As gson writes a map: every number with a point.
	put := c.send(c.request("PUT", "/_mock/scenarios", strings.Replace(file, `"version":1`, `"version":1.0`, 1)))
	require.Equal(t, http.StatusOK, put.status, "%s", put.raw)
	asked := func(accept string) reply {
		request := c.request("GET", "/_mock/scenarios", "")
		request.Header.Set("Accept", accept)
		return c.send(request)
	}

	require.Equal(t, strings.Replace(file, `"version":1`, `"version":1.0`, 1), asked("application/json").raw)
	require.Equal(t, "application/json", asked("application/json, application/yaml;q=0.5").header.Get("Content-Type"))
	require.Equal(t, "application/json", c.get("/_mock/scenarios").header.Get("Content-Type"), "no Accept at all")
	for _, accept := range []string{"*/*", "application/yaml", "application/json;q=0.5, application/yaml"} {
		require.Equal(t, "application/yaml", asked(accept).header.Get("Content-Type"), accept)
	}

	yaml := c.request("PUT", "/_mock/scenarios", "version: 1\nscenarios:\n  - &one {name: a, description: \"100%\", "+
		"payment: {fields: {amount: 1.50}}} # mine\n")
	yaml.Header.Set("Content-Type", "application/yaml")
	require.Equal(t, http.StatusOK, c.send(yaml).status)
	require.Equal(t, `{"version":1,"scenarios":[{"name":"a","description":"100%","payment":{"fields":{"amount":1.50}}}]}`,
		asked("application/json").raw)
}
