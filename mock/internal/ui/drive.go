package ui

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// formFor is the form of an action, by the name in its address. What it is about comes with the values.
func (d *dashboard) formFor(x *exchange, name string, v url.Values) (form, bool) {
	id := v.Get("checkoutId")
	switch name {
	case "pay":
		return d.payForm(x.checkoutOf(id)), true
	case "outcome":
		return outcomeForm(id), true
	case "abandon", "expire":
		return endForm(name, id), true
	case "forge":
		return forgeForm(id), true
	case "redeliver":
		return redeliverForm(v.Get("callbackId")), true
	case "again":
		return d.againOf(x, v.Get("seq"))
	case "approve", "reject":
		return decideForm(name, v.Get("paymentId")), true
	case "result":
		return resultForm(v.Get("paymentId")), true
	case "forge-webhook":
		return forgeWebhookForm(v.Get("paymentId")), true
	case "webhook":
		return webhookForm(), true
	case "rotate":
		return rotateForm(), true
	case "drop-webhook":
		return dropWebhookForm(), true
	case "next":
		return nextForm(x, v.Get("only")), true
	case "cancel-next":
		return cancelNextForm(), true
	case "scenarios":
		return scenarioForm(x, ""), true
	case "default-scenarios":
		return defaultScenariosForm(), true
	case "freeze", "resume":
		return standForm(name), true
	case "advance":
		return advanceForm(), true
	case "set":
		return setForm(x), true
	case "reset":
		return resetForm(), true
	}

	return form{}, false
}

// checkoutOf is the merchant's checkout with the id; one that is unknown has nothing but the id.
func (x *exchange) checkoutOf(id string) payment.Checkout {
	c, err := x.merchant.Checkout(x.request.Context(), id)
	if err != nil {
		c = payment.Checkout{ID: id}
	}
	return c
}

func hidden(name, value string) field { return field{Name: name, Value: value, Kind: "hidden"} }

// payForm is the customer who pays the checkout. Without a known one it offers no instalments.
func (d *dashboard) payForm(c payment.Checkout) form {
	instalments, label := ways(c), "Instalments, in "+c.Amount.Currency()+" (in all)"
	if len(instalments) == 0 {
		instalments, label = []option{{"1", "1"}}, "Instalments"
	}

	return form{
		Action: "pay", Title: "Pay with a card", Button: "Pay",
		Text: "What a customer does on the hosted page. The card decides what the bank says.",
		Fields: []field{
			hidden("checkoutId", c.ID),
			{
				Name: "card", Label: "Test card", Kind: "select", Options: cards(),
				Most: atMost(c.MaxInstallmentCount), Of: "installmentCount",
				HelpTitle: "What each test card does", Help: cardHelp(d.Gateway.Rules.ThreeDSecure),
			},
			{
				Name: "installmentCount", Label: label, Kind: "select", Value: "1", Options: instalments,
				Hint: "debit cards and foreign cards: one payment",
			},
		},
		build: func(v url.Values) action {
			a := call(http.MethodPost, "checkouts", v.Get("checkoutId"), "pay").
				with(property{"card", cardOf(v.Get("card"))}, property{"installmentCount", number(v.Get("installmentCount"))})
			a.clear = true
			return a
		},
	}
}

func outcomeForm(id string) form {
	var statuses []option
	for _, s := range payment.Statuses() {
		if s != payment.Enrolled {
			statuses = append(statuses, option{string(s), string(s)})
		}
	}

	return form{
		Action: "outcome", Title: "Force an outcome", Button: "Force it",
		Text: "The bank says what you say, whatever the card or the scenario.",
		Fields: []field{
			hidden("checkoutId", id),
			{Name: "status", Label: "Status", Kind: "select", Options: statuses},
			{Name: "resultCode", Label: "Result code", Hint: "such as 51; empty: what fits"},
			{Name: "resultMessage", Label: "Result message", Hint: "such as Not sufficient funds"},
		},
		build: func(v url.Values) action {
			return call(http.MethodPost, "checkouts", v.Get("checkoutId"), "outcome").with(property{"status", v.Get("status")},
				property{"resultCode", v.Get("resultCode")}, property{"resultMessage", v.Get("resultMessage")})
		},
	}
}

func endForm(name, id string) form {
	f := form{Action: name, Title: "Abandon", Button: "Abandon", Text: "The customer leaves without a word: nothing " +
		"happens until the link expires."}
	if name == "expire" {
		f.Title, f.Button, f.Text = "Expire", "Expire", "The link's time is over, now."
	}
	f.Fields = []field{hidden("checkoutId", id)}
	f.build = func(v url.Values) action { return call(http.MethodPost, "checkouts", v.Get("checkoutId"), name) }
	return f
}

func forgeForm(id string) form {
	return form{
		Action: "forge", Title: "Forge a callback", Button: "Send it",
		Text: "What an attacker would send: a callback that nobody paid for. A good shop asks PayPorter before it " +
			"believes it.",
		Fields: []field{
			{Name: "checkoutId", Label: "Checkout id it says", Value: id, Hint: "any text; empty: it says none"},
			{Name: "as", Label: "As", Kind: "select", Options: []option{
				{"form", "a form, as PayPorter does"}, {"json", "JSON"}, {"query", "in the query"},
			}},
			{Name: "url", Label: "To", Hint: "empty: the callback URL of the checkout"},
		},
		build: func(v url.Values) action {
			return call(http.MethodPost, "callbacks", "forge").
				with(property{"checkoutId", v.Get("checkoutId")}, property{"as", v.Get("as")}, property{"url", v.Get("url")})
		},
	}
}

func redeliverForm(id string) form {
	return form{
		Action: "redeliver", Slot: "redeliver-" + id, Button: "Send again", Live: true,
		Fields: []field{hidden("callbackId", id)},
		build: func(v url.Values) action {
			return call(http.MethodPost, "callbacks", v.Get("callbackId"), "redeliver")
		},
	}
}

// againOf sends the request with the number again; ok is false where it is not kept, or was none of the merchant's.
func (d *dashboard) againOf(x *exchange, number string) (f form, ok bool) {
	seq, _ := strconv.ParseUint(number, 10, 64)
	e, ok, err := entryAt(x.request.Context(), x, seq)
	if err != nil || !ok || !e.Kind.Asked() || e.Request == nil || !whole(e) {
		return form{}, false
	}
	return d.againForm(x, e), true
}

// nextForm forces a scenario for the next checkouts: one that is chosen in it, or only the one with the name.
func nextForm(x *exchange, only string) form {
	f := form{
		Action: "next", Title: "Force a scenario", Button: "Force it",
		Text: "The next checkouts get it, whatever their order says. What was forced before comes first.",
		Fields: []field{
			{Name: "scenario", Label: "Scenario", Kind: "select", Options: scenarioNames(x)},
			{Name: "times", Label: "For how many checkouts", Kind: "number", Value: "1"},
		},
		build: func(v url.Values) action {
			return call(http.MethodPost, "scenarios", "next").
				with(property{"scenario", v.Get("scenario")}, property{"times", number(v.Get("times"))})
		},
	}
	if only != "" {
		f.Title = "Force it"
		f.Fields = append([]field{hidden("only", only), hidden("scenario", only)}, f.Fields[1:]...)
	}
	return f
}

func cancelNextForm() form {
	return form{
		Action: "cancel-next", Button: "Cancel", Live: true,
		build: func(url.Values) action { return call(http.MethodDelete, "scenarios", "next") },
	}
}

// scenarioNames lists what can be ordered: the merchant's set first, then the library.
func scenarioNames(x *exchange) []option {
	var all []option
	seen := map[string]bool{}
	for _, from := range []*scenarios.Set{x.set, scenarios.Library()} {
		for _, s := range from.Scenarios() {
			if !seen[s.Name] {
				all = append(all, option{s.Name, s.Name})
			}
			seen[s.Name] = true
		}
	}
	return all
}

// scenarioForm is the editor. From is the shipped scenario to begin one's own with; empty: what is in force.
func scenarioForm(x *exchange, from string) form {
	return form{
		Action: "scenarios", Title: "Scenarios in force", Button: "Put in force",
		Text:   "The first that matches a new checkout wins. A file with a fault changes nothing.",
		Fields: []field{{Name: "yaml", Label: "Scenario file (YAML)", Kind: "code", Value: begun(x, from)}},
		build: func(v url.Values) action {
			a := call(http.MethodPut, "scenarios")
			a.mime, a.body, a.clear = "application/yaml", []byte(v.Get("yaml")), true
			return a
		},
	}
}

func defaultScenariosForm() form {
	return form{
		Action: "default-scenarios", Title: "Back to the sandbox's own", Button: "Put the sandbox's own back",
		Text:  "What this merchant was given of its own is forgotten, and what was forced for the next checkouts.",
		build: func(url.Values) action { return call(http.MethodDelete, "scenarios") },
	}
}
