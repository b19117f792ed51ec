package shop

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"syscall"
)

// mostRead bounds what is read of an answer, in bytes.
const mostRead = 4 << 20

// SayFault says why there is no answer.
func SayFault(err error) string {
	var timeout net.Error
	switch {
	case err == nil:
		return ""
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused: nothing listens there"
	case errors.Is(err, context.Canceled):
		return "nobody waited for the answer any longer"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET),
		errors.Is(err, syscall.EPIPE):
		return "the connection was closed before the answer was complete"
	}

	return wholeOf(err)
}

// wholeOf is all that an error says, without the address, which stands beside it.
func wholeOf(err error) string {
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err
	}

	var unknown x509.UnknownAuthorityError
	if errors.As(err, &unknown) {
		return err.Error() + "; name the file of who signed it in SSL_CERT_FILE, or have this machine trust it"
	}
	return err.Error()
}
