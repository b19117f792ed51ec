package merchant

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/contract/shop"
	"github.com/payporter-mock/payporter-mock/internal/input"
)

// Bundle is what is needed to judge again what failed, and to see what happened. It holds no secret:
// the config is named, not copied.
type Bundle struct {
	Version   int          `json:"version"` // 1
	Tool      string       `json:"tool"`
	Seed      uint64       `json:"seed"`
	Thorough  bool         `json:"thorough,omitempty"` // whether it looked as long as it can
	Config    string       `json:"config"`             // the config file, seen from the bundle; empty: of a test
	ConfigAt  string       `json:"configAt,omitempty"` // its absolute path, for a bundle that was moved
	Scenarios string       `json:"scenarios"`          // the file of all that PayPorter can play in a run
	Clock     Clock        `json:"clock"`              // PayPorter's, at the end
	Rules     []FailedRule `json:"rules"`
}

// FailedRule is a rule that failed, and what was done to find that out.
type FailedRule struct {
	report.Rule
	Scenarios []string          `json:"scenarios"` // what PayPorter played, an entry for each order
	Advanced  []string          `json:"advanced"`  // by how much PayPorter's clock was moved
	Journal   []json.RawMessage `json:"journal"`   // what the sandbox recorded of the orders
}

// Clock is the time of the sandbox.
type Clock struct {
	Now    string `json:"now"`
	Frozen bool   `json:"frozen"`
}

// ReadBundle reads a bundle, and where its config is.
func ReadBundle(path string) (Bundle, error) {
	var b Bundle
	source, err := input.ReadFile(path)
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal(source, &b); err != nil {
		return b, fmt.Errorf("bundle %s: it is no bundle of verify merchant: %w", path, err)
	}
	if b.Version != 1 || len(b.Rules) == 0 {
		return b, fmt.Errorf("bundle %s: it is no bundle of verify merchant, or of another version", path)
	}
	if b.Config != "" && !filepath.IsAbs(b.Config) {
		b.Config = filepath.Join(filepath.Dir(path), b.Config)
	}
	if _, err := os.Stat(b.Config); err != nil && b.ConfigAt != "" {
		b.Config = b.ConfigAt
	}

	return b, nil
}

// IDs are the rules that failed.
func (b Bundle) IDs() []string {
	var ids []string
	for _, r := range b.Rules {
		ids = append(ids, r.ID)
	}
	return ids
}

// Replayed says of each rule of the bundle, in a line, whether it failed again.
func (b Bundle) Replayed(again report.Report) []string {
	var lines []string
	for _, before := range b.Rules {
		at := slices.IndexFunc(again.Rules, func(r report.Rule) bool { return r.ID == before.ID })
		switch {
		case at < 0 || again.Rules[at].Result == report.Skipped:
			lines = append(lines, before.ID+" was not judged again")
		case again.Rules[at].Result == report.Failed:
			lines = append(lines, before.ID+" failed again: reproduced")
		default:
			lines = append(lines, fmt.Sprintf("%s did not fail again: it %s (%s)", before.ID, became[again.Rules[at].Result],
				again.Rules[at].Seen))
		}
	}
	return lines
}

// became is a result as the end of a sentence.
var became = map[report.Result]string{report.Passed: "passed", report.NotEvaluable: "could not be judged"}

// Write writes the bundle. The config is named as it is seen from there.
func (b Bundle) Write(path, config string) error {
	if b.Config = config; config != "" {
		from, err := filepath.Abs(filepath.Dir(path))
		to, fault := filepath.Abs(config)
		if err := errors.Join(err, fault); err != nil {
			return err
		}
		b.ConfigAt = to
		if relative, err := filepath.Rel(from, to); err == nil {
			b.Config = filepath.ToSlash(relative)
		}
	}

	text, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}

	return nil
}

// bundle collects what failed.
func (r *run) bundle(ctx context.Context, judged report.Report) *Bundle {
	h := r.harness
	b := &Bundle{
		Version: 1, Tool: judged.Tool, Seed: h.Config.Seed, Thorough: h.Config.Thorough, Scenarios: string(shop.Scenes),
	}
	_ = h.Sandbox.Do(ctx, http.MethodGet, "/_mock/clock", nil, &b.Clock) // a bundle without it is better than none
	shown := judged.Redacted()
	for _, rule := range shown.Rules {
		if rule.Result != report.Failed {
			continue
		}
		failed := FailedRule{Rule: rule, Scenarios: []string{}, Advanced: []string{}, Journal: []json.RawMessage{}}
		if t := r.failed[rule.ID]; t != nil {
			failed.Advanced = append(failed.Advanced, t.shop.Advanced...)
			for _, o := range t.watch.Orders {
				failed.Scenarios = append(failed.Scenarios, o.Scene())
				for _, entry := range h.JournalOf(ctx, o) {
					failed.Journal = append(failed.Journal, shop.ShownEntry(h.Mask, entry))
				}
			}
		}
		b.Rules = append(b.Rules, failed)
	}

	if len(b.Rules) == 0 {
		return nil
	}

	return b
}
