package page_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/payment"
)

// A shop that is listed shows the page in a frame, and the customer pays in it; to any other the browser refuses it.
func TestPageInAFrame(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		listed func(shop string) []string
		shown  bool
	}{
		"nobody is listed": {func(string) []string { return nil }, false},
		"another is":       {func(string) []string { return []string{"https://shop.example", "http://localhost:*"} }, false},
		"the shop is":      {func(shop string) []string { return []string{"https://shop.example", shop} }, true},
		"any port is":      {func(string) []string { return []string{"http://127.0.0.1:*"} }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var framed string
			shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				fmt.Fprintf(w, `<!DOCTYPE html><h1>Shop</h1><iframe src="%s" width="400" height="900"></iframe>`, framed)
			}))
			t.Cleanup(shop.Close)
			s := openFramed(t, c.listed(shop.URL))
			link := s.order("100.50", "TRY", nil)
			framed = s.URL + link + "?card=" + askedCard
			b := newTab(t, s, customer{language: "en"})
			inside := b.contexts()
			b.do(chromedp.Navigate(shop.URL), chromedp.WaitVisible(chromedp.CSS("h1")))
			if !c.shown {
				b.awaitFrame("chrome-error://")
				return
			}

			b.awaitFrame(s.URL + link)
			inside.press(b, s.URL, "pay", "", "")
			inside.press(b, s.URL, "bank-confirm", "bank-code", payment.BankCode)
			b.awaitFrame(s.URL + link + "/result")
			require.Equal(t, payment.Paid, s.checkout(link).State)
		})
	}
}

// Where somebody may frame the page, every answer says who, and no older header contradicts it.
func TestFrameAncestorsAreInEveryAnswer(t *testing.T) {
	t.Parallel()
	s := openFramed(t, []string{"https://shop.example", "http://localhost:*"})
	link := s.order("100.50", "TRY", nil)
	for _, path := range []string{link, s.atTheBank(askedCard) + "/bank", s.books(1) + "/result", "/checkout-link/42"} {
		got := s.get(path)
		require.Contains(t, got.Header.Get("Content-Security-Policy"), "; frame-ancestors https://shop.example "+
			"http://localhost:*", path)
		require.Empty(t, got.Header.Get("X-Frame-Options"), path)
	}
}

// awaitFrame waits until the page's one frame is at an address that begins so.
func (b *tab) awaitFrame(address string) {
	b.t.Helper()
	require.Eventually(b.t, func() bool {
		tree, err := chromedp.Call(b.ctx, cdppage.GetFrameTree, cdp.Empty{})
		if err != nil || len(tree.FrameTree.ChildFrames) != 1 {
			return false
		}
		return strings.HasPrefix(tree.FrameTree.ChildFrames[0].Frame.URL, address)
	}, patience, tick, address)
}

// contexts are where scripts run in a tab, newest last.
type contexts struct {
	mu  sync.Mutex // guards all
	all []*runtime.ExecutionContextDescription
}

// contexts follows the tab from now on.
func (b *tab) contexts() *contexts {
	b.t.Helper()
	c := &contexts{}
	require.NoError(b.t, chromedp.Listen(b.ctx, func(event any) {
		if made, ok := event.(*runtime.EventExecutionContextCreated); ok {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.all = append(c.all, made.Context)
		}
	}))
	return c
}

// press fills in a field, unless it has no name, and presses a button, as soon as the newest page of the origin has it.
func (c *contexts) press(b *tab, origin, button, field, value string) {
	b.t.Helper()
	expression := fmt.Sprintf(`(() => {
		const find = (id) => document.querySelector('[data-testid="' + id + '"]');
		if (document.readyState !== 'complete' || !find(%[1]q)) return false;
		if (%[2]q) find(%[2]q).value = %[3]q;
		find(%[1]q).click();
		return true;
	})()`, button, field, value)
	require.Eventually(b.t, func() bool {
		answer, err := chromedp.Call(b.ctx, runtime.Evaluate, runtime.EvaluateParams{
			Expression: expression,
			ContextID:  c.newest(origin),
		})
		return err == nil && answer.Result != nil && string(answer.Result.Value) == "true"
	}, patience, tick, button)
}

// newest is where the scripts of the newest page of an origin run, zero before there is one.
func (c *contexts) newest(origin string) (id runtime.ExecutionContextID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, one := range c.all {
		if one.Origin == origin {
			id = one.ID
		}
	}
	return id
}
