package scenarios_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

var update = flag.Bool("update", false, "write the golden files anew")

// files lists the scenario files of a folder of testdata.
func files(t testing.TB, folder string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join("testdata", folder, "*"))
	require.NoError(t, err)
	require.NotEmpty(t, all)
	var sources []string
	for _, f := range all {
		if filepath.Ext(f) != ".golden" {
			sources = append(sources, f)
		}
	}
	return sources
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	return source
}

func parse(t testing.TB, source string) *scenarios.Set {
	t.Helper()
	set, err := scenarios.Parse("test.yaml", []byte(source))
	require.NoError(t, err)
	return set
}

func TestGoodFilesAreRead(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, "good") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			source := read(t, file)
			set, err := scenarios.Parse(file, source)
			require.NoError(t, err)
			require.Equal(t, string(source), string(set.YAML()))
		})
	}
}

// Every fault of a bad file is told, with its place and in the order of the file.
func TestBadFilesAreRefused(t *testing.T) {
	t.Parallel()
	for _, file := range append(files(t, "structure"), files(t, "contradiction")...) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			_, err := scenarios.Parse(filepath.Base(file), read(t, file))
			require.Error(t, err)
			got, golden := err.Error()+"\n", file+".golden"
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
			}
			require.Equal(t, string(read(t, golden)), got)
			var faults scenarios.Errors
			require.ErrorAs(t, err, &faults)
			requirePlaces(t, faults)
		})
	}
}

func requirePlaces(t require.TestingT, faults scenarios.Errors) {
	for i, f := range faults {
		require.Positive(t, f.Line, f.Error())
		require.Positive(t, f.Column, f.Error())
		require.NotEmpty(t, f.Message)
		if i > 0 {
			before := faults[i-1]
			require.True(t, before.Line < f.Line || (before.Line == f.Line && before.Column <= f.Column), "%v before %v",
				before, f)
		}
	}
}

func TestUnknownKeyNamesPlaceAndNearest(t *testing.T) {
	t.Parallel()
	source := "version: 1\nscenarios:\n  - name: a\n    description: b\n    limit: 1\n    when: {}\n    paymnt: {}\n"
	_, err := scenarios.Parse("decline.yaml", []byte(source))
	require.EqualError(t, err, `decline.yaml:7:5: unknown key "paymnt", did you mean "payment"?`)
	_, err = scenarios.Parse("", []byte(source))
	require.EqualError(t, err, `line 7, column 5: unknown key "paymnt", did you mean "payment"?`)
}

func TestEverythingIsRead(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Parse("everything.yaml", read(t, "testdata/good/everything.yaml"))
	require.NoError(t, err)
	s, ok := set.Find("flaky-then-paid")
	require.True(t, ok)
	require.Equal(t, scenarios.Place{File: "everything.yaml", Line: 3, Column: 5}, s.Place)
	require.Equal(t, ">= 100 and < 5000", s.When.Amount.String())
	require.Equal(t, `"TRY" or "USD"`, s.When.Currency.String())
	require.Equal(t, 3, s.Limit)
	require.Equal(t, &scenarios.Create{
		Delay:   scenarios.Delay{Min: 300 * time.Millisecond, Max: 300 * time.Millisecond},
		Respond: &scenarios.Respond{Status: 503}, Times: 2,
	}, s.Create)
	require.Equal(t, &scenarios.Payer{
		Action: scenarios.Pay, After: 2 * time.Second, Card: "5528790000000008", InstallmentCount: 3,
	}, s.Payer)
	second := scenarios.Delay{Min: time.Second, Max: time.Second}
	require.Equal(t, scenarios.Payments{{
		Status: payment.Failed, ResultCode: "51", ResultMessage: "Not sufficient funds", Delay: second,
		Fields: scenarios.Fields{{Name: "domInt", Value: []byte(`"INT"`)}},
	}}, s.Payment)
	require.Equal(t, &scenarios.Callback{
		Via: scenarios.ViaServer, Retry: &scenarios.Retry{Documented: true}, Deliveries: []scenarios.Delivery{
			{After: 5 * time.Second, Count: 1, As: scenarios.AsForm},
			{After: 6 * time.Second, Count: 2, Concurrently: true, As: scenarios.AsForm},
			{Count: 1, CheckoutID: scenarios.UnknownID, As: scenarios.AsForm},
			{Count: 1, As: scenarios.AsJSON},
		},
	}, s.Callback)
	require.Equal(t, &scenarios.Webhook{
		Retry: &scenarios.Retry{Waits: []time.Duration{10 * time.Second}}, Deliveries: []scenarios.Telling{
			{After: 5 * time.Second, Count: 2, Concurrently: true},
			{
				Count: 1, Signature: scenarios.WrongSignature, RequestTime: -10 * time.Minute, EventID: scenarios.NewEvent,
				EventType: "payment.created", Fields: scenarios.Fields{{Name: "amount", Value: []byte("1.00")}},
			},
		},
	}, s.Webhook)
	require.Equal(t, []scenarios.Step{
		{Respond: &scenarios.Respond{Status: 500}, Times: 2},
		{Delay: scenarios.Delay{Min: 6 * time.Second, Max: 6 * time.Second}, Times: 1},
		{Fields: scenarios.Fields{{Name: "amount", Value: []byte("1.00")}}},
	}, s.Status)

	s, _ = set.Find("by-api")
	require.Equal(t, "payment, 3ds, refund", s.When.Operation.String())
	require.Equal(t, "SALE, REFUND", s.When.TransactionType.String())
	require.Equal(t, &scenarios.ThreeDSecure{Outcome: scenarios.WrongSecurityKey}, s.ThreeDSecure)
	require.Equal(t, &scenarios.Create{
		Delay: second, Respond: &scenarios.Respond{Status: 406, MessageCode: "NOT_SAME_DAY"}, Times: 2, Created: true,
	}, s.Cancel)
	require.Equal(t, &scenarios.Refund{
		Create: scenarios.Create{Fault: scenarios.Reset, Times: 1}, Decision: scenarios.BankRejects, After: 2 * time.Hour,
	}, s.Refund)
	s, _ = set.Find("by-pre-authorization")
	require.Equal(t, scenarios.Empty, s.Capture.Fault)
	require.Equal(t, scenarios.WaitForApproval, s.Refund.Decision)
}

func TestShapesAreRead(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Parse("shapes.yaml", read(t, "testdata/good/shapes.yaml"))
	require.NoError(t, err)
	b, _ := set.Find("b")
	require.True(t, b.Create.Created)
	require.Equal(t, 1050*time.Millisecond, b.Create.Delay.At(0.5))
	second, ok := b.Payment.Attempt(7)
	require.True(t, ok)
	require.Equal(t, `{"y":[1,{"z":"ü"}]}`, `{"y":`+string(second.Fields[1].Value)+`}`)
	require.True(t, second.Fields[0].Removed())
	require.Equal(t, "-1.5e3", string(second.Fields[3].Value))
	require.Equal(t, []time.Duration{time.Second, 90 * time.Second}, b.Callback.Retry.Waits)
	require.Equal(t, `{"message":"slow down"}`, string(b.Status[1].Respond.Body))
	require.Equal(t, "application/json", b.Status[1].Respond.ContentType)
	require.Equal(t, 30*time.Second, b.Status[1].Respond.RetryAfter)
	c, _ := set.Find("c")
	require.Equal(t, "text/html; charset=utf-8", c.Create.Respond.ContentType)
	require.True(t, c.Create.Refuses(1))
	require.False(t, c.Create.Refuses(2))
	d, _ := set.Find("d")
	require.False(t, d.Create.Refuses(1))
	require.Equal(t, time.Minute, d.Create.ExpiresAfter)
}

func TestAnchorsAreReadAndWrittenOut(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Load([]string{"testdata/good/anchors.yaml", "testdata/good/list.json", "builtin:success"})
	require.NoError(t, err)
	again, err := scenarios.Parse("joined", set.YAML())
	require.NoError(t, err, "%s", set.YAML())
	for _, s := range []*scenarios.Set{set, again} {
		require.Len(t, s.Scenarios(), 5)
		first, _ := s.Find("first")
		second, _ := s.Find("second")
		third, _ := s.Find("third")
		require.Equal(t, "51", first.Payment[0].ResultCode)
		require.Equal(t, "05", second.Payment[0].ResultCode)
		require.Equal(t, payment.Failed, second.Payment[0].Status)
		require.Equal(t, first.Callback, second.Callback)
		require.Equal(t, first.Payment, third.Payment)
		json, _ := s.Find("json")
		require.Equal(t, `"a/b"`, string(json.Payment[0].Fields[1].Value))
		require.Equal(t, "1.00", string(json.Payment[0].Fields[0].Value))
	}
}

func TestStepsAreUsedUpInOrder(t *testing.T) {
	t.Parallel()
	set := parse(t, `{version: 1, scenarios: [{name: a, status: [{times: 2, delay: 1s}, {times: 1, fault: reset}]}]}`)
	s, _ := set.Find("a")
	for n, want := range []time.Duration{time.Second, time.Second, 0} {
		step, ok := s.StepAt(n + 1)
		require.True(t, ok)
		require.Equal(t, want, step.Delay.Min)
	}
	_, ok := s.StepAt(4)
	require.False(t, ok)
}

func TestLargeAndEndlessFilesAreRefusedQuickly(t *testing.T) {
	t.Parallel()
	head := "version: 1\nscenarios:\n  - name: a\n    payment:\n      fields:\n"
	bomb := head + "        a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 12; i++ {
		bomb += fmt.Sprintf("        a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9))
	}
	merges := "version: 1\nm0: &m0 {a: 1}\n"
	for i := 1; i < 40; i++ {
		merges += fmt.Sprintf("m%d: &m%d {<<: [*m%d, *m%d]}\n", i, i, i-1, i-1)
	}
	for name, source := range map[string]string{
		"bomb":   bomb,
		"merges": merges + "<<: *m39\n",
		"cycle":  "version: 1\nscenarios: &a [*a]\n",
		"merged": "&a\n<<: *a\nversion: 1\n",
		"long text": head + "        a: &a " + strings.Repeat("x", 500_000) + "\n        b: [" + strings.Repeat("*a, ",
			1000) + "]\n",
		"deep":      head + "        a: " + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000),
		"too deep":  strings.Repeat("[", 500_000),
		"deep map":  strings.Repeat("{a: ", 250_000),
		"huge":      strings.Repeat("x", 1<<20+1),
		"many":      "version: 1\nscenarios:\n" + strings.Repeat("- 1\n", 250_000),
		"dashes":    strings.Repeat("- ", 500_000),
		"questions": strings.Repeat("? ", 500_000),
		"colons":    strings.Repeat("a: ", 300_000),
		"anchors":   strings.Repeat("&a ", 300_000),
		"comments":  strings.Repeat("#\n", 500_000),
		"parens":    "version: 1\nscenarios: [{name: a, when: {expr: '" + strings.Repeat("(", 500_000) + "'}}]",
		"expr":      "version: 1\nscenarios: [{name: a, when: {expr: '" + strings.Repeat("-", 1900) + "1 > 0'}}]",
	} {
		t.Run(name, func(t *testing.T) {
			started := time.Now()
			_, err := scenarios.Parse("f.yaml", []byte(source))
			var faults scenarios.Errors
			require.ErrorAs(t, err, &faults)
			requirePlaces(t, faults)
			require.LessOrEqual(t, len(faults), 100)
			require.Less(t, len(err.Error()), 50_000)
			require.Less(t, time.Since(started), 20*time.Second) // generous: a slow machine with the race detector
			t.Log(time.Since(started), faults[0])
		})
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name, source string) string {
		file := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(file, []byte(source), 0o600))
		return file
	}
	write("b.yml", "{version: 1, scenarios: [{name: b}]}")
	write("a.yaml", "{version: 1, scenarios: [{name: a}]}")
	write("c.json", `{"version": 1, "scenarios": [{"name": "c"}]}`)
	write("schema.json", "{}")
	write("notes.txt", "?")
	require.NoError(t, os.Mkdir(filepath.Join(folder, "d.yaml"), 0o700))
	set, err := scenarios.Load([]string{"builtin:insufficient-funds", folder})
	require.NoError(t, err)
	require.Equal(t, []string{"insufficient-funds", "a", "b", "c"}, names(set))
	set, err = scenarios.Load(nil)
	require.NoError(t, err)
	require.Empty(t, set.Scenarios())

	again := write("again.txt", "{version: 1, scenarios: [{name: a, x: 1}, {name: b}]}")
	clash := write("clash.txt", "{version: 1, scenarios: [{name: b}]}")
	_, err = scenarios.Load([]string{
		again, "builtin:sucess", filepath.Join(folder, "d.yaml"),
		filepath.Join(folder, "gone"), folder, clash,
	})
	require.EqualError(t, err, strings.Join([]string{
		again + `:1:36: unknown key "x", known are callback, cancel, capture, create, description, limit, name, ` +
			`payer, payment, refund, status, threeDSecure, webhook, when`,
		`builtin:sucess: unknown scenario "sucess", did you mean "success"?`,
		filepath.Join(folder, "d.yaml") + `: the folder has no scenario file, they end in .yaml, .yml or .json, and begin ` +
			`with no dot`,
		filepath.Join(folder, "gone") + `: cannot read scenarios: no such file or directory`,
		clash + `:1:26: there are two scenarios named "b", the first is at ` + filepath.Join(folder, "b.yml") + `:1:26`,
	}, "\n"))
}

func names(s *scenarios.Set) []string {
	var all []string
	for _, one := range s.Scenarios() {
		all = append(all, one.Name)
	}
	return all
}

func TestNilSetIsEmpty(t *testing.T) {
	t.Parallel()
	var s *scenarios.Set
	require.Empty(t, s.Scenarios())
	require.Empty(t, s.Lint())
	require.Empty(t, s.Nearest("a"))
	require.Nil(t, s.Match(scenarios.Facts{}, nil))
	require.Empty(t, s.Explain(scenarios.Facts{}, nil).Winner)
	again, err := scenarios.Parse("", s.YAML())
	require.NoError(t, err)
	require.Empty(t, again.Scenarios())
}

func TestToken(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ORD-1-mock:insufficient-funds": "insufficient-funds",
		"mock:slow-bank, please":        "slow-bank",
		"x mock:a- b":                   "a",
		"mock:":                         "",
		"mock: a":                       "",
		"ORD-1":                         "",
	} {
		got, ok := scenarios.Token(text)
		require.Equal(t, want, got, text)
		require.Equal(t, want != "", ok, text)
	}
}

// Whatever is thrown at it: no panic, every fault has its place, and what is taken can be written
// and taken again.
func FuzzParse(f *testing.F) {
	for _, folder := range []string{"good", "structure", "contradiction"} {
		for _, file := range files(f, folder) {
			f.Add(read(f, file))
		}
	}
	for _, name := range scenarios.Builtins() {
		f.Add(read(f, name+".yaml"))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		started := time.Now()
		set, err := scenarios.Parse("fuzz.yaml", source)
		if took := time.Since(started); took > 10*time.Second {
			t.Fatalf("took %s", took)
		}
		if err != nil {
			var faults scenarios.Errors
			require.ErrorAs(t, err, &faults)
			requirePlaces(t, faults)
			return
		}
		require.True(t, bytes.Equal(source, set.YAML()))
		set.Lint()
		set.Explain(facts(t, "100.50", "TRY"), nil)
		_, err = scenarios.Parse("again.yaml", set.YAML())
		require.NoError(t, err)
	})
}

func facts(t require.TestingT, amount, currency string) scenarios.Facts {
	a, err := payment.ParseAmount(amount, currency)
	require.NoError(t, err)
	return scenarios.Facts{OrderID: "ORD-1", CustomerID: "vip-7", Description: "a gift", Amount: a}
}
