package main_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// TestDashboardNumbersOnPhones looks at every page of the dashboard on phones: no amount, time or count is broken into
// two lines or cut, and no page scrolls sideways.
func TestDashboardNumbersOnPhones(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "every page in a browser; flows of the dashboard stay")
	m := merchant{serve(t, "--paid-amount", "charged"), "test_phones"}
	paid := m.creates(t, "ORD-1", "description", "Two books and a very long pencil, gift wrapped")
	m.call(t, http.MethodPost, "/_mock/checkouts/"+paid+"/pay", `{"card":"`+poorCard+`"}`, nil)
	dear := m.createsDear(t)
	m.call(t, http.MethodPost, "/_mock/checkouts/"+dear+"/pay", `{"installmentCount":12}`, nil)
	v := newVisitor(t, m)

	for _, page := range []string{
		"", "checkouts/" + dear, "checkouts/" + paid, "journal", "scenarios", "sandbox",
		"violations", "coverage",
	} {
		v.visit(page)
		if page == "checkouts/"+dear {
			require.Equal(t, "11700000000.00 TRY", v.text("paid-amount"))
		}
		for _, width := range []int64{320, 360, 390, 414} {
			v.do(chromedp.EmulateViewport(width, 844))
			require.Empty(t, evaluate[[]string](v, brokenNumbers), "%q at %d pixels", page, width)
			require.LessOrEqual(t, evaluate[int64](v, `document.documentElement.scrollWidth`), width, page)
		}
	}
}

// createsDear makes the dearest checkout that there can be, and answers its id.
func (m merchant) createsDear(t *testing.T) string {
	t.Helper()
	order := `{"orderId":"ORD-9","amount":9999999999.99,"currency":"TRY","callback":"http://127.0.0.1:9/",
		"maxInstallmentCount":12,"interestPaidByCustomer":true}`
	status, answer := request(t, http.MethodPost, m.sandbox.url+"/api/checkout", jsonType, order,
		"X-API-KEY", m.key, "X-API-SECRET", "test_secret")
	require.Equal(t, http.StatusOK, status, string(answer))
	_, id, _ := strings.Cut(string(answer), `"checkoutId":"`)
	return id[:36]
}

// brokenNumbers lists what is broken or cut. What is code may be: ids and messages are longer than a phone is wide.
const brokenNumbers = `(() => {
	const found = [];
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node; node = walker.nextNode();) {
		if (node.parentElement.closest('code, pre, script, select, svg, textarea, .order, .what, [data-testid=id]')) continue;
		for (const match of node.data.matchAll(/\d[\d.,:]*/g)) {
			const range = document.createRange();
			range.setStart(node, match.index);
			range.setEnd(node, match.index + match[0].length);
			const rects = [...range.getClientRects()].filter(r => r.width > 0);
			if (new Set(rects.map(r => Math.round(r.top))).size > 1) found.push('two lines: ' + match[0]);
			if (!node.parentElement.closest('.scroll, nav') && rects.some(r => r.right > innerWidth)) found.push('cut: ' + match[0]);
		}
	}
	for (const input of document.querySelectorAll('.drive input[type=text]')) {
		if (input.scrollWidth > input.clientWidth) found.push('cut: ' + input.value);
	}
	return found;
})()`
