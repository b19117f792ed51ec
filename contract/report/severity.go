package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/payporter-mock/payporter-mock/internal/wording"
)

// severities are in order, the worst first.
var severities = []Severity{Critical, Major, Minor, Advisory}

// ParseSeverity takes a severity as a user types it. Its error names all there are.
func ParseSeverity(name string) (Severity, error) {
	severity := Severity(strings.ToLower(strings.TrimSpace(name)))
	if !slices.Contains(severities, severity) {
		return "", fmt.Errorf("there is no severity %q; there are %s", name, wording.And(severities))
	}
	return severity, nil
}

// AtLeast reports whether s is as bad as the bar, or worse. An unknown severity is the worst, so
// that a slip of the pen never lets a failure through.
func (s Severity) AtLeast(bar Severity) bool {
	if bar == "" {
		bar = Major
	}
	known := slices.Index(severities, bar)
	return known < 0 || slices.Index(severities, s) <= known
}
