package control

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/payment"
)

// Gate keeps out who must not control the sandbox, whichever way they come.
type Gate struct {
	token     payment.Secret
	tokenHash [sha256.Size]byte
	origins   *http.CrossOriginProtection
	guesses   *guesses
}

// GateConfig is what a gate works with. Every field but Token is wanted.
type GateConfig struct {
	Token payment.Secret // empty lets everybody in but the pages of other sites
	Log   *slog.Logger
	Wall  func() time.Time                                // the real time
	Pause func(ctx context.Context, d time.Duration) bool // lets real time pass; false: ctx ended first
}

// NewGate makes a gate.
func NewGate(c GateConfig) *Gate {
	return &Gate{
		token: c.Token, tokenHash: sha256.Sum256([]byte(c.Token.Reveal())), origins: http.NewCrossOriginProtection(),
		guesses: newGuesses(c),
	}
}

// WantsToken reports whether nobody gets in without the admin token.
func (g *Gate) WantsToken() bool { return g.token != "" }

// Admit lets in who may control the sandbox. Pages of other sites, callbacks and forms never may.
func (g *Gate) Admit(r *http.Request) error {
	if err := cmp.Or(g.CheckSender(r), noForm(r)); err != nil || !g.WantsToken() {
		return err
	}

	authorization, err := wire.Header(r, "Authorization")
	if err != nil {
		return err
	}
	token, bearer := strings.CutPrefix(authorization, "Bearer ")
	if !bearer {
		return errNoToken
	}
	return g.CheckToken(r, token)
}

// CheckToken answers nothing for the admin token. The error for a wrong one is Unauthorized, after a while when there
// were many, or TooManyRequests.
func (g *Gate) CheckToken(r *http.Request, token string) error {
	sum := sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(sum[:], g.tokenHash[:]) == 1 {
		return nil
	}
	return g.guesses.wrong(r)
}

// CheckSender refuses requests that somebody else makes the sender make: the page of another site, which a browser on
// the same machine would let in, and the callback of a sandbox, whose URL strangers choose.
func (g *Gate) CheckSender(r *http.Request) error {
	if err := g.origins.Check(r); err != nil || r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return &payment.Error{Code: payment.Forbidden, Message: "requests from other web sites are refused"}
	}
	if notify.IsDelivery(r) {
		return &payment.Error{Code: payment.Forbidden, Message: "callbacks are refused here: a callback URL must be " +
			"the shop's own"}
	}
	return nil
}

// noForm refuses what a browser sends as a form. The hosted page is of the same origin, and brings a callback in this
// way, to a URL that strangers choose. The dashboard's forms end in calls of another kind.
func noForm(r *http.Request) error {
	if r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Method != http.MethodGet && r.Method != http.MethodHead {
		return &payment.Error{Code: payment.Forbidden, Message: "forms are refused here: a callback URL must be " +
			"the shop's own"}
	}
	return nil
}
