package wire

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/openapi"
	"github.com/payporter-mock/payporter-mock/mock/payment"
)

// Route writes a path of a document the way the router does: {checkoutId} becomes :checkoutId.
func Route(path string) string { return strings.NewReplacer("{", ":", "}", "").Replace(path) }

// Unserved is the error for a request that no operation of the document serves. A path that exists
// under other methods is told from one that does not exist; for that, instead says where to look.
func Unserved(d *openapi.Document, w http.ResponseWriter, r *http.Request, instead string) error {
	var allow []string
	for _, op := range d.Operations() {
		if fits(op.Path, r.URL.Path) {
			allow = append(allow, op.Method)
		}
	}
	if len(allow) > 0 {
		return WrongMethod(w, r, strings.Join(allow, ", "))
	}
	return &payment.Error{
		Code: payment.NotFound, Message: fmt.Sprintf("there is no %s; %s", payment.MaskSecrets(r.URL.Path), instead),
	}
}

// fits reports whether a path is one that the template describes.
func fits(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool {
		return w == g || (strings.HasPrefix(w, "{") && g != "")
	})
}

// WrongMethod is the error for a path that exists under other methods, which it names in the answer.
func WrongMethod(w http.ResponseWriter, r *http.Request, allow string) error {
	w.Header().Set("Allow", allow)
	return &payment.Error{
		Code: payment.WrongMethod, Message: fmt.Sprintf("%s does not take %s; it takes %s", payment.MaskSecrets(r.URL.Path), r.Method, allow),
	}
}
