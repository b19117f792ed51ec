// Package route is what all routes of the sandbox have in common: a path that answers GET answers HEAD, a path has one
// spelling, and the methods that a path takes are those of its routes. It knows no route by itself.
package route

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Look adds a route that only looks: GET, and HEAD, which is answered as GET is. net/http leaves the body out.
func Look(e *echo.Echo, path string, serve echo.HandlerFunc) {
	e.GET(path, serve)
	e.HEAD(path, serve)
}

// inEcho writes a path of a document as echo wants it.
var inEcho = strings.NewReplacer("{", ":", "}", "")

// Operation adds the route of an operation, whose path is written as in a document: /api/checkout/{checkoutId}.
func Operation(e *echo.Echo, method, path string, serve echo.HandlerFunc) {
	path = inEcho.Replace(path)
	if method == http.MethodGet {
		Look(e, path, serve)
		return
	}
	e.Add(method, path, serve)
}

// Allow lists the methods that the path of the request takes, as the header Allow has them: in order, OPTIONS among
// them. It is empty if no route has the path. It looks at every route, so it is for requests that none serves.
func Allow(c echo.Context) string {
	path := echo.GetPath(c.Request())
	var methods, described []string // of routes with just this path, and of those with parameters
	for _, r := range c.Echo().Routes() {
		switch {
		case r.Method == echo.RouteNotFound:
		case r.Path == path:
			methods = append(methods, r.Method)
		case fits(r.Path, path):
			described = append(described, r.Method)
		}
	}

	if methods == nil {
		methods = described
	}
	if methods == nil {
		return ""
	}
	methods = append(methods, http.MethodOptions)
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ", ")
}

// named leaves out HEAD and OPTIONS, which follow from the others.
func named(allow string) string {
	methods := slices.DeleteFunc(strings.Split(allow, ", "), func(method string) bool {
		return method == http.MethodHead || method == http.MethodOptions
	})
	return strings.Join(methods, ", ")
}

// fits reports whether a path is one that the route describes, such as /api/checkout/:checkoutId.
func fits(route, path string) bool {
	want, got := strings.Split(route, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool {
		return w == g || (strings.HasPrefix(w, ":") && g != "")
	})
}

// Unserved is the answer to a request that no route takes. OPTIONS is answered with the methods of the path. Otherwise
// it is an *payment.Error: WrongMethod for a path that takes other methods, which the header Allow then lists,
// InvalidRequest for one that means nothing, and NotFound for one that does not exist; instead says where to look.
func Unserved(c echo.Context, instead string) (wire.Answer, error) {
	r, allow := c.Request(), Allow(c)
	path := payment.MaskSecrets(r.URL.Path)
	if allow != "" {
		c.Response().Header().Set("Allow", allow)
	}

	switch {
	case allow != "" && r.Method == http.MethodOptions:
		return wire.Answer{Status: http.StatusNoContent}, nil
	case allow != "":
		return wire.Answer{}, &payment.Error{
			Code: payment.WrongMethod, Message: fmt.Sprintf("%s does not take %s; it takes %s", path, r.Method, named(allow)),
		}
	case fault(r.URL.Path) != "":
		return wire.Answer{}, &payment.Error{Code: payment.InvalidRequest, Field: "path", Message: fault(r.URL.Path)}
	case strings.Contains(r.URL.RawPath, "%2F"):
		path += " (its %2F is part of a name and separates nothing)"
	}
	return wire.Answer{}, &payment.Error{
		Code: payment.NotFound, Message: fmt.Sprintf("there is nothing at %s; %s", path, instead),
	}
}
