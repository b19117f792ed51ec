package ui

import (
	"context"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
)

// workbench is a page of forms.
type workbench struct {
	Forms  []form
	Own    bool           // the scenarios in force are the merchant's own
	Names  []string       // of those in force
	Next   []gateway.Next // what the next checkouts get
	Cancel form           // cancels that
}

func (d *dashboard) scenariosPage(ctx context.Context, x *exchange) (answer, error) {
	next, err := x.merchant.NextScenarios(ctx)
	if err != nil {
		return answer{}, err
	}

	page := workbench{
		Own: x.own, Next: next, Cancel: d.ready(x, cancelNextForm()),
		Forms: []form{
			d.ready(x, scenarioForm(x, x.query.Get("from"))), d.ready(x, nextForm(x, "")), d.ready(x, defaultScenariosForm()),
		},
	}
	for _, s := range x.set.Scenarios() {
		page.Names = append(page.Names, s.Name)
	}
	return x.page("scenarios", "Scenarios", page), nil
}

func (d *dashboard) sandboxPage(_ context.Context, x *exchange) (answer, error) {
	page := workbench{Forms: []form{
		d.ready(x, advanceForm()), d.ready(x, standForm("freeze")), d.ready(x, standForm("resume")), d.ready(x, setForm(x)),
		d.ready(x, resetForm()),
	}}
	return x.page("sandbox", "Clock and reset", page), nil
}
