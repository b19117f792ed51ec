package provider_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/provider"
	"github.com/payporter-mock/payporter-mock/contract/report"
)

func TestOurOwnSandboxPassesEveryRule(t *testing.T) {
	t.Parallel()
	r := judge(t, config(serve(t, sandbox(t))))
	require.Len(t, with(report.Passed, r), len(provider.Rules()), tell(r))
	require.Equal(t, report.OK, r.Verdict)
	t.Log(provider.Requests(r), r.Seconds)
}
