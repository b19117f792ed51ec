package report

import (
	"slices"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/sequence"
)

// actors stand in this order, from left to right, as far as they take part.
var actors = []sequence.Actor{
	{ID: "customer", Name: "Customer"},
	{ID: "attacker", Name: "Attacker"},
	{ID: "merchant", Name: "Merchant"},
	{ID: "client", Name: "Client"},
	{ID: "harness", Name: "Harness"},
	{ID: "payporter", Name: "PayPorter"},
	{ID: "bank", Name: "Bank"},
}

// Diagram draws the exchanges of the rule: what happened while one was under way stands between its start and its
// answer. link says where a click on the n-th leads, counted from one; nil means nowhere.
func (rule Rule) Diagram(link func(n int) string) sequence.Diagram {
	d := sequence.Diagram{Title: oneLine(rule.ID + " " + rule.Title), Actors: rule.actors()}
	for i, e := range rule.Exchanges {
		a := sequence.Arrow{
			From: actorID(e.From), To: actorID(e.To), Label: label(e), Answer: answered(e),
			At: e.At, Fault: e.Error != "", Broken: e.Error != "",
			Latency: time.Duration(min(e.LatencyMS, 1e9) * float64(time.Millisecond)),
		}
		if link != nil {
			a.Link = link(i + 1)
		}
		d.Arrows = append(d.Arrows, a)
	}
	return d.ByTime()
}

// actors are those who take part; one whom we do not know stands on the right.
func (rule Rule) actors() []sequence.Actor {
	taking := map[string]bool{}
	var others []sequence.Actor
	for _, e := range rule.Exchanges {
		for _, id := range []string{actorID(e.From), actorID(e.To)} {
			known := slices.ContainsFunc(actors, func(a sequence.Actor) bool { return a.ID == id })
			if !known && !taking[id] {
				others = append(others, sequence.Actor{ID: id})
			}
			taking[id] = true
		}
	}

	var all []sequence.Actor
	for _, a := range actors {
		if taking[a.ID] {
			all = append(all, a)
		}
	}

	return append(all, others...)
}

func actorID(id string) string {
	if id = oneLine(id); id != "" {
		return id
	}
	return "unknown"
}

func label(e exchange.Exchange) string {
	if title := oneLine(e.Title); title != "" {
		return title
	}
	return asked(e)
}

func answered(e exchange.Exchange) string {
	switch {
	case e.Error != "":
		return oneLine(e.Error)
	case e.Response != nil:
		return sequence.Answered(e.Response.Status, e.Response.Body.String())
	}
	return ""
}
