package control

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/payment"
)

// Gate keeps out who must not control the sandbox, whichever way they come.
type Gate struct {
	token     payment.Secret
	tokenHash [sha256.Size]byte
	origins   *http.CrossOriginProtection
}

// NewGate makes a gate. An empty token lets everybody in but the pages of other sites.
func NewGate(token payment.Secret) *Gate {
	return &Gate{
		token: token, tokenHash: sha256.Sum256([]byte(token.Reveal())), origins: http.NewCrossOriginProtection(),
	}
}

// WantsToken reports whether nobody gets in without the admin token.
func (g *Gate) WantsToken() bool { return g.token != "" }

// Admit lets in who may control the sandbox. Pages of other sites never may.
func (g *Gate) Admit(r *http.Request) error {
	if err := g.SameSite(r); err != nil || !g.WantsToken() {
		return err
	}
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
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
