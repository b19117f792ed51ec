package provider_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	payporter "github.com/payporter-mock/payporter-mock"
	"github.com/payporter-mock/payporter-mock/contract/provider"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

func TestOurOwnSandboxPassesEveryRule(t *testing.T) {
	t.Parallel()
	r := judge(t, config(serve(t, sandbox(t))))
	require.Len(t, with(report.Passed, r), len(provider.Rules()), tell(r))
	require.Equal(t, report.OK, r.Verdict)
	require.Less(t, r.Requests, provider.MostRequests)
	for _, rule := range r.Rules {
		require.NotEmpty(t, rule.Seen, rule.ID)
	}

	operations := 0
	for _, item := range r.Coverage.Items {
		if item.Kind == "operation" {
			operations++
			require.Positive(t, item.Count, item.Name)
		}
	}
	require.Equal(t, 11, operations)
}

func TestWithoutAPayHookNothingIsClaimedOfPayments(t *testing.T) {
	t.Parallel()
	c := config(serve(t, sandbox(t)))
	c.Sandbox = false
	r := judge(t, c)
	require.Empty(t, with(report.Failed, r), tell(r))
	for _, rule := range r.Rules {
		if rule.Family == "PAID" || rule.Family == "CALLBACK" {
			require.Equal(t, report.NotEvaluable, rule.Result, rule.ID)
			require.NotEmpty(t, rule.Seen, rule.ID)
		}
	}
}

// A run leaves the webhooks of the merchant alone that has some already.
func TestWebhooksOfTheMerchantAreLeftAlone(t *testing.T) {
	t.Parallel()
	c := config(serve(t, sandbox(t)))
	webhook := func(method, body string) string {
		req, err := http.NewRequestWithContext(t.Context(), method, c.BaseURL+"/_mock/webhook?merchant="+c.APIKey,
			strings.NewReader(body))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer res.Body.Close()
		answer, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, res.StatusCode, "%s", answer)
		return string(answer)
	}

	webhook(http.MethodPut, `{"url":"http://127.0.0.1:9/mine","secret":"a-secret-of-mine"}`)
	c.Rules = []string{"webhook"}
	r := judge(t, c)

	require.Contains(t, webhook(http.MethodGet, ""), "http://127.0.0.1:9/mine")
	require.Empty(t, with(report.Failed, r), tell(r))
	require.Contains(t, tell(r), "its webhooks go to http://127.0.0.1:9/mine already: run this with another key")
}

func TestCommandAsPayHook(t *testing.T) {
	t.Parallel()
	base := serve(t, sandbox(t))
	binary, err := os.Executable()
	require.NoError(t, err)

	t.Run("pays and fails as it is told", func(t *testing.T) {
		t.Parallel()
		c := config(base)
		c.Pay, c.Rules = provider.CommandHook(payAt+"="+base+" '"+binary+"'", new(bytes.Buffer)),
			[]string{"PROV-401", "PROV-408", "PROV-409", "callback"}
		r := judge(t, c)
		require.Empty(t, with(report.Failed, r), tell(r))
		require.Contains(t, with(report.Passed, r), "PROV-401")
		require.Contains(t, with(report.Passed, r), "PROV-409")
		require.Contains(t, with(report.Passed, r), "PROV-507")
	})
	t.Run("that goes wrong says why nothing can be judged", func(t *testing.T) {
		t.Parallel()
		c := config(base)
		var said bytes.Buffer
		c.Pay, c.Rules = provider.CommandHook("echo no browser here with "+c.APISecret+"; exit 3", &said),
			[]string{"PAID", "CALLBACK"}
		r := judge(t, c)
		require.Len(t, with(report.NotEvaluable, r), 21, tell(r))
		require.Contains(t, tell(r), "the checkout could not be paid: the pay hook: exit status 3: no browser here with ***")
		require.Contains(t, said.String(), "no browser here")
	})
}

func TestAnnouncedAddressOfCallbacks(t *testing.T) {
	t.Parallel()
	addr := addressToListen(t)
	c := config(serve(t, sandbox(t)))
	c.Listen, c.CallbackURL, c.Rules = addr, "http://localhost:"+addr[strings.LastIndex(addr, ":")+1:]+"/tunnel/",
		[]string{"PROV-501", "PROV-508"}
	r := judge(t, c)
	require.Equal(t, []string{"PROV-501", "PROV-508"}, with(report.Passed, r), tell(r))
}

// addressToListen is an address that nobody listens on, in a range from which the system gives no ports to others.
func addressToListen(t *testing.T) string {
	t.Helper()
	for port := 10_000 + os.Getpid()%4_000; port < 15_000; port++ {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			require.NoError(t, listener.Close())
			return listener.Addr().String()
		}
	}
	require.Fail(t, "no port is free")
	return ""
}

func TestRulesCanBeChosen(t *testing.T) {
	t.Parallel()
	c := config(serve(t, sandbox(t)))
	c.Rules = []string{"auth", " prov-302"}
	r := judge(t, c)
	require.Len(t, with(report.Passed, r), 12, tell(r))
	require.Len(t, with(report.Skipped, r), len(provider.Rules())-12)
	require.Less(t, r.Requests, 25, "no more than what they need")

	c.Rules = []string{"AUTH", "PROV-999"}
	_, err := provider.Run(context.Background(), c)
	require.EqualError(t, err, `rules "PROV-999": there is no such rule or family; families are AUTH, CREATE, FIELD, `+
		`STATUS, PAID, CALLBACK, HTTP, PAYMENT, INSTALMENT, PREAUTH, 3DS, CANCEL, REFUND, WEBHOOK`)
}

func TestConfigSaysEverythingThatIsWrong(t *testing.T) {
	t.Parallel()
	err := provider.Config{
		BaseURL: "ftp://x", OtherKey: "a", CallbackURL: "here", Listen: "8080", Timeout: -1, Rules: []string{"x"},
	}.Validate()
	for _, want := range []string{
		"base-url", "api-key and api-secret", "other-api-key and other-api-secret",
		"callback-url", "listen", "timeout", "rules",
	} {
		require.ErrorContains(t, err, want)
	}
	require.ErrorContains(t, provider.Config{
		BaseURL: "http://x", APIKey: "a", APISecret: "b", OtherKey: "a",
		OtherSecret: "c",
	}.Validate(), "another merchant's")
}

func TestUnreachableServerIsOneSentence(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	_, err := provider.Run(context.Background(), config(s.URL))
	var unreachable *provider.Unreachable
	require.ErrorAs(t, err, &unreachable)
	require.ErrorContains(t, err, "the server at "+s.URL+" does not answer: ")
	require.NotContains(t, err.Error(), "\n")
}

// A server that has just started is judged all the same, and its first answer, too.
func TestFirstAnswerThatIsNotWholeIsAFinding(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(w http.ResponseWriter, r *http.Request){
		"truncated": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"checkoutId":`)) // the harness may have gone
		},
		"slow": func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // so that the end of the connection is seen
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			right := sandbox(t)
			c := config(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if requests.Add(1) == 1 {
					fault(w, r)
					return
				}
				right.ServeHTTP(w, r)
			})))
			c.Sandbox, c.Rules, c.Timeout = false, []string{"PROV-101", "PROV-102", "PROV-301"}, 2*time.Second
			r := judge(t, c)
			require.Equal(t, []string{"PROV-101"}, with(report.Failed, r), tell(r))
			require.Contains(t, tell(r), "the first create got no answer: ")
			require.Equal(t, []string{"PROV-102", "PROV-301"}, with(report.Passed, r), tell(r))
		})
	}
}

// Where no answer is whole, every rule is judged that can be.
func TestServerWhoseAnswersAreAllTruncatedIsJudged(t *testing.T) {
	t.Parallel()
	c := config(serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte(`{"checkoutId":`)) // the harness may have gone
	})))
	c.Sandbox = false
	r := judge(t, c)
	require.Equal(t, report.NotOK, r.Verdict)
	require.Contains(t, with(report.Failed, r), "PROV-101")
}

func TestServerThatStopsAnsweringEndsTheRun(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	right := sandbox(t)
	base := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) > 30 {
			panic(http.ErrAbortHandler)
		}
		right.ServeHTTP(w, r)
	}))
	_, err := provider.Run(context.Background(), config(base))
	var unreachable *provider.Unreachable
	require.ErrorAs(t, err, &unreachable)
	require.ErrorContains(t, err, "it stopped answering at PROV-2")
	require.Less(t, requests.Load(), int64(60), "net/http tries some of them twice")
}

func TestPatienceIsGivenAndBounded(t *testing.T) {
	t.Parallel()
	limited := func(times int64) (http.Handler, *atomic.Int64) {
		var requests atomic.Int64
		right := sandbox(t)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if requests.Add(1) <= times {
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = w.Write([]byte(`{"message":"slow down"}`)) // the harness may have gone
				return
			}
			right.ServeHTTP(w, r)
		}), &requests
	}
	t.Run("for a while", func(t *testing.T) {
		t.Parallel()
		h, _ := limited(3)
		c := config(serve(t, h))
		c.Sandbox, c.Rules = false, []string{"PROV-101", "PROV-614"}
		r := judge(t, c)
		require.Equal(t, []string{"PROV-101", "PROV-614"}, with(report.Passed, r), tell(r))
		require.Equal(t, 4, r.Requests)
	})
	t.Run("not for ever", func(t *testing.T) {
		t.Parallel()
		h, requests := limited(1 << 40)
		r := judge(t, config(serve(t, h)))
		require.Contains(t, with(report.Failed, r), "PROV-101")
		require.LessOrEqual(t, requests.Load(), int64(provider.MostRequests))
	})
	t.Run("and what it does not suffice for is not held against the server", func(t *testing.T) {
		t.Parallel()
		var requests atomic.Int64
		right := sandbox(t)
		r := judge(t, config(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n := requests.Add(1); n > 50 && n%2 == 0 {
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = w.Write([]byte(`{"message":"slow down"}`)) // the harness may have gone
				return
			}
			right.ServeHTTP(w, r)
		}))))
		require.Empty(t, with(report.Failed, r), tell(r))
		require.Equal(t, provider.MostRequests, r.Requests)
		require.Contains(t, tell(r), "more patience than this run has: at most 400 requests")
	})
	t.Run("as long as the server says", func(t *testing.T) {
		t.Parallel()
		right, first := sandbox(t), atomic.Bool{}
		c := config(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if first.CompareAndSwap(false, true) {
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			right.ServeHTTP(w, r)
		})))
		var waited []time.Duration
		c.Waiting, c.Rules = func(d time.Duration) { waited = append(waited, d) }, []string{"PROV-101"}
		require.Empty(t, with(report.Failed, judge(t, c)))
		require.Equal(t, []time.Duration{time.Second}, waited)
	})
}

func TestNothingIsSentElsewhere(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int64
	other := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	right := sandbox(t)
	base := serve(t, created(func(a *answer) {
		a.body["redirectUrl"] = other + "/checkout-link/" +
			a.body["checkoutId"].(string)
	})(t,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && r.URL.Path != "/" {
				http.Redirect(w, r, other+r.URL.Path, http.StatusFound)
				return
			}
			right.ServeHTTP(w, r)
		})))
	r := judge(t, config(base))
	require.Contains(t, with(report.Failed, r), "PROV-301")
	require.Contains(t, with(report.NotEvaluable, r), "PROV-106")
	require.Zero(t, elsewhere.Load())
}

func TestReportHasNoSecretsAndNoCards(t *testing.T) {
	t.Parallel()
	c := config(serve(t, put("SUCCESS", "pan", "5421190122090656")(t, created(func(a *answer) {
		a.body["debug"] = "is " +
			mockSecret
	})(t, sandbox(t)))))
	r := judge(t, c)
	require.Equal(t, []string{"PROV-403", "PROV-616"}, with(report.Failed, r), tell(r))
	raw, err := json.Marshal(r.Report)
	require.NoError(t, err)
	require.NotContains(t, string(raw), "5421190122090656")
	require.NotContains(t, string(raw), mockSecret)
	require.Contains(t, string(raw), "***")
	var written bytes.Buffer
	require.NoError(t, r.WriteJSON(&written))
	_, err = report.Read(&written)
	require.NoError(t, err, "it is as the schema of reports says")
}

func TestRunCanBeBrokenOff(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	c := config(serve(t, sandbox(t)))
	c.Progress = &stopper{at: "PROV-003", cancel: cancel}
	_, err := provider.Run(ctx, c)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "broken off at PROV-003")
}

// stopper ends a run at a rule.
type stopper struct {
	at     string
	cancel context.CancelFunc
}

func (s *stopper) Begin(r report.Rule) {
	if r.ID == s.at {
		s.cancel()
	}
}
func (*stopper) Judged(report.Rule) {}

func TestTableIsInOrder(t *testing.T) {
	t.Parallel()
	var ids []string
	for _, r := range provider.Rules() {
		ids = append(ids, r.ID)
		for _, text := range []string{r.Family, r.Title, r.Expected, r.Advice} {
			require.NotEmpty(t, text, r.ID)
		}
		require.Regexp(t, `^(documented|assumed)(: |$)`, r.Source, r.ID)
		if strings.HasPrefix(r.Source, "assumed") && r.ID != "PROV-509" && r.ID != "PROV-616" { // those two are about secrets
			require.Contains(t, []report.Severity{report.Minor, report.Advisory}, r.Severity, "%s is assumed", r.ID)
		}
	}
	require.True(t, slices.IsSorted(ids), ids)
	require.Len(t, slices.Compact(slices.Clone(ids)), len(ids), "every id is there once")
	require.GreaterOrEqual(t, len(ids), 35)
}

// A field that the description gains must get its rules.
func TestEveryFieldOfAnOrderHasItsRules(t *testing.T) {
	t.Parallel()
	document, err := openapi.Parse(payporter.OpenAPI())
	require.NoError(t, err)
	create, _ := document.Operation("createCheckout")
	titles := ""
	for _, r := range provider.Rules() {
		titles += r.Title + "\n"
	}
	for _, f := range create.Properties() {
		require.Contains(t, titles, "A value of "+f.Name+" that is not ", "its type")
		if f.Required {
			require.Contains(t, titles, "An order without "+f.Name+" is refused")
		}
		if f.MaxLength > 0 || f.Maximum != nil {
			require.Regexp(t, `(?m)^`+f.Name+` (has|is)`, titles, "its limits")
		}
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	const file = "CHECKS.md"
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(provider.Page()), 0o644))
	}
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(kept), provider.Page(), "run: go test ./contract/provider -run Page -update")
}
