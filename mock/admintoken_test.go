package mock_test

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// logged keeps what a sandbox logs.
type logged struct {
	mu   sync.Mutex // guards text
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Whoever guesses the admin token is slowed down and is in the log, once. Who has it is let in meanwhile.
func TestWrongAdminTokensAreSlowedDown(t *testing.T) {
	t.Parallel()
	log := &logged{}
	c := clientOf(t, start(t, mock.Config{AdminToken: adminToken, Logger: slog.New(slog.NewTextHandler(log, nil))}))
	bearer := func(token string) reply {
		req := c.request(http.MethodGet, "/_mock/clock", "")
		req.Header.Set("Authorization", "Bearer "+token)
		return c.send(req)
	}

	const guesses = 60
	answers := make(chan reply, guesses)
	for range guesses {
		go func() { answers <- bearer("a-wrong-token-of-some-length") }()
	}
	require.Equal(t, http.StatusOK, bearer(adminToken).status)
	statuses := map[int]int{}
	for range guesses {
		got := <-answers
		statuses[got.status]++
		if got.status == http.StatusTooManyRequests {
			require.Equal(t, "2", got.header.Get("Retry-After"))
		}
	}
	require.Equal(t, guesses, statuses[http.StatusUnauthorized]+statuses[http.StatusTooManyRequests], "%v", statuses)
	require.Positive(t, statuses[http.StatusTooManyRequests], "%v", statuses)
	require.GreaterOrEqual(t, statuses[http.StatusUnauthorized], 10, "%v", statuses)
	require.Equal(t, http.StatusOK, bearer(adminToken).status)

	require.Equal(t, 1, strings.Count(log.String(), "wrong admin token"), log.String())
	require.Regexp(t, `level=WARN msg="wrong admin token[^"]*" remoteAddr=127\.0\.0\.1 `, log.String())
	require.NotContains(t, log.String(), "a-wrong-token")
}

func TestShortAdminTokensAreRefused(t *testing.T) {
	t.Parallel()
	err := mock.Config{AdminToken: "öüçşğıöüçşğıöüç"}.Validate()
	require.EqualError(t, err, "admin-token: want at least 16 characters, got 15; none lets everybody in")
	require.NoError(t, mock.Config{AdminToken: "sixteen-letters!"}.Validate())
}
