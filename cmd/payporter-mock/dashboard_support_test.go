package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/chromium"
)

// visitor looks at the dashboard of a merchant in a tab that shares nothing with another one.
type visitor struct {
	t   *testing.T
	ctx context.Context
	merchant

	mu     sync.Mutex // guards alarms
	alarms []string   // dialogs, errors of scripts, and what the content security policy refused
}

func newVisitor(t *testing.T, m merchant) *visitor {
	t.Helper()
	v := &visitor{t: t, ctx: chromium.Lean.Window(t, 3*patience), merchant: m}
	require.NoError(t, chromedp.Listen(v.ctx, v.note))
	v.do(chromedp.EmulateViewport(1280, 800))
	return v
}

func (v *visitor) note(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *page.EventJavascriptDialogOpening:
		v.alarms = append(v.alarms, "dialog: "+e.Message)
	case *runtime.EventExceptionThrown:
		v.alarms = append(v.alarms, "script: "+fmt.Sprint(e.ExceptionDetails))
	}
}

// quiet proves that nothing popped up, and that no script of the page went wrong.
func (v *visitor) quiet() {
	v.t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	require.Empty(v.t, v.alarms)
}

func (v *visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	require.NoError(v.t, chromedp.Do(v.ctx, steps...))
}

// visit opens a page of the dashboard and waits until it is told of changes.
func (v *visitor) visit(path string) {
	v.t.Helper()
	v.open(path)
	v.do(chromedp.WaitVisible(chromedp.CSS(`body[data-live=on]`)))
}

func (v *visitor) open(path string) {
	v.t.Helper()
	at, err := url.Parse(v.sandbox.url + "/_mock/ui/" + path)
	require.NoError(v.t, err)
	q := at.Query()
	q.Set("merchant", v.key)
	at.RawQuery = q.Encode()
	v.do(chromedp.Navigate(at.String()), chromedp.WaitVisible(chromedp.CSS("h1")))
}

func (v *visitor) click(name string) { v.t.Helper(); v.do(chromedp.Click(testID(name))) }

// fill puts a text into a field, as somebody who types would.
func (v *visitor) fill(name, text string) {
	v.t.Helper()
	v.run(fmt.Sprintf(`(() => {
		const field = document.querySelector('[data-testid="%s"]');
		field.focus(); field.value = %s;
		field.dispatchEvent(new Event('input', {bubbles: true})); field.dispatchEvent(new Event('change', {bubbles: true}));
	})()`, name, asJS(v.t, text)))
}

func (v *visitor) text(name string) string {
	v.t.Helper()
	text, err := chromedp.Run(v.ctx, chromedp.Text(testID(name)))
	require.NoError(v.t, err, name)
	return text
}

// sees waits until an expression of JavaScript is true. It is not true while what it speaks of is not there.
func (v *visitor) sees(expression string) {
	v.t.Helper()
	patient := `(() => { try { return ` + expression + ` } catch (e) { if (e instanceof TypeError) return false; throw e } })()`
	ok, err := chromedp.Run(v.ctx, chromedp.Poll[bool](patient))
	// it was asked of the page before
	for err != nil && (strings.Contains(err.Error(), "navigated") || strings.Contains(err.Error(), "find context")) {
		ok, err = chromedp.Run(v.ctx, chromedp.Poll[bool](patient))
	}
	if err != nil {
		shown, _ := chromedp.Run(v.ctx, chromedp.Evaluate[string](`location.href + "\n" + `+
			`document.getElementById('live')?.innerText`))
		v.t.Logf("the page shows: %s", shown)
	}
	require.NoError(v.t, err, "%s\n%s", expression, err)
	require.True(v.t, ok, expression)
}

// reads waits until the element says so.
func (v *visitor) reads(name, part string) {
	v.t.Helper()
	v.sees(fmt.Sprintf(`(document.querySelector('[data-testid="%s"]')?.textContent ?? '').includes(%s)`, name,
		asJS(v.t, part)))
}

func (v *visitor) run(expression string) {
	v.t.Helper()
	_, err := chromedp.Run(v.ctx, chromedp.Evaluate[any](expression))
	require.NoError(v.t, err, expression)
}

func evaluate[T any](v *visitor, expression string) T {
	v.t.Helper()
	value, err := chromedp.Run(v.ctx, chromedp.Evaluate[T](expression))
	require.NoError(v.t, err, expression)
	return value
}

func asJS(t *testing.T, text string) string {
	t.Helper()
	literal, err := json.Marshal(text)
	require.NoError(t, err)
	return string(literal)
}

// emulate makes the tab one of somebody who likes light or dark.
func (v *visitor) emulate(scheme string) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	require.NoError(v.t, err)
}

// withoutJavaScript makes the tab one in which no script of a page runs.
func (v *visitor) withoutJavaScript() {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, emulation.SetScriptExecutionDisabled,
		emulation.SetScriptExecutionDisabledParams{Value: true})
	require.NoError(v.t, err)
}

// creates makes a checkout with the given order id, and answers its id.
func (m merchant) creates(t *testing.T, orderID string, more ...string) string {
	t.Helper()
	order := map[string]any{
		"orderId": orderID, "amount": json.Number("1249.90"), "currency": "TRY",
		"callback":            "http://127.0.0.1:9/payment-callback",
		"maxInstallmentCount": 6, "interestPaidByCustomer": false,
	}
	for i := 0; i+1 < len(more); i += 2 {
		order[more[i]] = more[i+1]
	}
	body, err := json.Marshal(order)
	require.NoError(t, err)
	status, answer := request(t, http.MethodPost, m.sandbox.url+"/api/checkout", jsonType, string(body), "X-API-KEY",
		m.key, "X-API-SECRET", "test_secret")
	require.Equal(t, http.StatusOK, status, string(answer))
	var made struct{ CheckoutID string }
	require.NoError(t, json.Unmarshal(answer, &made))
	return made.CheckoutID
}
