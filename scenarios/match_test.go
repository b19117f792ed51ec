package scenarios_test

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/glob"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

func paying(f scenarios.Facts, card payment.PAN, installments, attempt int) scenarios.Facts {
	f.Paying, f.Card, f.InstallmentCount, f.Attempt = true, card, installments, attempt
	return f
}

func TestConditions(t *testing.T) {
	t.Parallel()
	open := facts(t, "100.50", "TRY")
	paid := paying(open, "4111111111111129", 3, 2)
	for _, c := range []struct {
		when  string
		facts scenarios.Facts
		want  bool
	}{
		{`{}`, open, true},
		{`{orderId: "ORD-*"}`, open, true},
		{`{orderId: "*-*"}`, open, true},
		{`{orderId: ORD}`, open, false},
		{`{orderId: [A*, "O?D-[0-9]"]}`, open, true},
		{`{orderId: "{ORD,ord}-1"}`, open, true},
		{`{customerId: vip-*}`, open, true},
		{`{description: "*gift*"}`, open, true},
		{`{currency: TRY}`, open, true},
		{`{currency: [USD, E*]}`, open, false},
		{`{amount: 100.5}`, open, true},
		{`{amount: 100.50}`, open, true},
		{`{amount: [1, 100.50]}`, open, true},
		{`{amount: {gte: 100.5, lte: 100.5}}`, open, true},
		{`{amount: {gt: 100.5}}`, open, false},
		{`{amount: {gt: 100.49999999999999999999}}`, open, true},
		{`{amount: {lt: 100.50000000000000000001}}`, open, true},
		{`{amount: {lt: 99}}`, open, false},
		{`{amount: {eq: 100.5}}`, open, true},
		{`{amount: 1.005E2}`, open, true},
		{`{amount: 100.50000}`, open, true},
		{`{amount: {gte: 1.0E+2, lt: 1.01e2}}`, open, true},
		{`{amount: 1.005E3}`, open, false},
		{`{installmentCount: 3.0, attempt: 0.2E1}`, paid, true},
		{`{card: "4111*"}`, open, false},
		{`{card: "4111*"}`, paid, true},
		{`{card: "5*"}`, paid, false},
		{`{installmentCount: {gte: 2}}`, open, false},
		{`{installmentCount: {gte: 2}}`, paid, true},
		{`{attempt: 1}`, paid, false},
		{`{attempt: [1, 2]}`, paid, true},
		{`{expr: 'amount > 100 && description contains "gift"'}`, open, true},
		{`{expr: 'orderId startsWith "ORD" and currency in ["TRY", "USD"]'}`, open, true},
		{`{expr: 'card startsWith "4"'}`, open, false},
		{`{expr: 'not (card startsWith "5")'}`, open, false},
		{`{expr: 'card startsWith "4" && installmentCount in 2..6 && attempt == 2'}`, paid, true},
		{`{expr: 'any(["a", "gift"], {description contains #})'}`, open, true},
		{`{expr: 'amount + 1 == 101.5'}`, open, true},
		{`{expr: 'description matches "^a.*t$"'}`, open, true},
		{`{expr: 'int(orderId) == 1'}`, open, false},
	} {
		t.Run(c.when, func(t *testing.T) {
			t.Parallel()
			set := parse(t, "version: 1\nscenarios: [{name: a, when: "+c.when+"}]")
			require.Equal(t, c.want, set.Match(c.facts, nil) != nil)
			require.Equal(t, c.want, set.Explain(c.facts, nil).Winner == "a")
		})
	}
}

func TestFirstMatchWinsUntilItsLimit(t *testing.T) {
	t.Parallel()
	set := parse(t, `{version: 1, scenarios: [{name: a, limit: 2, when: {amount: 100.5}}, {name: b}, {name: c}]}`)
	f := facts(t, "100.50", "TRY")
	var asked []string
	used := map[string]uint64{}
	count := func(name string) uint64 { asked = append(asked, name); return used[name] }
	for _, want := range []string{"a", "a", "b", "b"} {
		winner := set.Match(f, count)
		require.Equal(t, want, winner.Name)
		used[winner.Name]++
	}
	require.Equal(t, []string{"a", "a", "a", "a"}, asked, "only scenarios with a limit are asked for")
	require.Equal(t, "a", set.Match(f, nil).Name)
}

func TestExplain(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Parse("s.yaml", []byte(`version: 1
scenarios:
  - {name: two-faults, when: {amount: {gte: 200, lt: 5000}, currency: USD}}
  - {name: by-card, when: {card: ["4111111111111129", "5*"], expr: 'card == "4111111111111129"'}}
  - {name: cheap, when: {amount: {lt: 100}}}
  - {name: spent, limit: 1}
  - {name: winner}
  - {name: late, when: {orderId: "*"}}
  - {name: endless, when: {expr: 'count(1..9000, # > 0) == 9000'}}
`))
	require.NoError(t, err)
	used := func(string) uint64 { return 1 }
	open := set.Explain(facts(t, "100.50", "TRY"), used)
	require.Equal(t, "winner", open.Winner)
	require.Equal(t, `winner won (s.yaml:7:5)
late matches, but winner comes first (s.yaml:8:5)
cheap nearly matched (s.yaml:5:5)
  amount: want < 100, got 100.50
spent nearly matched (s.yaml:6:5)
  limit: want at most 1 times, got used 1 times
endless nearly matched (s.yaml:9:5)
  expr: want count(1..9000, # > 0) == 9000, got cut off: its loops take too long
`, open.String())
	require.Equal(t, []scenarios.Mismatch{
		{Field: "currency", Want: `"USD"`, Got: `"TRY"`},
		{Field: "amount", Want: ">= 200 and < 5000", Got: "100.50"},
	}, open.Verdicts[0].Failed)
	require.Equal(t, []scenarios.Mismatch{
		{Field: "card", Want: `"411111******1129" or "5*"`, Got: "not known until the customer pays"},
		{Field: "expr", Want: `card == "411111******1129"`, Got: "not known until the customer pays"},
	}, open.Verdicts[1].Failed)

	paid := set.Explain(paying(facts(t, "100.50", "TRY"), "4766620000000001", 1, 1), used)
	require.Equal(t, []scenarios.Mismatch{
		{Field: "card", Want: `"411111******1129" or "5*"`, Got: "476662******0001"},
		{Field: "expr", Want: `card == "411111******1129"`, Got: "false"},
	}, paid.Verdicts[1].Failed)
	require.NotContains(t, fmt.Sprintf("%+v", paid), "4766620000000001")
}

// Whatever an expression tries, it is refused, or cut off in time with a reason.
func TestExpressionsAreBounded(t *testing.T) {
	t.Parallel()
	f := facts(t, "100.50", "TRY")
	f.Description = strings.Repeat("a ", 30_000)
	for source, reason := range map[string]string{
		`count(1..900, {count(1..9, {# > 0}) == 9}) == 900`: "cut off: its loops take too long",
		`all(split(description, " "), {len(#) < 2})`:        "cut off: its loops take too long",
		`len(1..1000000000) > 0`: "cut off: it makes lists of more " +
			"than 10000 values",
		`len(filter(1..9999999, {# > 0})) > 0`: "cut off: it makes lists of more " +
			"than 10000 values",
		`any(1..9, {description contains "b"})`:                                   "false",
		`any(1..999, {# in 5000..6000 or description matches "(a|aa)+(a|aa)+b"})`: "",
		`any(split(description, ""), {len(split(description, "")) > 1000000})`:    "",
		`any(1..15, {len(1..999) > 5000})`: "cut off: it makes lists of more " +
			"than 10000 values",
		`int(customerId) > 5`: "",
		`let a = 1..9000; any(a, {# in a and # in a and # in a and # in a and # < 0})`: "cut off: its loops take too long",
	} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			set := parse(t, fmt.Sprintf("{version: 1, scenarios: [{name: a, when: {expr: %q}}]}", source))
			started := time.Now()
			require.Nil(t, set.Match(f, nil))
			require.Less(t, time.Since(started), 20*time.Second)
			t.Log(time.Since(started))
			if reason != "" {
				require.Equal(t, reason, set.Explain(f, nil).Verdicts[0].Failed[0].Got)
			}
		})
	}
}

// Patterns are bounded as well: no text makes one take long.
func TestPatternsAreBounded(t *testing.T) {
	t.Parallel()
	f := facts(t, "100.50", "TRY")
	f.Description = strings.Repeat("a", 60_000)
	for _, pattern := range []string{
		strings.Repeat("*a", 100) + "*b*a",
		strings.Repeat("[ab]*?", 40) + "c*a",
		"{a*a*a*a,*a*a}*{*a*a*c,a*b*a}{b,*c}a",
		"{a,aa,*a*}*{a,*a*b*,b}b*a",
		strings.Repeat("a*?", 60) + "b?*a",
	} {
		set, err := scenarios.Parse("f.yaml", fmt.Appendf(nil, "{version: 1, scenarios: [{name: a, when: "+
			"{description: %q}}]}", pattern))
		require.NoError(t, err)
		started := time.Now()
		require.Nil(t, set.Match(f, nil))
		require.Less(t, time.Since(started), 10*time.Second, pattern)
		t.Log(time.Since(started), pattern)
	}
}

// A pattern with {...} means what the library that patterns are known from says it means.
func TestPatternsMeanWhatTheyMeant(t *testing.T) {
	t.Parallel()
	pieces := rapid.SampledFrom([]string{
		"a", "b", "*", "?", "{", "}", ",", "[ab]", "[!a]", "[{,]", `[\]}]`, `\{`, `\,`, `\}`, "{a,b}", "{a,*b}", "{,a}",
		"{a,{b,ab}}", "{a{b,}?,}", "{[,}],a}",
	})
	rapid.Check(t, func(t *rapid.T) {
		pattern := strings.Join(rapid.SliceOfN(pieces, 1, 6).Draw(t, "pieces"), "")
		text := rapid.StringMatching(`[ab{,}]{0,6}`).Draw(t, "text")
		reference, err := glob.Compile(pattern)
		set, fault := scenarios.Parse("f.yaml", fmt.Appendf(nil, "{version: 1, scenarios: [{name: a, when: "+
			"{description: %q}}]}", pattern))
		if fault != nil {
			if err == nil {
				require.ErrorContains(t, fault, "ways through")
			}
			return
		}
		require.NoError(t, err)
		f := facts(t, "1", "TRY")
		f.Description = text
		require.Equal(t, reference.Match(text), set.Match(f, nil) != nil)
	})
}

// rule is a scenario of the reference: what it asks for, in plain values.
type rule struct {
	orderID, card         string // globs that path.Match reads the same way
	least, most           int64  // amount in minor units, inclusive; zero: no bound
	currencies            []string
	attempt, installments int
	overLimit             bool
	expr                  string
}

func (r rule) yaml(i int) string {
	var when []string
	ask := func(given bool, format string, args ...any) {
		if given {
			when = append(when, fmt.Sprintf(format, args...))
		}
	}
	ask(r.orderID != "", "orderId: %q", r.orderID)
	ask(r.card != "", "card: %q", r.card)
	ask(r.least > 0 && r.most > 0, "amount: {gte: %d.%02d, lte: %d.%02d}", r.least/100, r.least%100, r.most/100,
		r.most%100)
	ask(r.least > 0 && r.most == 0, "amount: {gt: %d.%02d}", (r.least-1)/100, (r.least-1)%100)
	ask(r.least == 0 && r.most > 0, "amount: {lt: %d.%02d}", (r.most+1)/100, (r.most+1)%100)
	ask(len(r.currencies) > 0, "currency: [%s]", strings.Join(r.currencies, ", "))
	ask(r.attempt > 0, "attempt: %d", r.attempt)
	ask(r.installments > 0, "installmentCount: {gte: %d}", r.installments)
	ask(r.expr != "", "expr: %q", r.expr)
	limit := ""
	if r.overLimit {
		limit = "limit: 1, "
	}
	return fmt.Sprintf("  - {name: r%d, %swhen: {%s}}\n", i, limit, strings.Join(when, ", "))
}

func (r rule) holds(f scenarios.Facts) bool {
	glob := func(pattern, text string) bool {
		ok, _ := path.Match(pattern, text)
		return ok
	}
	if (r.card != "" || r.attempt > 0 || r.installments > 0 || r.expr == "attempt > 1") && !f.Paying {
		return false
	}
	minor := f.Amount.Minor()
	return !r.overLimit &&
		(r.orderID == "" || glob(r.orderID, f.OrderID)) && (r.card == "" || glob(r.card, f.Card.Digits())) &&
		(r.least == 0 || minor >= r.least) && (r.most == 0 || minor <= r.most) &&
		(len(r.currencies) == 0 || slices.Contains(r.currencies, f.Amount.Currency())) &&
		(r.attempt == 0 || f.Attempt == r.attempt) && (r.installments == 0 || f.InstallmentCount >= r.installments) &&
		(r.expr != "attempt > 1" || f.Attempt > 1) && (r.expr != `orderId contains "1"` || strings.Contains(f.OrderID, "1"))
}

// Match, and Explain with it, finds what a reference finds that is too simple to be wrong; and Lint
// warns of no scenario that wins.
func TestMatchEqualsReference(t *testing.T) {
	t.Parallel()
	genRule := rapid.Custom(func(t *rapid.T) rule {
		r := rule{
			orderID:      rapid.SampledFrom([]string{"", "", "*", "A*", "A1*", "*1", "?1", "[AB]*", "A1"}).Draw(t, "orderId"),
			card:         rapid.SampledFrom([]string{"", "", "", "4*", "*8", "5528790000000008"}).Draw(t, "card"),
			least:        rapid.SampledFrom([]int64{0, 0, 2, 10, 150, 10050}).Draw(t, "least"),
			currencies:   rapid.SliceOfN(rapid.SampledFrom([]string{"TRY", "USD", "EUR"}), 0, 2).Draw(t, "currencies"),
			attempt:      rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "attempt"),
			installments: rapid.SampledFrom([]int{0, 0, 0, 2, 3}).Draw(t, "installments"),
			overLimit:    rapid.SampledFrom([]bool{false, false, true}).Draw(t, "limit"),
			expr:         rapid.SampledFrom([]string{"", "", "", "attempt > 1", `orderId contains "1"`}).Draw(t, "expr"),
		}
		if rapid.Bool().Draw(t, "bounded") {
			r.most = r.least + rapid.SampledFrom([]int64{0, 1, 100, 20000}).Draw(t, "width")
		}
		return r
	})
	rapid.Check(t, func(t *rapid.T) {
		rules := rapid.SliceOfN(genRule, 0, 8).Draw(t, "rules")
		source := "version: 1\nscenarios:\n"
		if len(rules) == 0 {
			source = "{version: 1, scenarios: []}"
		}
		for i, r := range rules {
			source += r.yaml(i)
		}
		set, err := scenarios.Parse("rules.yaml", []byte(source))
		require.NoError(t, err, source)
		shadowed := set.Lint()
		for range 10 {
			f := drawFacts(t)
			want := ""
			if i := slices.IndexFunc(rules, func(r rule) bool { return r.holds(f) }); i >= 0 {
				want = fmt.Sprintf("r%d", i)
			}
			used := func(string) uint64 { return 1 }
			got := ""
			if winner := set.Match(f, used); winner != nil {
				got = winner.Name
			}
			require.Equal(t, want, got, source)
			require.Equal(t, want, set.Explain(f, used).Winner)
			for _, w := range shadowed {
				require.NotEqual(t, want, w.Scenario, "%s\n%s", w, source)
			}
		}
	})
}

func drawFacts(t *rapid.T) scenarios.Facts {
	amount := rapid.SampledFrom([]string{"0.01", "0.02", "0.1", "0.10", "1.5", "1.51", "100.50", "100.49", "201"}).Draw(t,
		"amount")
	f := facts(t, amount, rapid.SampledFrom([]string{"TRY", "USD", "EUR"}).Draw(t, "currency"))
	f.OrderID = rapid.SampledFrom([]string{"A", "A1", "A12", "B1", "1", ""}).Draw(t, "orderId")
	if rapid.Bool().Draw(t, "paying") {
		card := rapid.SampledFrom([]payment.PAN{"5528790000000008", "4766620000000001", "4111111111111129"}).Draw(t, "card")
		f = paying(f, card, rapid.IntRange(1, 3).Draw(t, "installments"), rapid.IntRange(1, 3).Draw(t, "attempt"))
	}
	return f
}

func TestMatchingNothingAllocatesNothing(t *testing.T) {
	f := facts(t, "100.50", "TRY")
	for name, set := range map[string]*scenarios.Set{
		"empty": parse(t, "{version: 1, scenarios: []}"),
		"nil":   nil,
		"rules": manyRules(t, byOrder),
	} {
		allocations := testing.AllocsPerRun(100, func() { set.Match(f, nil) })
		require.Zero(t, allocations, name)
	}
}

// manyRules are 500 of which the last one matches; %d in a condition is the number of its rule.
func manyRules(t testing.TB, condition string) *scenarios.Set {
	source := "version: 1\nscenarios:\n"
	for i := range 499 {
		when := strings.ReplaceAll(condition, "%d", strconv.Itoa(i))
		source += fmt.Sprintf("  - {name: r%d, when: {amount: {gte: 100, lt: 5000}, currency: [TRY, USD], %s}}\n", i, when)
	}
	return parse(t, source+"  - name: last\n")
}

const (
	byOrder      = `orderId: "SHOP%d-*"`
	byExpression = `expr: amount > 100 && description contains "SHOP%d"`
)

func BenchmarkMatch(b *testing.B) {
	f := facts(b, "100.50", "TRY")
	for name, set := range map[string]*scenarios.Set{
		"empty":           parse(b, "{version: 1, scenarios: []}"),
		"500 rules":       manyRules(b, byOrder),
		"500 expressions": manyRules(b, byExpression),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				set.Match(f, nil)
			}
		})
	}
}

func BenchmarkParse500Rules(b *testing.B) {
	source := manyRules(b, byOrder).YAML()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := scenarios.Parse("f.yaml", source); err != nil {
			b.Fatal(err)
		}
	}
}
