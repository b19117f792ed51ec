package provider

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// fieldRules hold every field of an order at its limits. The values come from the description of the API, so that the
// rules and the description cannot disagree.
func fieldRules() []row {
	limit := func(id, title, expected string, c check) row {
		return row{
			ID: id, Title: title, Severity: report.Minor, Source: assumed, Expected: expected,
			Advice: "The limit is this project's assumption: tell it if yours is another one.", Judge: c,
		}
	}
	return family("FIELD",
		required("PROV-201", "orderId"), required("PROV-202", "amount"), required("PROV-203", "currency"),
		required("PROV-204", "callback"),
		typed("PROV-211", "orderId", "text"), typed("PROV-212", "amount", "a number"), typed("PROV-213", "currency", "text"),
		typed("PROV-214", "callback", "text"),
		typed("PROV-215", "description", "text"), typed("PROV-216", "customerId", "text"),
		typed("PROV-217", "maxInstallmentCount", "a number"),
		typed("PROV-218", "interestPaidByCustomer", "true or false"),
		limit("PROV-221", "orderId has 1 to 128 characters", "1 and 128 are taken, 0 and 129 refused",
			tries("orderId", lengths)),
		limit("PROV-222", "amount is above zero", "0 and -1 are refused", tries("amount", least)),
		limit("PROV-223", "amount has an upper limit", "9999999999.99 is taken, 10000000000 refused", tries("amount", most)),
		limit("PROV-224", "amount has no more decimals than the currency", "1, 1.5 and 1.05 TRY are taken, 1.005 "+
			"TRY refused", tries("amount", decimals)),
		limit("PROV-225", "An unknown currency is refused", "4xx for XYZ, TL and empty text",
			tries("currency", values(false, "XYZ", "TL", ""))),
		limit("PROV-226", "currency is written in capitals", "4xx for try", tries("currency", values(false, "try"))),
		limit("PROV-227", "Other currencies of ISO 4217 are taken", "200 for USD, EUR and GBP",
			tries("currency", values(true, "USD", "EUR", "GBP"))),
		limit("PROV-228", "Currencies without two decimals are taken as ISO 4217 has them",
			"100 JPY and 1.005 KWD are taken, 100.5 JPY and 1.0005 KWD refused", tries("currency", otherDecimals)),
		limit("PROV-229", "description has at most 1000 characters", "1000 are taken, 1001 refused",
			tries("description", lengths)),
		limit("PROV-230", "callback is an absolute http or https URL", "4xx for a path, another scheme and a URL "+
			"with a password", tries("callback",
			values(false, "payment-callback", "/payment-callback", "ftp://127.0.0.1/payment-callback", "javascript:alert(1)",
				"http://shop:password@127.0.0.1/payment-callback"))),
		limit("PROV-231", "callback has at most 2048 characters", "2048 are taken, 2049 refused", tries("callback", lengths)),
		limit("PROV-232", "customerId has 1 to 128 characters", "1 and 128 are taken, 0 and 129 refused",
			tries("customerId", lengths)),
		limit("PROV-233", "maxInstallmentCount is a whole number from 1 to 12", "1 and 12 are taken, 0, 13 and 1.5 refused",
			tries("maxInstallmentCount", least, most, values(false, json.Number("1.5")))),
		row{
			ID: "PROV-234", Title: "interestPaidByCustomer may be true and false", Severity: report.Major, Source: onCheckout,
			Expected: "200 for both", Advice: "Take both values.", Judge: tries("interestPaidByCustomer",
				values(true, true, false)),
		},
	)
}

func required(id, field string) row {
	return row{
		ID: id, Title: "An order without " + field + " is refused", Severity: report.Major, Source: onCheckout +
			"; that the refusal is a 4XX: general API introduction",
		Expected: "4xx when " + field + " is left out and when it is null", Advice: "The page calls it required: refuse " +
			"the order with 400 and name the field.",
		Judge: tries(field, func(p *probe, f openapi.Property) []try {
			return []try{{"without " + field, p.run.order().without(field), false}, {
				field + " null", p.run.order().with(field, nil),
				false,
			}}
		}),
	}
}

// typed is less severe than its source says for what is easily read as another type: only of the amount, digits may go
// astray.
func typed(id, field, kind string) row {
	severity := report.Minor
	if field == "amount" {
		severity = report.Major
	}

	return row{
		ID: id, Title: "A value of " + field + " that is not " + kind + " is refused", Severity: severity,
		Source:   onCheckout + "; that the refusal is a 4XX: general API introduction",
		Expected: "4xx for JSON values of other types", Advice: "The page says that it is " + kind + ": refuse other " +
			"types with 400 and name the field.",
		Judge: tries(field, otherTypes),
	}
}

// try is an order at the edge of what is allowed.
type try struct {
	what  string
	order order
	taken bool // whether it must be taken
}

// maker makes the orders to try of what the description says about a field.
type maker func(p *probe, f openapi.Property) []try

// tries sends the orders and tells every one that was not answered as it must be.
func tries(field string, makers ...maker) check {
	return func(p *probe) finding {
		if reason := p.works(); reason != "" {
			return unjudged("%s", reason)
		}
		f, known := p.run.property(field)
		if !known {
			return unjudged("the description of the API has no %s", field)
		}
		var all, wrong []*call
		var seen []string
		for _, t := range ordersOf(p, f, makers) {
			x := p.run.create(p.ctx, "create with "+t.what, t.order)
			all = append(all, x)
			if taken := x.Answer().Status == http.StatusOK; t.taken && !taken || !t.taken && !x.refused() {
				wrong, seen = append(wrong, x), append(seen, t.what+" was answered with "+x.answered())
			}
		}
		if len(wrong) > 0 {
			return fail("%s", strings.Join(seen, "; ")).by(wrong...)
		}
		return pass("as expected, %d times", len(all)).by(all...)
	}
}

func ordersOf(p *probe, f openapi.Property, makers []maker) []try {
	var all []try
	for _, m := range makers {
		all = append(all, m(p, f)...)
	}
	return all
}

func (r *run) property(name string) (openapi.Property, bool) {
	for _, f := range r.createOp.Properties() {
		if f.Name == name {
			return f, true
		}
	}
	return openapi.Property{}, false
}

// values are tried as they are.
func values(taken bool, list ...any) maker {
	return func(p *probe, f openapi.Property) []try {
		var all []try
		for _, v := range list {
			all = append(all, p.try(f, v, taken))
		}
		return all
	}
}

func (p *probe) try(f openapi.Property, value any, taken bool) try {
	shown, _ := json.Marshal(value) // texts, numbers and booleans always marshal
	return try{f.Name + " " + cut(string(shown)), p.run.order().with(f.Name, value), taken}
}

// otherTypes are JSON values that the field's type is not.
func otherTypes(p *probe, f openapi.Property) []try {
	wrong := map[string][]any{
		"string": {json.Number("12345"), map[string]any{}}, "number": {"100.50", true}, "integer": {"6", true},
		"boolean": {"true", json.Number("1")},
	}[f.Type]
	return values(false, wrong...)(p, f)
}

// lengths are texts as long as is allowed, and just not.
func lengths(p *probe, f openapi.Property) []try {
	var all []try
	long := func(n int, taken bool) {
		all = append(all, try{
			fmt.Sprintf("%s of %d characters", f.Name, n), p.run.order().with(f.Name, p.textOf(f.Name, n)),
			taken,
		})
	}
	if f.MinLength > 0 && f.Name != "callback" {
		long(f.MinLength, true)
		long(f.MinLength-1, false)
	}
	if f.MaxLength > 0 {
		long(f.MaxLength, true)
		long(f.MaxLength+1, false)
	}

	return all
}

// textOf is a right value of this length.
func (p *probe) textOf(field string, length int) string {
	begins := map[string]string{"orderId": p.run.tag, "callback": p.run.order().text("callback") + "&padding="}[field]
	if length <= len(begins) {
		return begins[:length]
	}
	return begins + strings.Repeat("x", length-len(begins))
}

// least are numbers at the lower limit and below.
func least(p *probe, f openapi.Property) []try {
	if f.Minimum == nil {
		return nil
	}
	return []try{p.try(f, plain(*f.Minimum), !f.Above), p.try(f, plain(math.Floor(*f.Minimum)-1), false)}
}

// most are numbers at the upper limit and above.
func most(p *probe, f openapi.Property) []try {
	if f.Maximum == nil {
		return nil
	}
	return []try{p.try(f, plain(*f.Maximum), true), p.try(f, plain(math.Floor(*f.Maximum)+1), false)}
}

func plain(n float64) json.Number { return json.Number(strconv.FormatFloat(n, 'f', -1, 64)) }

func decimals(p *probe, f openapi.Property) []try {
	taken := values(true, json.Number("1"), json.Number("1.5"), json.Number("1.05"))(p, f)
	return append(taken, p.try(f, json.Number("1.005"), false))
}

func otherDecimals(p *probe, _ openapi.Property) []try {
	of := func(amount, currency string, taken bool) try {
		o := p.run.order().with("amount", json.Number(amount)).with("currency", currency)
		return try{amount + " " + currency, o, taken}
	}
	return []try{of("100", "JPY", true), of("100.5", "JPY", false), of("1.005", "KWD", true), of("1.0005", "KWD", false)}
}
