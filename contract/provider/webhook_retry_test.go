package provider_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/provider"
	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/mock"
)

// retryRules are those about a webhook that is refused.
var retryRules = []string{"PROV-885", "PROV-886", "PROV-887", "PROV-890", "PROV-891"}

// Whether a webhook that is sent again has a time of its own is agreed upon, not documented.
func TestTimeOfWebhooksThatAreSentAgainIsThatOfTheSetting(t *testing.T) {
	t.Parallel()
	for _, served := range []mock.WebhookRetryTime{mock.WebhookRefresh, mock.WebhookKeep} {
		srv := mock.Start(t, mock.Config{WebhookRetryTime: served})
		for _, agreed := range []provider.RetryTime{provider.Refresh, provider.Keep} {
			c := config(srv.URL)
			c.Rules, c.RetryTime = retryRules, agreed
			r := judge(t, c)
			failed := []string{"PROV-891"}
			if string(served) == string(agreed) {
				failed = []string{}
			}
			require.Equal(t, failed, with(report.Failed, r), "%s, and %s was agreed: %s", served, agreed, tell(r))
			require.Len(t, with(report.Passed, r), len(retryRules)-len(failed), tell(r))
		}
	}
}

// What comes later than the run may wait is not judged, and the report says so.
func TestRetriesThatComeLaterThanTheRunWaitsAreNotJudged(t *testing.T) {
	t.Parallel()
	srv := mock.Start(t, mock.Config{})
	for within, unjudged := range map[time.Duration][]string{
		10 * time.Second: retryRules, time.Minute: {"PROV-890"},
	} {
		c := config(srv.URL)
		c.Rules, c.RetriesWithin = retryRules, within
		r := judge(t, c)
		require.Empty(t, with(report.Failed, r), tell(r))
		require.Equal(t, unjudged, with(report.NotEvaluable, r), tell(r))
		require.Contains(t, tell(r), "of the first, and --webhook-retries-within is "+within.String())
	}
}
