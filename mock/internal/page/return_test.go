package page_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// returning is a shop with a session, to which a customer's browser brings the callback.
type returning struct {
	url   string
	posts chan *http.Request // the callbacks
	gets  chan *http.Request // the page to which the shop sends the browser on
}

// cookies are what the shop gives a customer before the payment, of each kind.
const cookies = "lax none plain strict"

// openShop is that shop at a host name of this machine.
func openShop(t *testing.T, host string) *returning {
	t.Helper()
	s := &returning{posts: make(chan *http.Request, 1), gets: make(chan *http.Request, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /cart", func(w http.ResponseWriter, _ *http.Request) {
		for _, c := range []http.Cookie{
			{Name: "lax", SameSite: http.SameSiteLaxMode},
			{Name: "strict", SameSite: http.SameSiteStrictMode},
			{Name: "none", SameSite: http.SameSiteNoneMode, Secure: true},
			{Name: "plain"},
		} {
			c.Value, c.Path = "1", "/"
			http.SetCookie(w, &c)
		}
		_, _ = io.WriteString(w, `<h1>Cart</h1>`)
	})
	mux.HandleFunc("POST /callback", func(w http.ResponseWriter, r *http.Request) {
		s.posts <- r
		http.Redirect(w, r, "/thanks", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /thanks", func(w http.ResponseWriter, r *http.Request) {
		s.gets <- r
		_, _ = io.WriteString(w, `<h1 data-testid="shop">Thank you</h1>`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.url = strings.Replace(server.URL, "127.0.0.1", host, 1)
	return s
}

// cookiesOf are the names of the request's cookies, in order.
func cookiesOf(r *http.Request) string {
	var names []string
	for _, name := range strings.Fields(cookies) {
		if _, err := r.Cookie(name); err == nil {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// What a browser keeps back when it brings the callback is told by docs/testing-the-page.md: a page on another site
// posts without the cookies that are Lax or Strict. The page itself is on 127.0.0.1.
func TestReturnToTheShop(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "four ways to return in a browser; other walks stay")
	for name, c := range map[string]struct {
		host         string
		onPost, then string // the cookies of the callback, and of the page after it
	}{
		"from another site": {"localhost", "none plain", "lax none plain"},
		"on the same site":  {"127.0.0.1", cookies, cookies},
	} {
		for _, who := range []customer{{language: "en"}, {language: "en", noScripts: true}} {
			t.Run(name+" "+who.String(), func(t *testing.T) {
				t.Parallel()
				shop, b := openShop(t, c.host), newTab(t, open(t, true), who)
				link := b.byBrowser(shop.url + "/callback")
				b.do(chromedp.Navigate(shop.url+"/cart"), chromedp.WaitVisible(chromedp.CSS("h1")))
				b.visit(link)
				if who.noScripts {
					b.pay(goodCard, "result")
					b.click("return", "shop")
				} else {
					b.pay(goodCard, "shop")
				}

				post, get := <-shop.posts, <-shop.gets
				require.Equal(t, b.sandbox.URL, post.Header.Get("Origin"), "a shop can allow it")
				require.Equal(t, b.sandbox.URL+"/", post.Header.Get("Referer"), "without the link")
				require.Equal(t, c.onPost, cookiesOf(post))
				require.Equal(t, c.then, cookiesOf(get))
			})
		}
	}
}
