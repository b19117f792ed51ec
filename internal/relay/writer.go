package relay

import (
	"bytes"
	"net/http"
)

// tee passes an answer on and keeps the beginning of what was said.
type tee struct {
	http.ResponseWriter
	status int // zero: nothing was said
	body   bytes.Buffer
	lost   bool // something of the answer could not be passed on
	whole  bool // who answers came to the end
}

func (t *tee) WriteHeader(status int) {
	if t.status == 0 && (status >= http.StatusOK || status == http.StatusSwitchingProtocols) {
		t.status = status
	}
	t.ResponseWriter.WriteHeader(status)
}

func (t *tee) Write(p []byte) (int, error) {
	if t.status == 0 {
		t.status = http.StatusOK
	}
	t.body.Write(p[:min(len(p), mostRead-t.body.Len())])

	n, err := t.ResponseWriter.Write(p)
	t.lost = t.lost || err != nil
	return n, err
}

// fault is why the answer to the request is not whole; nil: it is.
func (t *tee) fault(req *http.Request) error {
	unsaid := t.status == 0 || !t.whole
	switch {
	case t.lost || unsaid && req.Context().Err() != nil:
		return ErrLeft
	case t.status == 0:
		return ErrHungUp
	case unsaid:
		return ErrBrokeOff
	}
	return nil
}

// Unwrap lets a scenario flush, hang up and set deadlines.
func (t *tee) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// keeper is an answer that nobody gets.
type keeper struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *keeper) Header() http.Header         { return k.header }
func (k *keeper) WriteHeader(status int)      { k.status = status }
func (k *keeper) Write(p []byte) (int, error) { return k.body.Write(p) }
