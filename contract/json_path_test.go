package contract_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

// Whatever JSONPath can say finds what the shop believes.
func TestShopIsReadByJSONPath(t *testing.T) {
	t.Parallel()
	at := func(path string) contract.Extract { return contract.Extract{JSON: path} }
	for name, change := range map[string]func(*contract.Config){
		"the same value twice": func(c *contract.Config) { c.Order.OrderID = at("$['orderId', 'orderId']") },
		"descendants":          func(c *contract.Config) { c.Order.RedirectURL = at("$..redirectUrl") },
		"a filter": func(c *contract.Config) {
			c.State.Paid = contract.Condition{Extract: at("$[?@ == 'paid']")}
		},
		"one of several values": func(c *contract.Config) {
			c.State.Paid = contract.Condition{Extract: at("$.*"), Equals: []string{"paid"}}
		},
		"a number of another form": func(c *contract.Config) {
			c.State.Paid = contract.Condition{Extract: at("$.fulfilments"), Equals: []string{"1.0"}}
		},
		"an entry for each fulfilment": func(c *contract.Config) { c.State.Fulfilments = at("$[?@ == 'paid']") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := configFor(t, &shop{})
			change(&c)
			c.Rules = []string{"FLOW-003", "FLOW-005", "FLOW-006", "IDEM-001"}
			judged, err := contract.Verify(t.Context(), c, contract.Options{})
			require.NoError(t, err)
			for _, rule := range judged.Rules {
				if slices.Contains(c.Rules, rule.ID) {
					require.Equal(t, report.Passed, rule.Result, "%s: %s", rule.ID, rule.Seen)
				}
			}
		})
	}
}

func TestJSONPathsThatLeadNowhereAreTold(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"$.*":    "order.orderId: $.* leads to 6 different values in the answer, want one: narrow it, such as $.list[0]",
		"$.nope": "without an order number at json: $.nope: compare order.orderId with the answer",
	} {
		c := configFor(t, &shop{})
		c.Order.OrderID = contract.Extract{JSON: path}
		c.Rules = []string{"FLOW-003"}
		judged, err := contract.Verify(t.Context(), c, contract.Options{})
		require.NoError(t, err)
		i := slices.IndexFunc(judged.Rules, func(r report.Rule) bool { return r.ID == "FLOW-003" })
		require.Equal(t, report.Failed, judged.Rules[i].Result)
		require.Contains(t, judged.Rules[i].Seen, want)
	}
}

func TestJSONPathsAreReadFromTheConfig(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"$.order-id":                   "",
		"$.list[?@.order-id == 'a'].b": "",
		"$..a[-1]['b c']":              "",
		"$.a[x]":                       "unexpected identifier at position 5",
		"$.list[?@.a == ]":             "unexpected ']' at position 16",
		"$.a.":                         "unexpected eof at position 5",
		"order":                        "must begin with $, such as $.orderId",
	} {
		source := `{order: {request: {url: "http://a/"}, orderId: {json: "` + path + `"}}, ` +
			`state: {request: {url: "http://a/"}, paid: {json: $.paid}}}`
		_, err := contract.ParseConfig("verify.yaml", []byte(source))
		if want == "" {
			require.NoError(t, err, path)
			continue
		}
		require.ErrorContains(t, err, want, path)
	}
}
