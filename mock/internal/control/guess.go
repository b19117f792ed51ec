package control

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Bounds of wrong admin tokens, of all callers together. The right one is never held up, so no caller locks out
// another.
const (
	freeGuesses = 10                     // are answered at once, which is enough for mistakes
	guessEvery  = 500 * time.Millisecond // then, each in its turn
	longestTurn = 2 * time.Second        // away; whoever would wait longer gets a 429 at once
	sayEvery    = time.Minute            // for each address
	maxSayers   = 64                     // addresses that are told apart at a time
)

// guesses slows down wrong admin tokens, and says in the log who sends them.
type guesses struct {
	wall  func() time.Time
	pause func(ctx context.Context, d time.Duration) bool
	log   *slog.Logger
	turns *rate.Limiter

	mu   sync.Mutex           // guards said
	said map[string]time.Time // when an address was in the log
}

func newGuesses(c GateConfig) *guesses {
	return &guesses{
		wall: c.Wall, pause: c.Pause, log: c.Log, said: map[string]time.Time{},
		turns: rate.NewLimiter(rate.Every(guessEvery), freeGuesses),
	}
}

// wrong waits for the turn of a wrong token, and answers the error for it.
func (g *guesses) wrong(r *http.Request) error {
	now := g.wall()
	g.tell(r, now)

	turn := g.turns.ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait > longestTurn {
		turn.CancelAt(now)
		return &payment.Error{
			Code: payment.TooManyRequests, Message: "too many wrong admin tokens: wait, then send the right one",
			RetryAfter: longestTurn,
		}
	}
	if wait > 0 {
		g.pause(r.Context(), wait)
	}
	return errNoToken
}

// errNoToken is for requests without the right token.
var errNoToken = &payment.Error{
	Code: payment.Unauthorized, Message: "this sandbox wants its admin token: send Authorization: Bearer TOKEN",
}

// tell writes a line about the caller, unless there was one within the last minute.
func (g *guesses) tell(r *http.Request, now time.Time) {
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		address = r.RemoteAddr
	}
	if g.isNews(address, now) {
		g.log.Warn("wrong admin token; more from this address are not logged for a minute", "remoteAddr", address, "path",
			payment.MaskText(r.URL.Path))
	}
}

// isNews notes an address. It reports false for one that was noted within the last minute, and while there are too
// many.
func (g *guesses) isNews(address string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()

	for other, at := range g.said {
		if now.Sub(at) >= sayEvery {
			delete(g.said, other)
		}
	}
	if _, known := g.said[address]; known || len(g.said) >= maxSayers {
		return false
	}
	g.said[address] = now
	return true
}
