package mock_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// drawn is the diagram of a checkout in both forms: the lines of the Mermaid text, and the sentences of the drawing.
// Times are taken out, for they are others each time.
func (c *client) drawn(checkoutID string) (lines, sentences []string) {
	c.t.Helper()
	text := c.get("/_mock/ui/checkouts/" + checkoutID + "/sequence.mmd?merchant=" + c.key)
	require.Equal(c.t, http.StatusOK, text.status, text.raw)
	for _, match := range regexp.MustCompile(`(?m)^    (\w+-\S+ .*)$`).FindAllStringSubmatch(text.raw, -1) {
		lines = append(lines, timeless(match[1]))
	}
	svg := c.get("/_mock/ui/checkouts/" + checkoutID + "/sequence.svg?merchant=" + c.key)
	for _, match := range regexp.MustCompile(`<title>([^<]* to [^<]*)</title>`).FindAllStringSubmatch(svg.raw, -1) {
		sentences = append(sentences, timeless(html.UnescapeString(match[1])))
	}
	return lines, sentences
}

var (
	clockTimes = regexp.MustCompile(`(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d(\.\d{3})? `)
	latencies  = regexp.MustCompile(`( · | after )[0-9.]+ m?s`)
	groups     = regexp.MustCompile(`checkout [0-9a-f]{8}`)
)

func timeless(s string) string {
	return groups.ReplaceAllString(latencies.ReplaceAllString(clockTimes.ReplaceAllString(s, ""), ""), "checkout ID")
}

// draws compares the diagram with what is to be in it, from top to bottom, in both forms.
func (c *client) draws(checkoutID string, lines, sentences string) {
	c.t.Helper()
	gotLines, gotSentences := c.drawn(checkoutID)
	require.Equal(c.t, strings.Split(strings.TrimSpace(lines), "\n"), gotLines)
	require.Equal(c.t, strings.Split(strings.TrimSpace(sentences), "\n"), gotSentences)
}

func TestDiagramHasTheEarlyCallbackInsideTheCreate(t *testing.T) {
	t.Parallel()
	frozenOrNot(t, func(t *testing.T, srv *mock.Test) {
		c := clientOf(t, srv)
		id := c.playing("callback-before-response").create("ORD-1", newShop(t).callback())
		c.draws(id, `
merchant->>+payporter: POST /api/checkout 100.50 TRY
bank->>payporter: SUCCESS
payporter->>merchant: callback, try 1
merchant-->>payporter: 200 OK
payporter-->>-merchant: answer to POST /api/checkout 100.50 TRY: 200 checkout ID`, `
Merchant to PayPorter: POST /api/checkout 100.50 TRY, answered 200 checkout ID
Bank to PayPorter: SUCCESS
PayPorter to Merchant: callback, try 1, answered 200 OK
PayPorter to Merchant: answer to POST /api/checkout 100.50 TRY: 200 checkout ID`)
	})
}

func TestDiagramHasConcurrentCallbacksOverlap(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	srv.Freeze() // so that the answers have an order
	c := clientOf(t, srv)
	require.Equal(t, http.StatusOK, c.put("version: 1\nscenarios: [{name: three, callback: {deliveries: [{count: 3, "+
		"concurrently: true}]}}]\n").status)
	id := c.create("ORD-1", meetingPlace(t, 3))
	srv.Pay(id, goodCard)
	c.await("kind=callback&count=3")
	c.draws(id, `
merchant->>payporter: POST /api/checkout 100.50 TRY
payporter-->>merchant: 200 checkout ID
bank->>payporter: SUCCESS
payporter->>+merchant: callback 1, try 1
payporter->>+merchant: callback 2, try 1
payporter->>+merchant: callback 3, try 1
merchant-->>-payporter: answer to callback 1, try 1: 200 OK
merchant-->>-payporter: answer to callback 2, try 1: 200 OK
merchant-->>-payporter: answer to callback 3, try 1: 200 OK`, `
Merchant to PayPorter: POST /api/checkout 100.50 TRY, answered 200 checkout ID
Bank to PayPorter: SUCCESS
PayPorter to Merchant: callback 1, try 1, answered 200 OK
PayPorter to Merchant: callback 2, try 1, answered 200 OK
PayPorter to Merchant: callback 3, try 1, answered 200 OK
Merchant to PayPorter: answer to callback 1, try 1: 200 OK
Merchant to PayPorter: answer to callback 2, try 1: 200 OK
Merchant to PayPorter: answer to callback 3, try 1: 200 OK`)
}

func TestDiagramHasTheControlCallAroundWhatItCaused(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	srv.Freeze()
	c := clientOf(t, srv)
	paid := func() { c.await("kind=control") } // so that the end of that call is not within the question
	id := c.create("ORD-1", askingShop(t, c, paid))
	c.post("/_mock/checkouts/"+id+"/pay", "")
	c.await("kind=callback")
	c.post("/_mock/callbacks/"+srv.Callbacks(id)[0].ID+"/redeliver", "")
	c.post("/_mock/callbacks/forge", `{"checkoutId":"`+id+`"}`)
	c.post("/_mock/checkouts/"+id+"/pay", "")
	got, sentences := c.drawn(id)
	require.Equal(t, strings.Split(strings.TrimSpace(`
merchant->>payporter: POST /api/checkout 100.50 TRY
payporter-->>merchant: 200 checkout ID
tester->>+payporter: POST /_mock/checkouts/#123;checkoutId#125;/pay
bank->>payporter: SUCCESS
payporter-->>-tester: answer to POST /_mock/checkouts/#123;checkoutId#125;/pay: 200 SUCCESS
payporter->>+merchant: callback, try 1
merchant->>payporter: GET /api/checkout/#123;checkoutId#125;
payporter-->>merchant: 200 SUCCESS 100.50 TRY
merchant-->>-payporter: answer to callback, try 1: 200 OK
tester->>+payporter: POST /_mock/callbacks/#123;callbackId#125;/redeliver
payporter->>+merchant: callback, try 2
merchant->>payporter: GET /api/checkout/#123;checkoutId#125;
payporter-->>merchant: 200 SUCCESS 100.50 TRY
merchant-->>-payporter: answer to callback, try 2: 200 OK
payporter-->>-tester: answer to POST /_mock/callbacks/#123;callbackId#125;/redeliver: 200 DELIVERED
tester->>+payporter: POST /_mock/callbacks/forge
payporter->>+merchant: forged callback
merchant->>payporter: GET /api/checkout/#123;checkoutId#125;
payporter-->>merchant: 200 SUCCESS 100.50 TRY
merchant-->>-payporter: answer to forged callback: 200 OK
payporter-->>-tester: answer to POST /_mock/callbacks/forge: 200 and 200 to what was sent
tester->>payporter: POST /_mock/checkouts/#123;checkoutId#125;/pay
payporter-->>tester: (went wrong) 409 CHECKOUT_NOT_PAYABLE`), "\n"), settled(got))
	require.Contains(t, sentences, "Tester to PayPorter: POST /_mock/checkouts/{checkoutId}/pay, answered 200 SUCCESS")
	require.Contains(t, sentences, "PayPorter to Tester: answer to POST /_mock/callbacks/{callbackId}/redeliver: "+
		"200 DELIVERED")
	require.Contains(t, sentences, "Merchant to PayPorter: answer to forged callback: 200 OK")
}

// settled gives the answer to pay its place before the callback that it races with.
func settled(lines []string) []string {
	const answer = "payporter-->>-tester: answer to POST /_mock/checkouts/#123;checkoutId#125;/pay: 200 SUCCESS"
	var rest []string
	for _, line := range lines {
		if line != answer {
			rest = append(rest, line)
		}
	}
	return append(rest[:4:4], append([]string{answer}, rest[4:]...)...)
}

func TestDiagramHasTheMoveOfTheClockThatMadeItHappen(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	srv.Freeze()
	c := clientOf(t, srv)
	c.post("/_mock/clock", `{"set":"2026-01-31T12:00:00Z"}`)
	id := c.create("ORD-1", nowhere)
	c.post("/_mock/clock", `{"advance":"48h"}`)
	lines, _ := c.drawn(id)
	require.Equal(t, []string{
		"merchant->>payporter: POST /api/checkout 100.50 TRY", "payporter-->>merchant: 200 checkout ID",
		"tester->>+payporter: POST /_mock/clock", "payporter-->>-tester: answer to POST /_mock/clock: 200 now · 2 d 0 h",
	}, lines, "and no other move")
}

func TestDiagramShowsWhatWasNotAnswered(t *testing.T) {
	t.Parallel()
	srv := start(t, mock.Config{})
	srv.Freeze()
	c := clientOf(t, srv)
	require.Equal(t, http.StatusOK, c.put(`
version: 1
scenarios:
  - name: broken
    create: {fault: reset, created: true}
    payer: {action: pay}
    callback: {retry: none, deliveries: [{beforeResponse: true}]}
    status: [{fields: {amount: 1.00}, times: 1}, {respond: {status: 500}, times: 1}, {fault: truncate}]
`).status)
	answered(c.request("POST", "/api/checkout", order("ORD-1", "http://127.0.0.1:9/")))
	id, _ := c.happened("kind=create").entry["checkoutId"].(string)
	c.get("/api/checkout/" + id)
	c.get("/api/checkout/" + id)
	answered(c.request("GET", "/api/checkout/"+id, ""))
	c.draws(id, `
merchant->>+payporter: POST /api/checkout 100.50 TRY
bank->>payporter: SUCCESS
payporter->>merchant: callback, try 1
merchant--xpayporter: connection refused: nothing listens there
payporter--x-merchant: no answer to POST /api/checkout 100.50 TRY: connection closed (fault: reset)
merchant->>payporter: GET /api/checkout/#123;checkoutId#125;
payporter-->>merchant: 200 SUCCESS 1.00 TRY
merchant->>payporter: GET /api/checkout/#123;checkoutId#125;
payporter-->>merchant: (went wrong) 500 INTERNAL_ERROR
merchant->>payporter: GET /api/checkout/#123;checkoutId#125;
payporter-->>merchant: 200 SUCCESS 100.50 TRY (fault: truncate)
`, `
Went wrong: Merchant to PayPorter: POST /api/checkout 100.50 TRY, not answered: connection closed (fault: reset)
Bank to PayPorter: SUCCESS
Went wrong: PayPorter to Merchant: callback, try 1, not answered: connection refused: nothing listens there
Went wrong: PayPorter to Merchant: no answer to POST /api/checkout 100.50 TRY: connection closed (fault: reset)
Merchant to PayPorter: GET /api/checkout/{checkoutId}, answered 200 SUCCESS 1.00 TRY
Went wrong: Merchant to PayPorter: GET /api/checkout/{checkoutId}, answered 500 INTERNAL_ERROR
Merchant to PayPorter: GET /api/checkout/{checkoutId}, answered 200 SUCCESS 100.50 TRY (fault: truncate)
`)
}
