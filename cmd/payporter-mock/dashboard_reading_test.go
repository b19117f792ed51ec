package main_test

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/payment"
)

// TestDashboardIsReadWhole looks for what is cut: the diagram, filters, the choice of instalments, rows on phones.
func TestDashboardIsReadWhole(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "every page in a browser; flows of the dashboard stay")
	m := merchant{serve(t), "test_whole"}
	m.call(t, http.MethodPost, "/_mock/clock", `{"freeze":true}`, nil)
	id := m.creates(t, "ORD-1")
	m.call(t, http.MethodPost, "/_mock/checkouts/"+id+"/pay", "", nil)
	m.call(t, http.MethodPost, "/_mock/clock", `{"advance":"30h"}`, nil)
	dear := m.createsDear(t)
	v := newVisitor(t, m)

	v.visit("checkouts/" + id)
	require.Equal(t, []string{"Merchant", "PayPorter", "Tester", "Bank"}, evaluate[[]string](v,
		`[...document.querySelectorAll('.sequence-actors:not([aria-hidden]) text')].map(e => e.textContent)`))
	const diagram = `document.querySelector('[data-testid=diagram]')`
	require.Zero(t, evaluate[int](v, diagram+`.scrollWidth - `+diagram+`.clientWidth`), "it fits into its card")
	const letters = diagram + `.querySelector('.sequence-label').getBoundingClientRect().height`
	require.GreaterOrEqual(t, evaluate[float64](v, letters), 11.0, "and can be read")
	for _, width := range []int64{360, 390} {
		v.do(chromedp.EmulateViewport(width, 844))
		require.GreaterOrEqual(t, evaluate[float64](v, letters), 11.0)
		require.True(t, evaluate[bool](v, diagram+`.scrollWidth > `+diagram+`.clientWidth && getComputedStyle(`+diagram+
			`).overflowX === 'auto' && getComputedStyle(`+diagram+`).backgroundImage.includes('gradient')`),
			"what does not fit scrolls in the card, which says so")
	}

	for _, width := range []int64{320, 360, 390, 1280} {
		v.do(chromedp.EmulateViewport(width, 844))
		v.visit("checkouts/" + dear)
		require.Empty(t, evaluate[[]string](v, cutChoices), "at %d pixels", width)
		v.visit("journal")
		require.Empty(t, evaluate[[]string](v, cutFields), "at %d pixels", width)
		v.visit("")
		require.Empty(t, evaluate[[]string](v, cutFields), "at %d pixels", width)
		if width < 1280 {
			require.Empty(t, evaluate[[]string](v, untidyRows), "at %d pixels", width)
			require.Contains(t, evaluate[string](v, `getComputedStyle(document.querySelector('[data-id="`+id+
				`"] .tries'), '::after').content`), "try")
		}
	}
	v.quiet()
}

// TestDashboardPayFormFollowsTheCard chooses one card after the other.
func TestDashboardPayFormFollowsTheCard(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "one more flow in a browser; others stay")
	m := merchant{serve(t), "test_follows"}
	v := newVisitor(t, m)
	v.visit("checkouts/" + m.creates(t, "ORD-1"))
	const offered = `[...document.querySelector('[data-testid=pay-installmentCount]').options]` +
		`.filter(o => !o.disabled && !o.hidden).length`
	const chosen = `document.querySelector('[data-testid=pay-installmentCount]').value`
	for _, card := range payment.TestCards() {
		v.fill("pay-card", goodCard)
		v.fill("pay-installmentCount", "6")
		require.Equal(t, 6, evaluate[int](v, offered))
		v.fill("pay-card", card.PAN.Digits())
		most := card.InstallmentsAtMost(6)
		require.Equal(t, most, evaluate[int](v, offered), card.PAN.Digits())
		require.Equal(t, map[int]string{1: "1", 6: "6"}[most], evaluate[string](v, chosen), card.PAN.Digits())
	}
	v.quiet()
}

// TestDashboardEditorKeepsItsWarnings types on below a scenario that nothing matches, and puts the file in force.
func TestDashboardEditorKeepsItsWarnings(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "one more flow in a browser; others stay")
	m := merchant{serve(t), "test_warnings"}
	m.creates(t, "ORD-1")
	v := newVisitor(t, m)
	v.visit("scenarios")
	const odd = "version: 1\nscenarios:\n  - name: odd\n    when: {card: \"1*\"}\n"
	const warning = `line 3, column 5 warning: scenario "odd" never matches`
	v.fill("scenarios-yaml", odd)
	v.reads("scenarios-yaml-remarks", warning)
	v.fill("scenarios-yaml", odd+"  - name: more\n    paym")
	v.reads("scenarios-yaml-remarks", "line 6")
	v.reads("scenarios-yaml-remarks", warning)

	v.fill("scenarios-yaml", odd)
	v.click("scenarios-submit")
	v.reads("scenarios-outcome", "In force for new checkouts: odd")
	v.reads("scenarios-yaml-remarks", warning)
	v.do(chromedp.Reload())
	v.reads("scenarios-yaml-remarks", warning)
	v.sees(`document.querySelector('.completions').hidden`)
	v.quiet()
}

// TestDashboardSaysWhatIsWrongWithAFilterWhileOneTypes narrows the journal by half a status.
func TestDashboardSaysWhatIsWrongWithAFilterWhileOneTypes(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "one more flow in a browser; others stay")
	m := merchant{serve(t), "test_filters"}
	m.creates(t, "ORD-1")
	v := newVisitor(t, m)
	v.visit("journal")
	v.fill("filter-status", "20")
	v.reads("refused", `status: must be a status such as SUCCESS or DELIVERED or 200, got "20"`)
	v.fill("filter-status", "200")
	v.do(chromedp.WaitVisible(testID("entry-1")))
	v.quiet()
}

// cutChoices lists the choices of instalments that are wider than their field, and numbers of cards.
const cutChoices = `(() => {
	const pen = document.createElement('canvas').getContext('2d'), found = [];
	for (const select of document.querySelectorAll('.drive select')) {
		const style = getComputedStyle(select), card = select.name === 'card';
		pen.font = style.font;
		const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
		for (const option of select.options) {
			const text = card ? option.label.split(' · ')[0] : option.label;
			if (pen.measureText(text).width > room) found.push(text + ' in ' + room);
		}
	}
	return found;
})()`

// cutFields lists the filters whose placeholder, or whose form of a time, is wider than they are.
const cutFields = `(() => {
	const pen = document.createElement('canvas').getContext('2d'), found = [];
	for (const field of document.querySelectorAll('.filters input:not([type=hidden])')) {
		const style = getComputedStyle(field), time = field.type === 'datetime-local';
		pen.font = time ? style.font : getComputedStyle(field, '::placeholder').font;
		const text = time ? '12/31/2026, 12:59:59 PM' : field.placeholder;
		const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - (time ? 24 : 0);
		if (pen.measureText(text).width > room) found.push(field.name + ' in ' + room);
	}
	return found;
})()`

// untidyRows lists the rows of a list in which the amount does not stand left of the status, or cells overlap.
const untidyRows = `(() => {
	const found = [];
	for (const row of document.querySelectorAll('.checkouts tbody tr')) {
		const box = (cell) => row.querySelector(cell).getBoundingClientRect(), left = box('.order').left;
		for (const cell of ['.amounts', '.told', '.when']) {
			if (Math.abs(box(cell).left - left) > 1) found.push(cell + ' is not left');
		}
		for (const [one, other] of [['.amounts', '.statuses'], ['.told', '.tries']]) {
			if (box(one).right > box(other).left) found.push(one + ' over ' + other);
			if (Math.abs(box(one).top - box(other).top) > 6) found.push(one + ' not beside ' + other);
		}
	}
	return found;
})()`
