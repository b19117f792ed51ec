package api

import (
	"cmp"
	"crypto/tls"
	"net/http"
	"strconv"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/mock/internal/clock"
	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// bend is what a scenario does to an answer on its way to the merchant. Its time is real, whatever
// the merchant's clock shows: what feels it is the merchant's HTTP client.
type bend struct {
	delay   time.Duration
	respond *scenarios.Respond // nil: the real answer
	fault   scenarios.Fault    // empty: none
}

// slow reports whether the answer holds its connection for long.
func (b *bend) slow() bool {
	return b != nil && (b.delay > gateway.LongDelay || b.fault == scenarios.Drip)
}

// answerOf is the answer that the bend puts in place of the real one.
func (b *bend) answerOf(real wire.Answer, requestID string) wire.Answer {
	if b.respond == nil {
		return real
	}

	answer := wire.Answer{Status: b.respond.Status, Body: b.respond.Body, ContentType: b.respond.ContentType}
	if answer.Body == nil {
		answer = standIn(b.respond, real, requestID)
	}
	if wait := b.respond.RetryAfter; wait > 0 {
		answer.RetryAfter = strconv.Itoa(int(wait.Seconds()))
	}
	return answer
}

// standIn is what the sandbox itself answers with a status: the real body for a success, an error
// body for anything else.
func standIn(said *scenarios.Respond, real wire.Answer, requestID string) wire.Answer {
	status := said.Status
	if status >= 200 && status < 300 {
		return wire.Answer{Status: status, Body: real.Body}
	}
	code := cmp.Or(payment.Code(said.MessageCode), codeOf(status))
	answer := wire.Fault(&payment.Error{Code: code, Message: http.StatusText(status) + " (a scenario says so)"}, requestID)
	answer.Status = status
	return answer
}

func codeOf(status int) payment.Code {
	switch status {
	case http.StatusUnauthorized:
		return payment.Unauthorized
	case http.StatusNotFound:
		return payment.NotFound
	case http.StatusTooManyRequests:
		return payment.TooManyRequests
	case http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout:
		return payment.Unavailable
	case http.StatusInternalServerError:
		return payment.Internal
	}
	return payment.Scripted
}

// wait lets the delay pass, or less when the caller goes away first.
func (b *bend) wait(w http.ResponseWriter, r *http.Request) {
	if b.delay > 0 {
		extend(w, b.delay)
		clock.Pause(r.Context(), b.delay)
	}
}

// extend gives an answer that is late on purpose more time than the server grants the others.
func extend(w http.ResponseWriter, by time.Duration) {
	_ = http.NewResponseController(w).SetWriteDeadline(clock.Deadline(by + time.Minute)) // not every writer has one
}

// receipt is what the journal shows of an answer; nil when no answer came. What strangers wrote is masked in it,
// unless the answer has ownWords alone.
func (b *bend) receipt(ownWords bool, answer wire.Answer) *exchange.Message {
	if b != nil && (b.fault == scenarios.Reset || b.fault == scenarios.Empty) {
		return nil
	}
	if ownWords {
		return &exchange.Message{Status: answer.Status, Body: exchange.Harmless(answer.Body)}
	}
	return &exchange.Message{Status: answer.Status, Body: exchange.Masked(answer.Body)}
}

// ownWords reports whether nothing is in the answer that the sandbox has not made.
func (x *call) ownWords(answer wire.Answer) bool {
	return x.served != nil && x.served.ownWords && answer.Status == http.StatusOK && x.bent == nil
}

// dripPause is the time between two bytes of a dripping answer.
const dripPause = 20 * time.Millisecond

// send writes the answer the way the fault breaks it.
func (b *bend) send(w http.ResponseWriter, r *http.Request, answer wire.Answer) error {
	switch b.fault {
	case scenarios.Reset, scenarios.Empty:
		hangUp(w, b.fault == scenarios.Reset)
		return nil
	case scenarios.Truncate:
		answer.Head(w)
		_, _ = w.Write(answer.Body[:len(answer.Body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // the rest never comes: the server ends the connection, or the stream of HTTP/2
	case scenarios.Malformed:
		answer.Body = append(answer.Body[:len(answer.Body)*2/3:len(answer.Body)*2/3], "}}"...)
	case scenarios.Drip:
		return drip(w, r, answer)
	}
	return answer.Send(w)
}

// hangUp ends the connection without a byte of an answer. On a connection of HTTP/2, which others use at the same
// time, it ends the stream alone, with RST_STREAM.
func hangUp(w http.ResponseWriter, reset bool) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // no connection to take over: the server ends the stream
	}

	if secured, ok := conn.(*tls.Conn); ok && reset {
		conn = secured.NetConn() // so that no word of goodbye goes before the RST
	}
	if tcp, ok := conn.(interface{ SetLinger(seconds int) error }); ok && reset {
		_ = tcp.SetLinger(0) // closing sends RST
	}
	_ = conn.Close() // an error would be answered on a connection that is not the server's any more
}

// drip writes the answer byte by byte, until the caller has it or has had enough.
func drip(w http.ResponseWriter, r *http.Request, answer wire.Answer) error {
	extend(w, time.Duration(len(answer.Body))*dripPause)
	answer.Head(w)

	for i := range answer.Body {
		if _, err := w.Write(answer.Body[i : i+1]); err != nil {
			return err
		}
		if err := http.NewResponseController(w).Flush(); err != nil {
			return err
		}
		if !clock.Pause(r.Context(), dripPause) {
			return nil
		}
	}
	return nil
}
