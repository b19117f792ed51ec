package client

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// Baseline is the list of violations that are known and accepted for now, so that only new ones
// fail. A nil one accepts nothing.
type Baseline struct {
	Version  int        `json:"version"` // 1
	Accepted []Accepted `json:"accepted"`
}

// Accepted is one mistake, however often it is made.
type Accepted struct {
	Rule      string `json:"rule"`      // such as CLIENT-007
	Violation string `json:"violation"` // such as POST /api/checkout 400 amount must be greater than 0
}

// ParseBaseline reads a baseline. Unknown keys and rules are errors, so that a slip of the pen does
// not accept or refuse anything silently.
func ParseBaseline(source []byte) (*Baseline, error) {
	var b Baseline
	decoder := json.NewDecoder(bytes.NewReader(source))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&b); err != nil {
		return nil, fmt.Errorf("read baseline: %w", err)
	}
	if b.Version != 1 {
		return nil, fmt.Errorf("read baseline: version %d is not supported, want 1", b.Version)
	}

	for i, a := range b.Accepted {
		known := slices.ContainsFunc(table, func(r row) bool { return r.ID == a.Rule })
		if !known || a.Violation == "" {
			return nil, fmt.Errorf("read baseline: accepted[%d]: want a known rule and a violation, got %q and %q", i, a.Rule,
				a.Violation)
		}
	}

	return &b, nil
}

// JSON is the baseline as a file. The same violations always give the same bytes.
func (b Baseline) JSON() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(b)
	return out.Bytes(), err
}

func (v violation) accepted() Accepted { return Accepted{Rule: v.rule, Violation: v.sign} }

// baselineOf accepts everything that was found, each mistake once.
func baselineOf(found []violation) Baseline {
	b := Baseline{Version: 1, Accepted: []Accepted{}}
	for _, v := range found {
		b.Accepted = append(b.Accepted, v.accepted())
	}
	slices.SortFunc(b.Accepted, func(a, other Accepted) int {
		return cmp.Or(cmp.Compare(a.Rule, other.Rule), cmp.Compare(a.Violation, other.Violation))
	})
	b.Accepted = slices.Compact(b.Accepted)
	return b
}

func (b *Baseline) accepts(v violation) bool {
	return b != nil && slices.Contains(b.Accepted, v.accepted())
}

// stale lists what is accepted and does not happen any more.
func (b *Baseline) stale(found []violation) []Accepted {
	if b == nil {
		return nil
	}
	var stale []Accepted
	for _, a := range b.Accepted {
		if !slices.ContainsFunc(found, func(v violation) bool { return v.accepted() == a }) {
			stale = append(stale, a)
		}
	}
	return stale
}
