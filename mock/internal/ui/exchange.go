package ui

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/link"
	"github.com/payporter-mock/payporter-mock/mock/internal/route"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// useCase answers a request that was let in.
type useCase func(ctx context.Context, x *exchange) (answer, error)

// exchange is one request on its way through the dashboard.
type exchange struct {
	request  *http.Request
	writer   http.ResponseWriter
	param    func(name string) string
	query    url.Values
	form     url.Values // of a POST
	merchant *gateway.Merchant
	outcome  *outcome       // of the action that led here; nil: none
	journal  uint64         // the version of the merchant's journal before anything was read
	set      *scenarios.Set // in force for the merchant; nil: none
	own      bool           // it is the merchant's own
}

// answer is what is sent: a page, the live part of one, a redirect, or a text of another type.
type answer struct {
	status   int // zero: 200
	title    string
	template string // the page's
	part     string // the template within it; empty: the whole page
	data     any
	location string // where a redirect leads, from where the sandbox begins
	body     []byte // instead of a page
	mime     string // of body
	file     string // the name under which body is to be kept
}

// id is the id in the path, in the spelling in which ids are kept.
func (x *exchange) id() string { return strings.ToLower(x.param("id")) }

// live reports whether only the part of the page is wanted that changes by itself.
func (x *exchange) live() bool { return x.query.Get("part") == "live" }

// page is a page of the dashboard, or the part of it that is asked for.
func (x *exchange) page(template, title string, data any) answer {
	a := answer{template: template, title: title, data: data}
	if x.live() {
		a.part = "live"
	}
	return a
}

// maxForm is how much a form may send, in bytes: a scenario file of the largest size, encoded.
const maxForm = 4 << 20

// page serves a use case: admit, find the merchant, act, answer.
func (d *dashboard) page(do useCase) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if away, err := d.admit(r); err != nil || away != "" {
			return d.turnAway(c, away, err)
		}
		x := &exchange{request: r, writer: c.Response(), param: c.Param, query: c.QueryParams()}
		a, err := d.act(c, x, do)
		if err != nil {
			a = d.fault(r, err)
		}
		return d.send(c, x, a)
	}
}

func (d *dashboard) act(c echo.Context, x *exchange, do useCase) (answer, error) {
	if away := d.chosenMerchant(x.query.Get("merchant")); away != "" && x.request.Method == http.MethodGet {
		return answer{location: away}, nil
	}
	var err error
	if x.merchant, err = d.merchant(c.Request().Context(), x); err != nil {
		return answer{}, err
	}
	if err := x.look(); err != nil {
		return answer{}, err
	}

	if x.request.Method == http.MethodPost && x.request.URL.Path != Path+"session" { // which reads a file by itself
		x.request.Body = http.MaxBytesReader(c.Response(), x.request.Body, maxForm)
		if err := x.request.ParseForm(); err != nil {
			return answer{}, &payment.Error{Code: payment.InvalidRequest, Message: "The form cannot be read, or is longer " +
				"than 4 MiB."}
		}
		x.form = x.request.PostForm
	}

	x.outcome = d.outcomes.find(x.query.Get("outcome"))
	return do(x.request.Context(), x)
}

// look reads what every page needs of the merchant.
func (x *exchange) look() (err error) {
	ctx := x.request.Context()
	if x.journal, err = x.merchant.Journal().Version(ctx); err != nil {
		return err
	}
	x.set, x.own, err = x.merchant.Scenarios(ctx)
	return err
}

// fault is the page for an error.
func (d *dashboard) fault(r *http.Request, err error) answer {
	var told *payment.Error
	if !errors.As(err, &told) {
		d.Log.Error("bug", "path", r.URL.Path, "error", err.Error())
		told = &payment.Error{Code: payment.Internal, Message: "The dashboard made a mistake; the sandbox's log says more."}
	}

	a := answer{status: http.StatusInternalServerError, title: "That did not work", template: "fault", data: told.Error()}
	switch told.Code {
	case payment.NotFound:
		a.status, a.title = http.StatusNotFound, "Not found"
	case payment.WrongMethod:
		a.status = http.StatusMethodNotAllowed
	case payment.InvalidRequest:
		a.status = http.StatusBadRequest
	case payment.Forbidden:
		a.status, a.title = http.StatusForbidden, "Not let in"
	case payment.TooManyRequests:
		a.status = http.StatusTooManyRequests
	case payment.Unauthorized:
		a.status, a.title = http.StatusUnauthorized, "Not logged in"
	}

	return a
}

// unserved answers for a page that there is not, or that takes other methods.
func (d *dashboard) unserved(c echo.Context) error {
	known, err := route.Unserved(c, "the dashboard has no such page")
	if err == nil {
		return known.Send(c.Response())
	}
	return d.page(func(context.Context, *exchange) (answer, error) { return answer{}, err })(c)
}

// send writes the answer.
func (d *dashboard) send(c echo.Context, x *exchange, a answer) error {
	d.Log.LogAttrs(c.Request().Context(), slog.LevelDebug, "dashboard",
		slog.String("method", c.Request().Method), slog.String("path", payment.MaskSecrets(c.Request().URL.Path)),
		slog.Int("status", max(a.status, 200)))
	h := c.Response().Header()
	guard(h)
	if a.location != "" {
		return c.Redirect(http.StatusSeeOther, link.To(c.Request().URL.EscapedPath(), a.location))
	}
	if a.file != "" {
		h.Set("Content-Disposition", `attachment; filename="`+a.file+`"`)
	}

	if a.body == nil {
		var page bytes.Buffer
		if err := render(&page, a, d.frame(x, a)); err != nil {
			return err
		}
		a.body, a.mime = page.Bytes(), "text/html; charset=utf-8"
	}

	h.Set("Content-Type", a.mime)
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	c.Response().WriteHeader(max(a.status, http.StatusOK))
	_, err := c.Response().Write(a.body)
	return err
}

// policy lets a page have what is the dashboard's own, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard sets the headers that every answer carries.
func guard(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}
