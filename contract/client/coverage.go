package client

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// added adds up two counts of the same things. What only one of them has is kept.
func added(sum, more []report.CoverageItem) []report.CoverageItem {
	at := make(map[[2]string]int, len(sum))
	for i, item := range sum {
		at[[2]string{item.Kind, item.Name}] = i
	}

	for _, item := range more {
		if i, known := at[[2]string{item.Kind, item.Name}]; known {
			sum[i].Count += item.Count
			continue
		}
		sum = append(sum, item)
	}
	return sum
}

// Coverage is what of the contract all merchants together have exercised.
func (r Record) Coverage() report.Coverage {
	sum := []report.CoverageItem{}
	for _, m := range r.Merchants {
		sum = added(sum, m.Coverage)
	}

	for _, e := range r.Strangers {
		for i := range sum {
			if e.covers(sum[i]) {
				sum[i].Count++
			}
		}
	}
	return report.Coverage{Items: sum}
}

// covers reports whether a refusal that no merchant's coverage counts is one of this thing.
func (e Entry) covers(item report.CoverageItem) bool {
	if e.Response == nil {
		return false
	}

	switch item.Kind {
	case string(openapi.OperationKind):
		return item.Name == e.title()+" "+strconv.Itoa(e.Response.Status)
	case string(openapi.AnswerKind):
		code, _ := e.refusal()
		return code != "" && item.Name == "messageCode "+code
	}
	return false
}

// refusal reads the body of an error answer.
func (e Entry) refusal() (code string, faults []fieldFault) {
	var body struct {
		MessageCode string       `json:"messageCode"`
		Errors      []fieldFault `json:"errors"`
	}
	_ = json.Unmarshal(e.Response.Body, &body) // a scenario may have answered anything
	return body.MessageCode, body.Errors
}

// fieldFault is one of the errors of an error answer.
type fieldFault struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// barNames are what a bar can be set for, and the kinds they stand for.
var barNames = [...][2]string{
	{"operations", "operation"},
	{"fields", "field"},
	{"boundaries", "boundary"},
	{"answers", "answer"},
	{"scenarios", "scenario"},
	{"all", "all"},
}

// Bar is a share of the coverage that a run must reach.
type Bar struct {
	Name    string // operations, fields, boundaries, answers, scenarios or all
	Percent float64
}

// ParseBar reads a bar such as "operations>=80".
func ParseBar(text string) (Bar, error) {
	name, percent, ok := strings.Cut(text, ">=")
	name = strings.TrimSpace(name)
	known := slices.ContainsFunc(barNames[:], func(n [2]string) bool { return n[0] == name })
	value, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(percent), "%"), 64)
	if !ok || !known || err != nil || math.IsNaN(value) || value < 0 || value > 100 {
		return Bar{}, fmt.Errorf("require %q: want NAME>=PERCENT, such as operations>=80, with a NAME of %s", text,
			namesOfBars())
	}
	return Bar{Name: name, Percent: value}, nil
}

func namesOfBars() string {
	var names []string
	for _, n := range barNames {
		names = append(names, n[0])
	}
	return strings.Join(names, ", ")
}

// missed says what is missing to the bar; empty: nothing.
func (b Bar) missed(shares []openapi.Share) string {
	for _, n := range barNames {
		if n[0] != b.Name {
			continue
		}
		at := slices.IndexFunc(shares, func(s openapi.Share) bool { return string(s.Kind) == n[1] })
		if at < 0 {
			return fmt.Sprintf("%s: nothing was measured", b.Name)
		}
		if s := shares[at]; s.Percent < b.Percent {
			return fmt.Sprintf("%s: %.1f%% (%d of %d), required %g%%", b.Name, s.Percent, s.Covered, s.Total, b.Percent)
		}
	}
	return ""
}

// Shares sums the coverage up: everything first, then by kind.
func Shares(c report.Coverage) []openapi.Share {
	items := make([]openapi.Item, len(c.Items))
	for i, item := range c.Items {
		items[i] = openapi.Item{Kind: openapi.Kind(item.Kind), Name: item.Name, Count: uint64(max(0, item.Count))}
	}
	return openapi.Shares(items)
}
