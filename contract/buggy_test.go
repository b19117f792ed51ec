package contract_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// The shops of testdata/merchants prove the harness: it must find nothing wrong with the correct ones,
// and with the buggy one the bug that it was told to have, and nothing else.
const merchants = "../testdata/merchants"

// bug is one switch of the buggy shop, as its list says.
type bug struct {
	Name, About, Rule string
	Also              []string
	Slow              bool
}

// TestMain takes the program of the buggy shop away when no test needs it any more.
func TestMain(m *testing.M) {
	flag.Parse()
	extent.Spacious()
	extent.Together(6) // most of them wait for shops
	code := m.Run()
	if buggyDir != "" {
		_ = os.RemoveAll(buggyDir)
	}
	os.Exit(code)
}

// buggyDir is where the program is; empty: no test wanted it.
var buggyDir string

// buggy is the program of the buggy shop, built once.
var buggy = sync.OnceValues(func() (program string, err error) {
	dir, err := os.MkdirTemp("", "payporter-mock-buggy-")
	if err != nil {
		return "", err
	}
	buggyDir = dir
	program = filepath.Join(dir, "buggy")
	if out, err := exec.Command("go", "build", "-o", program, merchants+"/buggy").CombinedOutput(); err != nil {
		return program, fmt.Errorf("build the buggy shop: %w\n%s", err, out)
	}
	return program, nil
})

// everything is whether nothing may be left out, however long it takes.
var everything = extent.Everything() && !extent.Raced

// slow are the rules that wait in real time. A bug that is not theirs is judged by them only when
// nothing is left out.
var slow = []string{"TRUST-019", "RESIL-003", "RESIL-004", "RESIL-009", "RESIL-015", "RESIL-018"}

// together is how many shops are judged at a time. A run mostly waits, so they are more than there are
// processors.
const together = 16

// Each bug breaks the rule that is meant for it, and no rule of another cause. And without a rule, some
// bug goes unnoticed.
func TestBuggyMerchant(t *testing.T) {
	t.Parallel()
	readAll(t, merchants+"/buggy/*.go")
	program, err := buggy()
	require.NoError(t, err)
	bugs := extent.Every(12, 1, listed(t, program))
	if extent.Quick() {
		bugs = oneOfEachFamily(bugs)
	}
	verdicts := judgeAll(t, program, bugs)
	for i, b := range bugs {
		t.Run(b.Name, func(t *testing.T) {
			got := verdicts[i]
			require.NoError(t, got.err)
			t.Logf("%s, judged in %.1f s", b.About, got.Seconds)
			require.Contains(t, got.broken(), b.Rule, "the shop %s\n%s", b.About, got)
			require.Subset(t, append(b.Also, b.Rule), got.broken(), "the shop %s\n%s", b.About, got)
		})
	}
	if !extent.Whole() {
		return // without all bugs nobody knows which rule is idle
	}
	for _, rule := range contract.Rules() {
		t.Run("without "+rule.ID, func(t *testing.T) {
			if rule.Severity == report.Advisory {
				t.Skip("an advisory rule breaks no shop")
			}
			onlyThis := func(v verdict) bool {
				return slices.Equal(slices.DeleteFunc(v.broken(), func(id string) bool {
					return id != rule.ID && slices.Contains(besides, id) && slices.Contains(besides, rule.ID)
				}), []string{rule.ID})
			}
			require.True(t, slices.ContainsFunc(verdicts, onlyThis), "whatever breaks this rule breaks others, too: it is idle")
		})
	}
}

// oneOfEachFamily are the first bugs of each family of rules, but none that needs long.
func oneOfEachFamily(bugs []bug) (chosen []bug) {
	has := map[string]bool{}
	for _, b := range bugs {
		family, _, _ := strings.Cut(b.Rule, "-")
		if !b.Slow && !has[family] {
			has[family] = true
			chosen = append(chosen, b)
		}
	}
	return chosen
}

// besides are the rules that wait in real time and are judged beside each other: a shop that hangs for
// one of them hangs for all, so that none is the less needed for it.
var besides = []string{"TRUST-019", "RESIL-004", "RESIL-009", "RESIL-015"}

// readAll reads the files of a pattern, so that a cached result of a test does not outlive their change.
func readAll(t *testing.T, pattern string) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, paths, pattern)
	for _, path := range paths {
		_, err := os.ReadFile(path)
		require.NoError(t, err)
	}
}

func listed(t *testing.T, program string) []bug {
	t.Helper()
	out, err := exec.Command(program, "--list", "--json").Output()
	require.NoError(t, err)
	var bugs []bug
	require.NoError(t, json.Unmarshal(out, &bugs))
	return bugs
}

// verdict is what the harness says of a shop.
type verdict struct {
	contract.Judgement
	err error
}

// judgeAll runs the harness against the shop with each bug.
func judgeAll(t *testing.T, program string, bugs []bug) []verdict {
	t.Helper()
	verdicts := make([]verdict, len(bugs))
	free := make(chan struct{}, together)
	var all sync.WaitGroup
	for _, i := range slowFirst(bugs) {
		b := bugs[i]
		config := asked(t, newPort(t))
		config.Shop.Command, config.Rules = []string{program, "--bug", b.Name}, rulesFor(b, i)
		if b.ofMoneyBack() {
			config = alsoAsked(config, config.Shop.Env["PORT"])
		}
		free <- struct{}{}
		all.Go(func() {
			verdicts[i].Judgement, verdicts[i].err = contract.Verify(t.Context(), config, contract.Options{})
			<-free
		})
	}
	all.Wait()
	return verdicts
}

// slowFirst is in which order bugs are best judged, so that the end does not wait for one.
func slowFirst(bugs []bug) []int {
	var first, then []int
	for i, b := range bugs {
		if b.Slow {
			first = append(first, i)
		} else {
			then = append(then, i)
		}
	}
	return append(first, then...)
}

// asked is how the buggy shop is asked, which is how the one in Go is asked, at a port.
func asked(t *testing.T, port string) contract.Config {
	t.Helper()
	source, err := os.ReadFile(merchants + "/go/verify.yaml")
	require.NoError(t, err)
	config, err := contract.ParseConfig("verify.yaml", bytes.ReplaceAll(source, []byte("{{port}}"), []byte(port)))
	require.NoError(t, err)
	config.Shop.Env = map[string]string{"PORT": port, "ORDERS": filepath.Join(t.TempDir(), "orders.json")}
	return config
}

// moneyBack are the families of rules that a shop is only held to when its config names a webhook and a refund.
var moneyBack = []string{"WEBHOOK", "REFUND"}

// ofMoneyBack reports whether a bug is about webhooks or refunds.
func (b bug) ofMoneyBack() bool {
	family, _, _ := strings.Cut(b.Rule, "-")
	return slices.Contains(moneyBack, family)
}

// alsoAsked is a config with the buggy shop's webhook and how it gives money back.
func alsoAsked(c contract.Config, port string) contract.Config {
	at := "http://127.0.0.1:" + port
	c.Webhook = contract.Webhook{URL: at + "/webhook"}
	c.Refund.Request = contract.Request{
		Method: "POST", URL: at + "/orders/{{orderId}}/refund", JSON: map[string]any{"amount": "{{amount}}"},
	}
	c.State.Refunded = contract.Extract{JSON: "$.refunded"}
	return c
}

// ports are where the next shop is looked for a port, in a range from which neither the system nor a harness gives any.
// All tests of the process take from it: a port that was only just found free has no listener yet.
var ports struct {
	sync.Mutex
	next int
}

// newPort gives out a port that nobody listens on, each once, so that two shops that start at the same moment never
// meet.
func newPort(t *testing.T) string {
	ports.Lock()
	defer ports.Unlock()
	const first, many = 15_000, 5_000
	if ports.next == 0 {
		ports.next = os.Getpid() * 100
	}
	for range many {
		port := first + ports.next%many
		ports.next++
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		require.NoError(t, listener.Close())
		return fmt.Sprint(port)
	}
	require.Fail(t, "no port is free")
	return ""
}

// rulesFor are the rules that a bug must break or may break, and a share of the others, another one for
// each bug.
func rulesFor(b bug, n int) []string {
	if everything && !b.Slow && !b.ofMoneyBack() {
		return nil
	}
	chosen := append([]string{b.Rule}, b.Also...)
	share := 8
	if everything && b.ofMoneyBack() {
		share = 4 // the families' own rules are few, and their bugs change nothing that others are about
	}
	for i, r := range contract.Rules() {
		if !b.Slow && (i+n)%share == 0 && !slices.Contains(slow, r.ID) {
			chosen = append(chosen, r.ID)
		}
	}
	return chosen
}

func (v verdict) broken() []string { return broken(v.Report) }

// String says what was found, for a person who wonders.
func (v verdict) String() string { return seen(v.Report) }

func broken(r report.Report) []string { return with(r, report.Failed) }

// with are the rules with this result.
func with(r report.Report, result report.Result) []string {
	var ids []string
	for _, rule := range r.Rules {
		if rule.Result == result {
			ids = append(ids, rule.ID)
		}
	}
	return ids
}

// seen says what was seen of the rules that did not pass.
func seen(r report.Report) string {
	var all strings.Builder
	for _, rule := range r.Rules {
		if rule.Result == report.Failed || rule.Result == report.NotEvaluable {
			fmt.Fprintf(&all, "%s %s: %s\n", rule.ID, rule.Result, rule.Seen)
		}
	}
	return all.String()
}
