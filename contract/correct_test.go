package contract_test

import (
	"os/exec"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/extent"
)

// correct are the example shops, and what each needs of the machine: a command that goes well, or a file
// that is there, with how to get it.
var correct = map[string]struct {
	files  string
	needs  []string
	remedy string
}{
	"express": {"/express/shop.js", []string{"node", "--eval", "require('" + merchants +
		"/express/node_modules/express')"}, "run npm ci in testdata/merchants/express"},
	"node":   {"/node/shop.js", []string{"node", "--version"}, "install Node.js 20 or newer"},
	"python": {"/python/shop.py", []string{"python3", "--version"}, "install Python 3.9 or newer"},
	"go":     {"/go/*.go", []string{"go", "version"}, "install Go"},
	"php": {"/php/*.php", []string{"php", "-r", "exit((int) !(extension_loaded('curl') && " +
		"extension_loaded('pcntl')));"}, "install PHP 8.1 or newer with curl and pcntl"},
	"java": {"/java/Shop.java", []string{"java", "--version"}, "install a JDK 17 or newer"},
}

// unseen are the rules that nothing can be said of with the example shops. They ask for a payment when a
// callback or a customer comes, and the harness cannot see that no callback would have been needed. All but the one in
// Express offer no instalments. All keep their orders in memory, and have forgotten them after a restart.
var unseen = []string{"RESIL-003", "FLOW-013", "IDEM-008"}

// No rule fails in a shop that is right, and what cannot be judged is known. With -short every tenth rule is asked of
// each shop, or every twenty-fifth.
func TestCorrectMerchant(t *testing.T) {
	t.Parallel()
	for name, shop := range correct {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			readAll(t, merchants+shop.files)
			if out, err := exec.Command(shop.needs[0], shop.needs[1:]...).CombinedOutput(); err != nil {
				extent.Required(t, shop.remedy+": "+err.Error()+"\n"+string(out))
			}
			config, err := contract.LoadConfig(merchants + "/" + name + "/verify.yaml")
			require.NoError(t, err)
			config.Rules, config.FailOn = extent.Every(10, 25, affordable()), report.Advisory
			got, err := contract.Verify(t.Context(), config, contract.Options{})
			require.NoError(t, err)
			require.Empty(t, broken(got.Report), seen(got.Report))
			require.Subset(t, slices.Concat(unseen, unasked(config)), with(got.Report, report.NotEvaluable), seen(got.Report))
			require.Equal(t, report.OK, got.Verdict, got.Reason)
		})
	}
}

// unasked are the rules about webhooks and refunds, if a config names none.
func unasked(c contract.Config) (ids []string) {
	for _, r := range contract.Rules() {
		noWebhook := r.Family() == "WEBHOOK" && c.Webhook.URL == ""
		noRefund := r.Family() == "REFUND" && c.Refund.Request.IsZero()
		if noWebhook || noRefund {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// The shop that has no bug is right, and all that it is held to can be seen.
func TestBuggyMerchantWithoutABugGivesMoneyBackRightly(t *testing.T) {
	t.Parallel()
	program, err := buggy()
	require.NoError(t, err)
	for name, unusual := range map[string][]string{"usual": nil, "by a worker": {"--unusual", "by-worker"}} {
		at := newPort(t)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := alsoAsked(asked(t, at), at)
			config.Shop.Command, config.Rules = append([]string{program}, unusual...), moneyBack
			got, err := contract.Verify(t.Context(), config, contract.Options{})
			require.NoError(t, err)
			require.Empty(t, broken(got.Report), seen(got.Report))
			require.Empty(t, with(got.Report, report.NotEvaluable), seen(got.Report))
		})
	}
}

// A shop in the test's own process learns the secret of webhooks where it learns its key.
func TestStartedShopLearnsTheWebhookSecret(t *testing.T) {
	t.Parallel()
	s := &shop{}
	config := configFor(t, s)
	config.Webhook = contract.Webhook{URL: "{{shop}}/webhook", Secret: "my-webhook-secret"}
	config.Rules = []string{"WEBHOOK-001"}
	got, err := contract.Verify(t.Context(), config, contract.Options{})
	require.NoError(t, err)
	require.Equal(t, "my-webhook-secret", s.payporter.WebhookSecret)
	require.Equal(t, []string{"WEBHOOK-001"}, broken(got.Report), "this shop takes no webhooks")
}

// A shop whose config names no webhook and no refund is not judged by them, and told so.
func TestWithoutWebhookAndRefundNothingIsJudgedOfThem(t *testing.T) {
	t.Parallel()
	config := configFor(t, &shop{})
	config.Rules = append([]string{"FLOW-003"}, moneyBack...)
	got, err := contract.Verify(t.Context(), config, contract.Options{})
	require.NoError(t, err)
	require.Equal(t, report.OK, got.Verdict, got.Reason)
	for _, r := range got.Rules {
		switch r.Family {
		case "WEBHOOK":
			require.Equal(t, report.NotEvaluable, r.Result, r.ID)
			require.Equal(t, "not judged: no webhook in verify.yaml", r.Seen, r.ID)
		case "REFUND":
			require.Equal(t, report.NotEvaluable, r.Result, r.ID)
			require.Equal(t, "not judged: no refund in verify.yaml", r.Seen, r.ID)
		}
	}
}

// affordable are all rules, without the slow ones when something may be left out.
func affordable() []string {
	if everything {
		return nil
	}
	var ids []string
	for _, r := range contract.Rules() {
		if !slices.Contains(slow, r.ID) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
