package page_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/payment"
)

// phones are the widths of phones that people have, in CSS pixels.
var phones = []int64{320, 360, 390, 414}

// money is what an order costs.
type money struct{ amount, currency string }

// However large an amount is, no number on a page is broken into two lines on a phone, nothing is cut, and the page
// never scrolls sideways.
func TestNumbersOnPhones(t *testing.T) {
	t.Parallel()
	for name, show := range map[string]func(b *tab, link string){
		"form": func(b *tab, link string) {
			b.visit(link)
			b.do(chromedp.Focus(at("installments")), chromedp.KeyEvent(kb.End))
			b.click("test-cards-summary", "test-cards-3ds")
		},
		"form without scripts": func(b *tab, link string) { b.visit(link) },
		"declined": func(b *tab, link string) {
			b.visit(link)
			b.pay(declinedCard, "declined")
		},
		"bank": func(b *tab, link string) {
			b.visit(link)
			b.do(chromedp.Focus(at("installments")), chromedp.KeyEvent(kb.End))
			b.pay(hopelessCard, "bank") // a domestic one, which can pay in instalments
		},
		"result": func(b *tab, link string) {
			b.visit(link)
			b.do(chromedp.Focus(at("installments")), chromedp.KeyEvent(kb.End))
			b.pay(goodCard, "result")
		},
	} {
		for _, language := range extent.First(1, "tr", "en") {
			t.Run(name+" "+language, func(t *testing.T) {
				t.Parallel()
				if name != "result" {
					extent.NotQuick(t, "one more page in a browser; one stays")
				}
				b := newTab(t, open(t, true), customer{language: language, noScripts: name == "form without scripts"})
				for _, m := range extent.First(1, money{"9999999999.99", "KWD"}, money{"9999999999.99", "TRY"}, money{"9999999999", "JPY"},
					money{"12345.67", "TRY"}) {
					show(b, b.sandbox.order(m.amount, m.currency, func(o *payment.Order) {
						o.MaxInstallmentCount, o.InterestPaidByCustomer = 12, true
					}))
					for _, width := range phones {
						b.do(chromedp.EmulateViewport(width, 844))
						require.Empty(t, ask[[]string](b, brokenNumbers), "%s at %d pixels", m, width)
						require.LessOrEqual(t, ask[int64](b, `document.documentElement.scrollWidth`), width, "%s", m)
					}
				}
			})
		}
	}
}

// brokenNumbers lists what is wrong with the numbers on the page: broken into two lines, outside of its card or the
// screen, or in a select that is too narrow for it.
const brokenNumbers = `(() => {
	const found = [], number = /[\d*](?:[\d.,*]|\u00a0(?=\d))*/g;
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node; node = walker.nextNode();) {
		if (node.parentElement.closest('option, script, svg, [data-testid=payment-id]')) continue;
		const card = node.parentElement.closest('.card');
		for (const match of node.data.matchAll(number)) {
			const range = document.createRange();
			range.setStart(node, match.index);
			range.setEnd(node, match.index + match[0].length);
			const rects = [...range.getClientRects()].filter(r => r.width > 0);
			if (new Set(rects.map(r => Math.round(r.top))).size > 1) found.push('two lines: ' + match[0]);
			const inner = card?.getBoundingClientRect() ?? {left: 0, right: innerWidth};
			if (rects.some(r => r.left < inner.left || r.right > inner.right || r.right > innerWidth)) found.push('cut: ' + match[0]);
		}
	}
	for (const e of document.querySelectorAll('body *')) {
		const clips = getComputedStyle(e).overflowX !== 'visible' && e.clientWidth > 0;
		if (clips && e.scrollWidth > e.clientWidth) found.push('hidden: ' + e.className + ' ' + e.textContent.slice(0, 40));
	}
	for (const e of document.querySelectorAll('.number')) {
		const line = 1.9 * parseFloat(getComputedStyle(e).fontSize);
		if (e.getBoundingClientRect().height > line) found.push('two lines: ' + e.textContent);
	}
	for (const e of document.querySelectorAll('select')) {
		const style = getComputedStyle(e), pen = document.createElement('canvas').getContext('2d'), arrow = 24;
		pen.font = style.font;
		const room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
		for (const o of e.options) if (pen.measureText(o.label).width > room) found.push('select: ' + o.label);
	}
	return found;
})()`
