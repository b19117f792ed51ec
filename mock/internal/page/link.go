package page

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/internal/link"
	"github.com/payporter-mock/payporter-mock/payment"
)

// canonicalID is the checkout's id in a link, in lower case. Only the canonical form of a UUID is
// one: eight, four, four, four and twelve hexadecimal digits.
func canonicalID(s string) (string, bool) {
	if len(s) != 36 {
		return "", false
	}

	s = strings.ToLower(s)
	for i := range len(s) {
		hyphen := i == 8 || i == 13 || i == 18 || i == 23
		if hyphen != (s[i] == '-') || !hyphen && !strings.Contains("0123456789abcdef", s[i:i+1]) {
			return "", false
		}
	}
	return s, true
}

// forLink lets do see the checkout as it stands now; a link that belongs to nobody is NotFound.
func (p *page) forLink(do useCase) useCase {
	return func(ctx context.Context, x *call) (answer, error) {
		if x.merchant == nil {
			return p.unknownLink(ctx, x)
		}
		if err := x.look(ctx); err != nil {
			return answer{}, err
		}
		return do(ctx, x)
	}
}

// look reads the checkout. A link whose time is over is expired, even when the task that says so
// has not run yet.
func (x *call) look(ctx context.Context) error {
	c, err := x.merchant.Checkout(ctx, x.checkout.ID)
	if err != nil {
		return err
	}

	x.checkout = c
	if !c.Payable() || x.merchant.Clock().Now().Before(c.ExpiresAt) {
		return nil
	}

	expired, err := x.merchant.Expire(ctx, c.ID)
	if err != nil && !notPayable(err) {
		return err
	}
	x.checkout = expired // or what somebody faster made of it
	return nil
}

func notPayable(err error) bool { return errors.Is(err, &payment.Error{Code: payment.NotPayable}) }

func (p *page) unknownLink(_ context.Context, x *call) (answer, error) {
	x.response.Header().Del("Allow") // of a link that somebody has
	return answer{}, &payment.Error{Code: payment.NotFound, Message: "there is no checkout with this link"}
}

// wrongMethod answers a request with a method that the path does not take; the header Allow is there already.
func wrongMethod(_ context.Context, x *call) (answer, error) {
	return say(http.StatusMethodNotAllowed, x.words.WrongMethod), nil
}

// at reports whether the request is for that page of the link.
func (x *call) at(rest string) bool {
	return strings.EqualFold(strings.TrimPrefix(x.request.URL.Path, linkPath), x.checkout.ID+rest)
}

// path leads from the page that was asked for to another one of the link, in the language that was asked for; query is
// names and plain values in turn.
func (x *call) path(rest string, query ...string) string {
	if x.language != "" {
		query = append(query, "lang", x.language)
	}
	path, mark := x.to(linkPath+x.checkout.ID+rest), "?"
	for i := 0; i < len(query); i += 2 {
		path += mark + query[i] + "=" + query[i+1]
		mark = "&"
	}
	return path
}

// to is the address of a path of the sandbox on the page that was asked for.
func (x *call) to(target string) string { return link.To(x.request.URL.EscapedPath(), target) }

// seeOther sends the browser to another page of the link with a GET, so that reloading what it gets
// there never pays twice.
func (x *call) seeOther(rest string) answer {
	return answer{status: http.StatusSeeOther, location: x.path(rest)}
}

// moved is for whoever can do nothing here: the customer at the bank is led to the bank's page, and
// anybody else is told why the link cannot be paid.
func (x *call) moved() answer {
	switch x.checkout.State {
	case payment.Authenticating:
		return x.seeOther("/bank")
	case payment.Paid, payment.Processing:
		return x.closed(http.StatusConflict)
	}
	return x.closed(http.StatusGone)
}

// closed says why the link cannot be paid, and what the customer can do.
func (x *call) closed(status int) answer {
	a := say(status, x.words.States[x.checkout.State].Closed)
	a.screen.ResultAt = x.path("/result")
	return a
}

// next leads to the page where the customer goes on.
func (x *call) next() answer {
	switch {
	case x.checkout.Payable():
		return x.seeOther("")
	case x.checkout.State == payment.Authenticating:
		return x.seeOther("/bank")
	}
	return x.seeOther("/result")
}
