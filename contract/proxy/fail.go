package proxy

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"net/url"
	"syscall"
)

// sentence is an error without the address, which stands beside it.
func sentence(err error, otherwise string) string {
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err
	}
	if err == nil {
		return otherwise
	}
	return err.Error()
}

// remedy says what to do about an upstream that does not answer.
func remedy(err error) string {
	var untrusted *tls.CertificateVerificationError
	var unknown *net.DNSError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &untrusted):
		return "name who signed its certificate with --upstream-ca, or correct the host in --upstream"
	case errors.As(err, &record):
		return "it speaks no https: begin --upstream with http://"
	case errors.As(err, &unknown):
		return "correct the host in --upstream"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "start it, or correct --upstream"
	case errors.Is(err, context.DeadlineExceeded):
		return "it takes too long: look at the network between"
	}
	return "look whether --upstream is right and the network lets the proxy reach it"
}

// errorBody is an error as PayPorter's API tells one.
func errorBody(message, requestID string) []byte {
	text, _ := json.Marshal(map[string]any{ // texts always marshal
		"message": message, "messageCode": "UPSTREAM_UNREACHABLE", "errors": []any{}, "requestId": requestID,
	})
	return text
}
