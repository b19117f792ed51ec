package main_test

import (
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// quickFlows are what a quick run sees of TestDashboard: what people do most, each kind of page, and no scripts.
var quickFlows = []string{
	"the list is live", "pay, and the page follows", "the scenario library", "the journal shows what was refused",
	"without JavaScript",
}

// TestDashboard is a developer with a real browser, each flow with a merchant of its own.
func TestDashboard(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for name, flow := range map[string]func(t *testing.T, v *visitor){
		"the list is live":                   liveList,
		"search and filters":                 searchAndFilters,
		"pages of the list":                  olderAndNewest,
		"the merchant switch":                merchantSwitch,
		"an arrow opens its exchange":        arrowOpensExchange,
		"pay, and the page follows":          payFromThePage,
		"force, abandon, expire":             forceAbandonExpire,
		"redeliver and forge":                redeliverAndForge,
		"the curl follows what is typed":     curlFollows,
		"the scenario editor":                scenarioEditor,
		"the scenario library":               scenarioLibrary,
		"the editor while one types":         scenarioTyping,
		"the editor while the text changes":  scenarioTypingOn,
		"the editor through a fault":         scenarioTypingThroughAFault,
		"order a scenario":                   orderScenario,
		"what is ordered is cancelled":       cancelOrdered,
		"the clock":                          driveTheClock,
		"reset wants to be confirmed":        resetWithCare,
		"the journal shows what was refused": refusedInJournal,
		"keys move in the journal":           keysMove,
		"violations with their words":        violationsWithWords,
		"coverage grows":                     coverageGrows,
		"a payment and its refunds":          paymentAndRefunds,
		"the webhook":                        webhookPage,
		"without JavaScript":                 withoutJavaScript,
		"injected markup stays text":         injectedMarkup,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !slices.Contains(quickFlows, name) {
				extent.NotQuick(t, "one more flow in a browser; others stay")
			}
			flow(t, newVisitor(t, merchant{s, "test_" + strings.NewReplacer(" ", "_", ",", "").Replace(name)}))
		})
	}
}

func liveList(t *testing.T, v *visitor) {
	first := v.creates(t, "ORD-1")
	v.visit("")
	require.Equal(t, "ORD-1", v.text("checkout-link"))
	second := v.creates(t, "ORD-2")
	v.sees(`document.querySelector('[data-testid=checkout]')?.dataset.id === '` + second + `'`)
	v.call(t, http.MethodPost, "/_mock/checkouts/"+first+"/pay", "", nil)
	v.sees(`document.querySelector('[data-id="` + first + `"] [data-testid=status]')?.textContent === 'SUCCESS'`)
	v.sees(`document.querySelector('[data-id="` + first + `"] [data-testid=callback]')?.dataset.state === 'failed'`)
	at, err := url.Parse(v.sandbox.url)
	require.NoError(t, err)
	hosts := evaluate[string](v, `[...new Set(performance.getEntriesByType('resource').map(e => new `+
		`URL(e.name).host))].join()`)
	require.Equal(t, at.Host, hosts, "the page asks nobody else for anything")
	v.quiet()
}

func searchAndFilters(t *testing.T, v *visitor) {
	v.creates(t, "BOOK-1", "description", "A long pencil")
	paid := v.creates(t, "BOOK-2", "customerId", "vip-7")
	v.call(t, http.MethodPost, "/_mock/scenarios/next", `{"scenario":"callback-lost"}`, nil)
	v.creates(t, "PEN-3")
	v.call(t, http.MethodPost, "/_mock/checkouts/"+paid+"/pay", "", nil)
	v.call(t, http.MethodGet, "/_mock/journal/wait?kind=callback&timeout=30s", "", nil)
	shown := func(want string) {
		t.Helper()
		v.sees(`[...document.querySelectorAll('[data-testid=checkout-link]')].map(e => e.textContent).join() === '` + want +
			`'`)
	}
	v.visit("")
	shown("PEN-3,BOOK-2,BOOK-1")
	for _, c := range [][2]string{
		{"book", "BOOK-2,BOOK-1"},
		{"pencil", "BOOK-1"},
		{"VIP-7", "BOOK-2"},
		{paid[:13], "BOOK-2"},
		{"", "PEN-3,BOOK-2,BOOK-1"},
	} {
		v.fill("search", c[0])
		shown(c[1])
	}
	v.fill("filter-status", "SUCCESS")
	shown("BOOK-2")
	v.fill("filter-status", "")
	v.fill("filter-scenario", "callback-lost")
	shown("PEN-3")
	v.fill("filter-scenario", "")
	v.fill("filter-callback", "failed")
	shown("BOOK-2")
	v.do(chromedp.Reload(), chromedp.WaitVisible(testID("live")))
	shown("BOOK-2") // the filter is in the address
	v.fill("search", "nobody")
	v.do(chromedp.WaitVisible(testID("empty")))
	v.click("clear")
	shown("PEN-3,BOOK-2,BOOK-1")
	v.quiet()
}

func olderAndNewest(t *testing.T, v *visitor) {
	oldest := v.creates(t, "ORD-0")
	for range 50 {
		v.creates(t, "ORD-N")
	}
	v.visit("")
	require.Equal(t, 50, evaluate[int](v, `document.querySelectorAll('[data-testid=checkout]').length`))
	v.click("older")
	v.sees(`document.querySelector('[data-testid=checkout]')?.dataset.id === '` + oldest + `'`)
	v.click("newest")
	v.sees(`document.querySelectorAll('[data-testid=checkout]').length === 50`)
	v.quiet()
}

func merchantSwitch(t *testing.T, v *visitor) {
	v.creates(t, "MINE-1")
	other := merchant{v.sandbox, "test_switched_to"}
	other.creates(t, "THEIRS-1")
	v.visit("")
	require.Equal(t, "MINE-1", v.text("checkout-link"))
	v.fill("merchant", other.key)
	v.reads("checkout-link", "THEIRS-1")
	require.Contains(t, evaluate[string](v, `location.search`), "merchant=test_switched_to", "the address is permanent")
	v.quiet()
}

func arrowOpensExchange(t *testing.T, v *visitor) {
	id := v.creates(t, "ORD-1")
	v.call(t, http.MethodPost, "/_mock/checkouts/"+id+"/pay", "", nil)
	v.call(t, http.MethodGet, "/_mock/journal/wait?kind=callback&timeout=30s", "", nil)
	v.visit("checkouts/" + id)
	require.Contains(t, v.text("diagram"), "POST /api/checkout")
	require.Contains(t, v.text("diagram"), "callback, try 1")
	require.Contains(t, v.text("diagram"), "callback, try 2")
	require.Contains(t, v.text("scenario"), "none")
	v.run(`document.querySelector('[data-testid=diagram] a[href="#entry-1"]').dispatchEvent(new MouseEvent('click', ` +
		`{bubbles: true, cancelable: true}))`)
	v.sees(`document.getElementById('entry-1').open`)
	require.Contains(t, v.text("message"), "X-Api-Secret: ***")
	require.NotContains(t, v.text("message"), "test_secret")
	status, _ := request(t, http.MethodGet, v.sandbox.url+"/api/checkout/"+id, jsonType, "", "X-API-KEY", v.key,
		"X-API-SECRET", "test_secret")
	require.Equal(t, http.StatusOK, status)
	v.sees(`document.querySelector('[data-testid=diagram]').textContent.includes('GET /api/checkout/')`)
	require.True(t, evaluate[bool](v, `document.getElementById('entry-1').open`), "what was opened stays open while "+
		"the page lives on")
	v.quiet()
}

func payFromThePage(t *testing.T, v *visitor) {
	id := v.creates(t, "ORD-1")
	v.visit("checkouts/" + id)
	const beside = `(() => {
		const box = (id) => document.querySelector('[data-testid="' + id + '"]').getBoundingClientRect();
		return box('pay-submit').bottom < innerHeight && box('pay').left > box('id').right;
	})()`
	require.True(t, evaluate[bool](v, beside), "it stands beside the summary, within the first screen")
	v.fill("pay-card", poorCard)
	v.click("pay-submit")
	v.reads("pay-outcome", "FAILED: Not sufficient funds (51)")
	v.reads("state", "OPEN")
	v.reads("result", "Not sufficient funds (51)")
	v.fill("pay-card", goodCard)
	v.fill("pay-installmentCount", "3")
	v.click("pay-submit")
	v.reads("pay-outcome", "The checkout is PAID now")
	v.reads("state", "PAID")
	v.click("pay-submit")
	v.reads("pay-outcome", "has been paid")
	v.reads("attempts", "2")
	v.quiet()
}

func forceAbandonExpire(t *testing.T, v *visitor) {
	id := v.creates(t, "ORD-1")
	v.visit("checkouts/" + id)
	v.click("abandon-submit")
	v.reads("abandon-outcome", "The checkout is OPEN now")
	v.fill("outcome-status", "FAILED")
	v.fill("outcome-resultCode", "05")
	v.fill("outcome-resultMessage", "Do not honour")
	v.click("outcome-submit")
	v.reads("outcome-outcome", "Do not honour (05)")
	v.reads("result", "Do not honour (05)")
	v.click("expire-submit")
	v.reads("expire-outcome", "EXPIRED")
	v.reads("state", "EXPIRED")
	v.quiet()
}

func redeliverAndForge(t *testing.T, v *visitor) {
	id := v.creates(t, "ORD-1")
	v.call(t, http.MethodPost, "/_mock/checkouts/"+id+"/pay", "", nil)
	v.call(t, http.MethodGet, "/_mock/journal/wait?kind=callback&timeout=30s", "", nil)
	v.visit("checkouts/" + id)
	v.reads("delivery-status", "FAILED")
	v.do(chromedp.Click(chromedp.CSS(`[data-testid=delivery] button[type=submit]`)))
	v.sees(`document.querySelector('[data-testid=delivery] [data-testid=outcome-words]')?.textContent.includes('connection refused')`)
	v.sees(`document.querySelectorAll('.tries li').length === 2`)
	require.Contains(t, v.text("delivery"), "by hand")
	var sent struct{ Callbacks []struct{ ID string } }
	v.call(t, http.MethodGet, "/_mock/callbacks?checkoutId="+id, "", &sent)
	v.call(t, http.MethodPost, "/_mock/callbacks/"+sent.Callbacks[0].ID+"/redeliver", "", nil)
	v.sees(`document.querySelectorAll('.tries li').length === 3`)
	require.Contains(t, v.text("outcome-words"), "connection refused", "what came of an action stays while the "+
		"page lives on")
	v.fill("forge-as", "json")
	v.fill("forge-checkoutId", "not-a-checkout")
	v.fill("forge-url", "http://127.0.0.1:9/elsewhere")
	v.click("forge-submit")
	v.reads("forge-outcome", "The forged callback was sent. It had no answer: connection refused")
	v.fill("forge-url", "ftp://x")
	v.click("forge-submit")
	v.reads("forge-outcome", "must be an absolute http or https URL")
	v.quiet()
}

func curlFollows(t *testing.T, v *visitor) {
	v.visit("checkouts/" + v.creates(t, "ORD-1"))
	v.run(`document.querySelector('[data-testid=outcome-curl]').open = true`)
	v.reads("outcome-curl-text", `"status": "SUCCESS"`)
	v.fill("outcome-resultMessage", "It's 'quoted'")
	v.reads("outcome-curl-text", `It'\''s '\''quoted'\''`)
	require.Contains(t, v.text("outcome-curl-text"), v.sandbox.url+"/_mock/checkouts/")
	require.True(t, evaluate[bool](v, `!document.querySelector('[data-testid=outcome-copy]').hidden`))
	v.reads("pay-curl-text", goodCard)
	v.quiet()
}

const paidAtOnce = "version: 1\nscenarios:\n  - name: at-once\n    payer: {action: pay}\n"

func scenarioEditor(t *testing.T, v *visitor) {
	v.creates(t, "ORD-1")
	v.visit("scenarios")
	v.fill("scenarios-yaml", "version: 1\nscenarios:\n  - name: a\n    paymnt: {status: FAILED}\n")
	require.Equal(t, 5, evaluate[int](v, `document.querySelectorAll('.gutter li').length`), "the lines are numbered "+
		"while one types")
	v.click("scenarios-submit")
	v.reads("fault-words", `unknown key "paymnt", did you mean "payment"?`)
	require.Equal(t, "4", v.text("faulty-line"))
	v.click("fault-4")
	require.Equal(t, "    paymnt: {status: FAILED}", evaluate[string](v,
		`(() => { const e = document.activeElement; return e.value.slice(e.selectionStart, e.selectionEnd) })()`))
	require.Contains(t, v.text("in-force"), "none", "a faulty file changes nothing")

	v.fill("scenarios-yaml", paidAtOnce)
	v.click("scenarios-submit")
	v.reads("scenarios-outcome", "In force for new checkouts: at-once.")
	v.reads("in-force", "This merchant has scenarios of its own: at-once")
	v.visit("checkouts/" + v.creates(t, "ORD-2"))
	v.reads("scenario", "at-once")
	require.Contains(t, v.text("why"), "first in the scenario file that matches")

	v.visit("scenarios")
	v.click("default-scenarios-submit")
	v.reads("default-scenarios-outcome", "The sandbox's own scenarios are in force")
	v.quiet()
}

func scenarioLibrary(t *testing.T, v *visitor) {
	v.creates(t, "ORD-1")
	v.visit("scenarios")
	v.click("library-link")
	v.sees(`document.body.dataset.page === 'library' && document.body.dataset.live === 'on'`)
	v.fill("search", "not enough money")
	v.sees(`[...document.querySelectorAll('[data-testid=shipped] a')].map(e => e.textContent).join() === 'insufficient-funds'`)
	v.do(chromedp.Click(chromedp.CSS(`[data-testid=shipped] a`)))
	v.reads("sentence", "The bank declines because there is not enough money on the card (ISO 8583 code 51).")
	v.sees(`document.querySelector('[data-testid=diagram] svg').textContent.includes('200 FAILED 100.50 TRY')`)

	v.fill("next-times", "2")
	v.click("next-submit")
	v.reads("next-outcome", "The next 2 to come: insufficient-funds.")
	v.sees(`!document.querySelector('select[name=scenario]')`)

	v.click("start-own")
	v.reads("next-item", "insufficient-funds, 2 checkouts")
	v.sees(`document.querySelector('[data-testid=scenarios-yaml]').value.includes('- name: my-insufficient-funds')`)
	v.click("scenarios-submit")
	v.reads("in-force", "This merchant has scenarios of its own: my-insufficient-funds")
}

func scenarioTyping(t *testing.T, v *visitor) {
	v.creates(t, "ORD-1")
	v.visit("scenarios")
	const begun = "version: 1\nscenarios:\n  - name: a\n    "
	v.fill("scenarios-yaml", begun+"paymnt: {}")
	v.reads("scenarios-yaml-remarks", `line 4, column 5 unknown key "paymnt", did you mean "payment"?`)
	v.sees(`document.querySelector('.gutter .faulty')?.textContent === '4'`)
	v.fill("scenarios-yaml", begun+"pay")
	v.sees(`[...document.querySelectorAll('.completion')].map(e => e.textContent).join() === 'payer,payment'`)
	v.run(`document.querySelector('.completion:last-child').click()`)
	v.sees(`document.querySelector('[data-testid=scenarios-yaml]').value.endsWith('\n    payment:\n      ')`)
	v.sees(`[...document.querySelectorAll('.completion')].some(e => e.textContent === 'resultCode')`)
	require.Contains(t, v.text("in-force"), "none", "what is only typed changes nothing")
	v.quiet()
}

// What is offered for an older text, or for another place in it, spoils nothing. A line that is gone is no place.
func scenarioTypingOn(t *testing.T, v *visitor) {
	v.creates(t, "ORD-1")
	v.visit("scenarios")
	const begun = "version: 1\nscenarios:\n  - name: a\n    "
	const text, chip = `document.querySelector('[data-testid=scenarios-yaml]')`, `document.querySelector('.completion')`
	offered := func(want string) {
		t.Helper()
		v.sees(`[...document.querySelectorAll('.completion')].map(e => e.textContent).join() === '` + want + `'`)
	}
	v.fill("scenarios-yaml", begun+"pay")
	offered("payer,payment")
	v.run(text + `.setSelectionRange(0, 0); ` + chip + `.click()`)
	require.Equal(t, begun+"pay", evaluate[string](v, text+`.value`))
	v.fill("scenarios-yaml", begun+"pay")
	offered("payer,payment")
	v.run(text + `.setRangeText('e', ` + text + `.value.length, ` + text + `.value.length, 'end'); ` + chip + `.click()`)
	require.Equal(t, begun+"paye", evaluate[string](v, text+`.value`))
	offered("payer")
	v.run(chip + `.click()`)
	require.Equal(t, begun+"payer:\n      ", evaluate[string](v, text+`.value`))

	v.fill("scenarios-yaml", begun+"paymnt: {}")
	v.reads("scenarios-yaml-remarks", "line 4, column 5")
	v.run(text + `.value = 'version: 1'; document.querySelector('.remarks .goto').click()`)
	v.quiet()
}

// The page cannot be brought up to date for a while: what was typed stays, and it goes on by itself.
func scenarioTypingThroughAFault(t *testing.T, v *visitor) {
	v.creates(t, "ORD-1")
	v.visit("scenarios")
	v.fill("scenarios-yaml", "half a file")
	v.run(`(() => {
		const real = window.fetch;
		window.faulty = true;
		window.asked = 0;
		window.fetch = (url, ...rest) => {
			if (!String(url?.url ?? url).includes('part=live')) return real(url, ...rest);
			window.asked++;
			return window.faulty ? Promise.resolve(new Response('', {status: 503})) : real(url, ...rest);
		};
	})()`)
	v.creates(t, "ORD-2")
	v.sees(`window.asked > 0 && document.body.dataset.live === 'off'`)
	v.run(`window.faulty = false`)
	v.sees(`document.body.dataset.live === 'on'`)
	require.Equal(t, "half a file", evaluate[string](v, `document.querySelector('[data-testid=scenarios-yaml]').value`))
	v.quiet()
}

func cancelOrdered(t *testing.T, v *visitor) {
	v.creates(t, "ORD-1")
	v.visit("scenarios")
	v.reads("next-none", "No scenario is forced for them.")
	listed := func(want string) {
		t.Helper()
		const items = `[...document.querySelectorAll('[data-testid=next-item]')]`
		v.sees(items + `.map(e => e.textContent).join('; ') === '` + want + `'`)
	}
	v.call(t, http.MethodPost, "/_mock/scenarios/next", `{"scenario":"lost-card","times":2}`, nil)
	v.call(t, http.MethodPost, "/_mock/scenarios/next", `{"scenario":"slow-bank"}`, nil)
	listed("lost-card, 2 checkouts; slow-bank, 1 checkout") // without reloading
	v.creates(t, "ORD-2")
	listed("lost-card, 1 checkout; slow-bank, 1 checkout")
	require.Contains(t, evaluate[string](v, `document.querySelector('[data-testid=cancel-next-curl-text]').textContent`),
		"curl -X DELETE '"+v.sandbox.url+"/_mock/scenarios/next?merchant="+v.key)

	v.click("cancel-next-submit")
	v.do(chromedp.WaitVisible(testID("next-none")))
	listed("")
	var waits struct{ Next []any }
	v.call(t, http.MethodGet, "/_mock/scenarios/next", "", &waits)
	require.Empty(t, waits.Next)

	v.fill("next-scenario", "slow-bank")
	v.click("next-submit")
	listed("slow-bank, 1 checkout")
	v.click("cancel-next-submit") // a second time, with a form that came anew
	v.do(chromedp.WaitVisible(testID("next-none")))
	v.quiet()
}

func orderScenario(t *testing.T, v *visitor) {
	v.creates(t, "ORD-1")
	v.visit("scenarios")
	v.fill("next-scenario", "insufficient-funds")
	v.fill("next-times", "2")
	v.click("next-submit")
	v.reads("next-outcome", "The next 2 to come: insufficient-funds.")
	v.visit("checkouts/" + v.creates(t, "ORD-2"))
	require.Equal(t, "insufficient-funds", v.text("scenario"))
	require.Contains(t, v.text("why"), "forced for the next checkouts")
	v.quiet()
}

func driveTheClock(t *testing.T, v *visitor) {
	id := v.creates(t, "ORD-1")
	v.call(t, http.MethodPost, "/_mock/checkouts/"+id+"/pay", "", nil)
	v.visit("sandbox")
	v.click("freeze-submit")
	v.reads("clock-state", "frozen")
	v.fill("set-set", "2031-05-06T07:08:09Z")
	v.click("set-submit")
	v.reads("clock-now", "2031-05-06 07:08:09")
	v.fill("advance-advance", "48h")
	v.click("advance-submit")
	v.reads("clock-now", "2031-05-08 07:08:09")
	v.reads("advance-outcome", "The clock stands at 2031-05-08T07:08:09Z")
	v.reads("clock-due", "nothing is due")
	v.fill("advance-advance", "soon")
	v.click("advance-submit")
	v.reads("advance-outcome", "must be a duration such as 48h")
	v.click("resume-submit")
	v.reads("clock-state", "running")
	v.quiet()
}

func resetWithCare(t *testing.T, v *visitor) {
	v.creates(t, "ORD-1")
	v.call(t, http.MethodPut, "/_mock/scenarios", paidAtOnce, nil)
	v.visit("sandbox")
	v.run(`document.querySelector('[data-testid=reset]').noValidate = true`)
	v.click("reset-submit")
	v.reads("reset-outcome", "Tick the box first")
	v.click("reset-confirm")
	v.click("reset-submit")
	v.reads("reset-outcome", "200")
	v.visit("")
	v.do(chromedp.WaitVisible(testID("empty")))
	v.visit("scenarios")
	require.Contains(t, v.text("in-force"), "at-once", "the scenarios were kept")
	v.quiet()
}

func refusedInJournal(t *testing.T, v *visitor) {
	v.creates(t, "ORD-1")
	v.visit("journal")
	status, _ := request(t, http.MethodPost, v.sandbox.url+"/api/checkout", jsonType, `{"orderId":"ORD-2","amount":"12"}`,
		"X-API-KEY", v.key, "X-API-SECRET", "test_secret")
	require.Equal(t, http.StatusBadRequest, status)
	v.reads("entry-code", "400") // the newest is first, and came by itself
	v.do(chromedp.Click(chromedp.CSS(`.entry summary`)))
	v.sees(`document.querySelector('.entry').textContent.includes('callback: is required')`)
	v.fill("filter-kind", "callback")
	v.do(chromedp.WaitVisible(testID("empty")))
	v.fill("filter-kind", "")
	v.fill("filter-order", "ORD-1")
	v.sees(`document.querySelectorAll('.entry').length === 1`)
	v.quiet()
}

func keysMove(t *testing.T, v *visitor) {
	v.creates(t, "ORD-1")
	v.creates(t, "ORD-2")
	v.visit("journal")
	press := func(key string) {
		v.run(`document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: '` + key +
			`', bubbles: true, cancelable: true}))`)
	}
	focused := func(want string) {
		t.Helper()
		require.Equal(t, want, evaluate[string](v, `document.activeElement.id || document.activeElement.parentElement.id`))
	}
	press("j")
	focused("entry-2")
	press("j")
	focused("entry-1")
	press("k")
	focused("entry-2")
	press("/")
	focused("search")
	press("j")
	focused("search") // where one types, keys are letters
	v.fill("search", "ord-1")
	v.sees(`document.querySelectorAll('.entry').length === 1`)
	v.run(`document.activeElement.blur()`)
	press("?")
	v.do(chromedp.WaitVisible(testID("keys")))
	v.click("keys-close")
	v.click("entry-1")
	v.click("permalink")
	v.sees(`location.pathname.endsWith('/journal/1') && document.getElementById('entry-1').open`)
	v.click("again-1-submit")
	v.reads("again-1-outcome", "answered with 200")
	v.quiet()
}

func violationsWithWords(t *testing.T, v *visitor) {
	v.creates(t, "ORD-1")
	v.visit("violations")
	require.Contains(t, v.text("empty"), "No violation yet")
	status, _ := request(t, http.MethodPost, v.sandbox.url+"/api/checkout", jsonType,
		`{"orderId":"ORD-2","amount":"<b>12</b>"}`, "X-API-KEY", v.key, "X-API-SECRET", "test_secret")
	require.Equal(t, http.StatusBadRequest, status)
	v.sees(`[...document.querySelectorAll('[data-testid=violation-words]')].some(w => ` +
		`w.textContent.includes('callback: is required'))`)
	v.sees(`document.querySelectorAll('[data-testid=violation]').length === 1 && ` +
		`!document.querySelector('[data-testid=violation] b')`)
	status, _ = request(t, http.MethodPost, v.sandbox.url+"/api/checkout", jsonType, `{}`, "X-API-KEY", v.key,
		"X-API-SECRET", "test_secret", "X-Mock-Scenario", "rate-limited")
	require.Equal(t, http.StatusBadRequest, status, "a request that a scenario cannot be meant for")
	v.sees(`document.querySelectorAll('[data-testid=violation]').length === 2`)
	v.quiet()
}

func coverageGrows(t *testing.T, v *visitor) {
	id := v.creates(t, "ORD-1")
	v.visit("coverage")
	v.sees(`+document.querySelector('[data-testid=coverage-all]').textContent.replace(' %', '') > 0`)
	operation := func(name string) string {
		return `[...document.querySelectorAll('[data-testid=point]')].find(p => p.textContent.startsWith('` + name +
			`')).dataset.count`
	}
	v.sees(operation("POST /api/checkout 200") + ` === '1'`)
	v.sees(operation("GET /api/checkout/{checkoutId} 200") + ` === '0'`)
	v.call(t, http.MethodGet, "/_mock/checkouts/"+id, "", nil)
	status, _ := request(t, http.MethodGet, v.sandbox.url+"/api/checkout/"+id, "", "", "X-API-KEY", v.key, "X-API-SECRET",
		"test_secret")
	require.Equal(t, http.StatusOK, status)
	v.sees(operation("GET /api/checkout/{checkoutId} 200") + ` === '1'`)
	v.click("show-never")
	v.sees(`document.querySelector('[data-testid=show-all]') && ` +
		`[...document.querySelectorAll('[data-testid=point]')].every(p => p.dataset.count === '0')`)
	v.quiet()
}

func withoutJavaScript(t *testing.T, v *visitor) {
	id := v.creates(t, "ORD-1")
	v.withoutJavaScript()
	v.open("checkouts/" + id)
	_, err := chromedp.RunResponse(v.ctx, chromedp.Click(testID("pay-submit")))
	require.NoError(t, err)
	require.Contains(t, v.text("pay-outcome"), "The checkout is PAID now")
	require.Equal(t, "PAID", v.text("state"))
	v.do(chromedp.Reload())
	require.Equal(t, "1", v.text("attempts"), "reloading pays nothing")

	v.open("scenarios")
	v.do(chromedp.SendKeys(testID("scenarios-yaml"), "- nonsense"))
	_, err = chromedp.RunResponse(v.ctx, chromedp.Click(testID("scenarios-submit")))
	require.NoError(t, err)
	require.Contains(t, v.text("faults"), "line")
	text, err := chromedp.Run(v.ctx, chromedp.Value(testID("scenarios-yaml")))
	require.NoError(t, err)
	require.Contains(t, text, "nonsense", "what was typed is not lost")

	v.open("")
	v.do(chromedp.SendKeys(testID("search"), "nobody"))
	_, err = chromedp.RunResponse(v.ctx, chromedp.Click(testID("filter-submit")))
	require.NoError(t, err)
	require.Contains(t, v.text("empty"), "No checkout fits")
}

// hostile is markup that would do something if anything took it for markup.
const hostile = `</textarea></script>"'><img src=x onerror=alert(1)><script>alert(2)</script>{{.}}`

func injectedMarkup(t *testing.T, v *visitor) {
	v.key = `test_"><img/src=x/onerror=alert(3)>`
	id := v.creates(t, hostile, "description", hostile, "customerId", hostile, "callback", "http://127.0.0.1:9/?q="+
		url.QueryEscape(hostile))
	v.call(t, http.MethodPut, "/_mock/scenarios", "version: 1\nscenarios:\n  - name: odd\n    description: "+
		"'<script>alert(4)</script>'\n    when: {orderId: '<img src=x onerror=alert(5)>'}\n", nil)
	v.call(t, http.MethodPost, "/_mock/checkouts/"+id+"/pay", "", nil)
	v.call(t, http.MethodPost, "/_mock/callbacks/forge", `{"checkoutId":"<img src=x `+
		`onerror=alert(6)>","url":"http://127.0.0.1:9/'onload=alert(8)//&lt;b&gt;"}`, nil)
	status, _ := request(t, http.MethodPost, v.sandbox.url+"/api/checkout", jsonType,
		`{"orderId":"<script>alert(7)</script>"}`,
		"X-API-KEY", v.key, "X-API-SECRET", "test_secret", "X-Odd", hostile)
	require.Equal(t, http.StatusBadRequest, status)
	later := v.creates(t, "plain")
	for _, path := range []string{
		"", "?search=" + url.QueryEscape(hostile), "journal", "scenarios", "sandbox",
		"checkouts/" + id, "checkouts/" + later,
	} {
		v.visit(path)
		v.run(`document.querySelectorAll('details').forEach(e => e.open = true)`)
		require.Zero(t, evaluate[int](v, `document.querySelectorAll('main img, main script, main b, [onerror]').length`),
			path)
	}
	v.visit("checkouts/" + id)
	require.Equal(t, hostile, v.text("order"))
	require.Equal(t, hostile, v.text("description"))
	v.fill("outcome-resultMessage", hostile)
	v.click("outcome-submit")
	v.reads("outcome-outcome", "has been paid")
	v.fill("forge-checkoutId", hostile)
	v.click("forge-submit")
	v.reads("forge-outcome", "there is no checkout with this checkoutId")
	v.quiet()
}

// TestDashboardLogIn is somebody who has to show the admin token.
func TestDashboardLogIn(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "one more flow in a browser; others stay")
	const token = "the-admin-token-of-this-test"
	v := newVisitor(t, merchant{serve(t, "--admin-token", token), "test_key"})
	id := v.creates(t, "ORD-1")
	at := "checkouts/" + id
	v.do(chromedp.Navigate(v.sandbox.url+"/_mock/ui/"+at), chromedp.WaitVisible(testID("login")))
	v.do(chromedp.SendKeys(testID("token"), "a wrong one"), chromedp.Click(testID("login-submit")),
		chromedp.WaitVisible(testID("wrong")))
	v.do(chromedp.SendKeys(testID("token"), token), chromedp.Click(testID("login-submit")),
		chromedp.WaitVisible(testID("order")))
	require.Contains(t, evaluate[string](v, `location.pathname`), at, "the log-in leads where one wanted to go")
	require.Empty(t, evaluate[string](v, `document.cookie`), "no script sees the cookie")
	v.click("pay-submit")
	v.reads("pay-outcome", "The checkout is PAID now")
	v.reads("state", "PAID")
	curl := evaluate[string](v, `document.querySelector('[data-testid=pay-curl-text]').textContent`)
	require.Contains(t, curl, `-H "Authorization: Bearer $PAYPORTER_MOCK_ADMIN_TOKEN"`)
	require.NotContains(t, evaluate[string](v, `document.documentElement.outerHTML`), token)
	v.do(chromedp.Click(testID("logout")), chromedp.WaitVisible(testID("login")))
	v.do(chromedp.Navigate(v.sandbox.url+"/_mock/ui/"), chromedp.WaitVisible(testID("login")))
	v.quiet()
}

// TestDashboardIsAccessible has axe-core judge every page, in light and dark.
func TestDashboardIsAccessible(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "axe-core on every page")
	axe, err := os.ReadFile("../../testdata/playwright/node_modules/axe-core/axe.min.js")
	if err != nil {
		extent.Required(t, "axe-core is missing: run npm ci in testdata/playwright")
	}
	for _, scheme := range extent.First(1, "dark", "light") {
		v := newVisitor(t, merchant{serve(t), "test_axe"})
		v.emulate(scheme)
		v.tour(serve(t, "--admin-token", "a-long-enough-token"), func(name string) {
			v.run(string(axe) + "\n0")
			found, err := chromedp.Run(v.ctx, chromedp.Evaluate[[]string](
				`axe.run().then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target.join(' ') + ' ' + `+
					`n.failureSummary)))`, chromedp.EvalAwaitPromise))
			require.NoError(t, err)
			require.Empty(t, found, "%s, %s", name, scheme)
		})
	}
}

// TestDashboardSaysWhatWasNotDone is a developer whose merchant is unknown to a sandbox that was started anew, and
// whose sandbox stops.
func TestDashboardSaysWhatWasNotDone(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "one more flow in a browser; others stay")
	v := newVisitor(t, merchant{serve(t), "test_key"})
	v.creates(t, "ORD-1")
	v.visit("scenarios")
	v.fill("scenarios-yaml", "version: 1\nscenarios: [{name: typed-with-care}]\n")
	v.run(`document.querySelectorAll('form.action').forEach(f =>
		f.setAttribute('hx-post', f.getAttribute('hx-post').replace('test_key', 'nobody')))`)
	v.click("scenarios-submit")
	v.reads("scenarios-outcome", "Nothing was done: the sandbox does not know this merchant any more.")
	require.Contains(t, evaluate[string](v, `document.querySelector('[data-testid=scenarios-yaml]').value`),
		"typed-with-care")

	id := v.creates(t, "ORD-2")
	v.visit("checkouts/" + id)
	code, err := v.sandbox.stop()
	require.NoError(t, err)
	require.Zero(t, code)
	v.sees(`!document.querySelector('[data-testid=disconnected]').hidden`)
	v.click("pay-submit")
	v.reads("pay-outcome", "Nothing was done: the sandbox does not answer.")
}
