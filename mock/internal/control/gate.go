package control

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/mock/payment"
)

// Gate keeps out who must not control the sandbox, whichever way they come.
type Gate struct {
	token      payment.Secret
	tokenHash  [sha256.Size]byte
	trustsHost func(host string) bool
	origins    *http.CrossOriginProtection
}

// NewGate makes a gate. An empty token lets in everybody who asks a host that is trusted.
func NewGate(token payment.Secret, trustsHost func(host string) bool) *Gate {
	return &Gate{
		token: token, tokenHash: sha256.Sum256([]byte(token.Reveal())), trustsHost: trustsHost,
		origins: http.NewCrossOriginProtection(),
	}
}

// WantsToken reports whether nobody gets in without the admin token.
func (g *Gate) WantsToken() bool { return g.token != "" }

// Admit lets in who may control the sandbox. Pages of other sites never may.
func (g *Gate) Admit(r *http.Request) error {
	if err := cmp.Or(g.SameSite(r), g.Host(r)); err != nil || !g.WantsToken() {
		return err
	}
	authorization, err := wire.Header(r, "Authorization")
	if err != nil {
		return err
	}
	token, bearer := strings.CutPrefix(authorization, "Bearer ")
	if !g.IsToken(token) || !bearer {
		return &payment.Error{
			Code: payment.Unauthorized, Message: "this sandbox wants its admin token: send Authorization: Bearer TOKEN",
		}
	}
	return nil
}

// IsToken compares in constant time.
func (g *Gate) IsToken(token string) bool {
	sum := sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(sum[:], g.tokenHash[:]) == 1
}

// SameSite refuses the pages of other sites: a browser on the same machine would let them in.
func (g *Gate) SameSite(r *http.Request) error {
	if err := g.origins.Check(r); err != nil || r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return &payment.Error{Code: payment.Forbidden, Message: "requests from other web sites are refused"}
	}
	return nil
}

// Host refuses names that a web site could have given to this machine's own address. Where a token is
// wanted it need not: no web site has it.
func (g *Gate) Host(r *http.Request) error {
	if g.WantsToken() || g.trustsHost(r.Host) {
		return nil
	}
	return &payment.Error{
		Code:    payment.Forbidden,
		Message: fmt.Sprintf("the host %q is not this sandbox's: use its address, name it with --public-url, or set --admin-token", r.Host),
	}
}
