package mock

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	randv2 "math/rand/v2"
	"net/http"
	"runtime/debug"
	"sync"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/payporter-mock/payporter-mock/mock/internal/route"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
)

// errorHandler gives what no route answers, and every bug, the documented error body.
func errorHandler(requestID func() string, logger *slog.Logger) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		if c.Response().Committed {
			return // the client has gone, or has its answer
		}
		id := requestID()
		answer, err := answerOf(err, c)
		if err != nil {
			answer = wire.Fault(err, id)
		}
		if answer.Status == http.StatusInternalServerError {
			logger.Error("bug", "requestId", id, "error", err.Error())
		}
		if err := answer.Send(c.Response()); err != nil {
			logger.Debug("answer not sent", "error", err.Error())
		}
	}
}

// answerOf answers what the router found no route for; any other error stays one.
func answerOf(err error, c echo.Context) (wire.Answer, error) {
	if errors.Is(err, echo.ErrNotFound) {
		return route.Unserved(c, "GET / says what there is")
	}
	return wire.Answer{}, err
}

// recovered turns a panic into an error with its stack, so that one request's bug ends only that request.
func recovered(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return next(c)
}

// newIDs draws the request ids of faults that belong to no merchant.
func newIDs(seed uint64) func() string {
	var mu sync.Mutex
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	source := randv2.NewChaCha8(key)
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return uuid.Must(uuid.NewRandomFromReader(source)).String() // a ChaCha8 never fails
	}
}

// drawSeed is the one place that asks the machine for randomness. The seed is said in health and in
// the log, so that a run can be made again.
func drawSeed() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return max(1, binary.BigEndian.Uint64(b[:])>>1)
}
