package ui

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/payment"
)

// admit lets in who may see the dashboard. Otherwise it says where to go, or why not. Following a link
// from another site is no attack as long as it only shows something: no frame holds the page, and no
// script of that site can read it.
func (d *dashboard) admit(r *http.Request) (away string, err error) {
	if !visits(r) {
		err = d.Gate.CheckSender(r)
	}
	if err != nil || !d.Gate.WantsToken() || d.knows(r) {
		return "", err
	}
	if visits(r) {
		return Path + "login?back=" + url.QueryEscape(r.URL.RequestURI()), nil
	}
	return "", &payment.Error{Code: payment.Unauthorized, Message: "This sandbox wants its admin token: log in first."}
}

// visits reports whether somebody opens a page, as opposed to a script or a form that asks.
func visits(r *http.Request) bool {
	mode := r.Header.Get("Sec-Fetch-Mode")
	dest := r.Header.Get("Sec-Fetch-Dest")
	looks := r.Method == http.MethodGet || r.Method == http.MethodHead
	return looks && (mode == "" || mode == "navigate") && (dest == "" || dest == "document") &&
		(mode != "" || r.Header.Get("Sec-Fetch-Site") != "cross-site")
}

// turnAway sends whoever was not let in to the log-in, or says why not.
func (d *dashboard) turnAway(c echo.Context, away string, err error) error {
	r := c.Request()
	x := &exchange{request: r, query: url.Values{}}
	if err != nil {
		return d.send(c, x, d.fault(r, err))
	}

	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		// Its browser keeps the cookie back from links of other sites, so it has to come again from here.
		c.Response().Header().Set("Refresh", "0")
		return d.send(c, x, answer{body: []byte("Opening the dashboard."), mime: "text/plain; charset=utf-8"})
	}
	return d.send(c, x, answer{location: away})
}

// knows reports whether the request is of somebody who is logged in.
func (d *dashboard) knows(r *http.Request) bool {
	cookie, err := r.Cookie(cookieName(r))
	return err == nil && d.sessions.valid(cookie.Value)
}

// cookieName has the port in it: browsers share cookies among the sandboxes of one machine.
func cookieName(r *http.Request) string {
	_, port, err := net.SplitHostPort(r.Host)
	if err != nil {
		return "payporter_mock"
	}
	return "payporter_mock_" + port
}

// newCookie has no path, so that the browser gives it the one it knows the dashboard by, a proxy's included.
func newCookie(r *http.Request, value string, seconds int) *http.Cookie {
	return &http.Cookie{
		Name: cookieName(r), Value: value, MaxAge: seconds, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https",
	}
}

// logInForm is what the page of the log-in shows.
type logInForm struct {
	Back  string
	Wrong bool
}

func (d *dashboard) logInPage(c echo.Context) error {
	r := c.Request()
	x := &exchange{request: r, query: url.Values{}}
	back := local(c.QueryParam("back"))
	if !d.Gate.WantsToken() || d.knows(r) {
		return d.send(c, x, answer{location: back})
	}
	return d.send(c, x, answer{title: "Log in", template: "login", data: logInForm{Back: back}})
}

func (d *dashboard) logIn(c echo.Context) error {
	r := c.Request()
	x := &exchange{request: r, query: url.Values{}}
	if err := d.Gate.CheckSender(r); err != nil {
		return d.send(c, x, d.fault(r, err))
	}

	r.Body = http.MaxBytesReader(c.Response(), r.Body, 16<<10)
	back := local(r.PostFormValue("back"))
	if !d.Gate.WantsToken() {
		return d.send(c, x, answer{location: back})
	}

	switch err := d.Gate.CheckToken(r, strings.TrimSpace(r.PostFormValue("token"))); {
	case errors.Is(err, &payment.Error{Code: payment.Unauthorized}):
		return d.send(c, x, answer{
			status: http.StatusUnauthorized, title: "Log in", template: "login", data: logInForm{Back: back, Wrong: true},
		})
	case err != nil:
		return d.send(c, x, d.fault(r, err))
	}

	c.SetCookie(newCookie(r, d.sessions.begin(), int(sessionLife.Seconds())))
	return d.send(c, x, answer{location: back})
}

func (d *dashboard) logOut(c echo.Context) error {
	r := c.Request()
	x := &exchange{request: r, query: url.Values{}}
	if err := d.Gate.CheckSender(r); err != nil {
		return d.send(c, x, d.fault(r, err))
	}
	if cookie, err := r.Cookie(cookieName(r)); err == nil {
		d.sessions.end(cookie.Value)
	}
	c.SetCookie(newCookie(r, "", -1))
	return d.send(c, x, answer{location: Path + "login"})
}

// local is an address of the dashboard; anything else becomes its first page.
func local(back string) string {
	u, err := url.Parse(back)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(u.Path, Path) ||
		strings.ContainsAny(back, "\\\r\n\t") || strings.Contains(u.Path, "//") || strings.Contains(u.Path, "..") {
		return Path
	}
	return u.RequestURI()
}
