package shop

import (
	"bytes"
	"strings"
	"sync"
)

// output keeps the end of what the shop writes, of all its processes one after the other.
type output struct {
	mu    sync.Mutex
	text  []byte
	begin int // how many bytes were written before text
}

// How much is kept of it, in bytes.
const (
	keptOutput = 256 << 10
	mostOutput = 4 << 10 // of one trial
)

// Write never fails.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text = append(o.text, p...)
	if over := len(o.text) - keptOutput; over > 0 {
		o.text, o.begin = bytes.Clone(o.text[over:]), o.begin+over
	}
	return len(p), nil
}

// Written is how much the shop has written so far, in bytes.
func (h *Harness) Written() int {
	h.wrote.mu.Lock()
	defer h.wrote.mu.Unlock()
	return h.wrote.begin + len(h.wrote.text)
}

// WrittenBetween is the end of what the shop wrote between two counts of Written, masked.
func (h *Harness) WrittenBetween(from, to int) string {
	h.wrote.mu.Lock()
	place := func(count int) int { return min(max(0, count-h.wrote.begin), len(h.wrote.text)) }
	text := string(h.wrote.text[place(from):place(max(from, to))])
	h.wrote.mu.Unlock()

	text = h.Mask.Text(strings.ToValidUTF8(text, "\ufffd")) // before it is cut, so that no half of a secret is left
	if over := len(text) - mostOutput; over > 0 {
		text = strings.ToValidUTF8(text[over:], "")
		if _, rest, cut := strings.Cut(text, "\n"); cut {
			text = rest
		}
	}
	return strings.TrimSpace(text)
}
