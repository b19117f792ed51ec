package ui

import (
	"net/http"
	"net/url"
	"time"
)

func standForm(name string) form {
	f := form{
		Action: name, Title: "Freeze", Button: "Freeze", Text: "The clock stands still. Nothing falls due until it is moved.",
		build: func(url.Values) action { return call(http.MethodPost, "clock").with(property{name, true}) },
	}
	if name == "resume" {
		f.Title, f.Button, f.Text = "Resume", "Resume", "The clock runs on from where it stands."
	}
	return f
}

func advanceForm() form {
	return form{
		Action: "advance", Title: "Advance", Button: "Advance",
		Text: "Everything that falls due on the way is done in its order: callbacks, retries, expiries. It answers when " +
			"all of it is.",
		Fields: []field{{
			Name: "advance", Label: "By", Value: "1h", Hint: "a duration such as 30s, 5m or 48h",
			Required: true,
		}},
		build: func(v url.Values) action {
			return call(http.MethodPost, "clock").with(property{"advance", v.Get("advance")})
		},
	}
}

func setForm(x *exchange) form {
	return form{
		Action: "set", Title: "Set", Button: "Set",
		Text: "Forwards or backwards; it stays frozen or running as it was.",
		Fields: []field{{
			Name: "set", Label: "To", Value: x.merchant.Clock().Now().Truncate(time.Second).Format(time.RFC3339),
			Hint: "a time such as 2026-01-31T12:00:00Z", Required: true,
		}},
		build: func(v url.Values) action { return call(http.MethodPost, "clock").with(property{"set", v.Get("set")}) },
	}
}

func resetForm() form {
	return form{
		Action: "reset", Title: "Reset", Button: "Forget everything", Danger: true,
		Text: "Checkouts, callbacks and the journal are forgotten, time is real again, and random values begin anew. " +
			"Credentials stay.",
		Fields: []field{
			{Name: "keep", Label: "Keep the scenarios", Kind: "check", Value: "scenarios"},
			{Name: confirmation, Label: "Yes, forget what this merchant has done", Kind: "check", Required: true},
		},
		build: func(v url.Values) action {
			a := call(http.MethodPost, "reset")
			if v.Get("keep") != "" {
				a.query.Set("keep", "scenarios")
			}
			return a
		},
	}
}
