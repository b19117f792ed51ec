package report_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract/report"
	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/payment"
)

// exposed has everything that must not be shown wherever a text can be.
func exposed() (r *report.Report, forbidden []string) {
	secret := `hunter "2" & co`
	all := strings.Join([]string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), `hunter \"2\" & co`, "4242424242424242",
		"5421 1901-2209 0656", "4242+4242+4242+4242", "4242%204242%204242%204242", "676770000013",
	}, " , ")
	foreign := all + ` {"cvv":"987","apiSecret":"s3cr3t-1"} cvv=986&x-api-secret=s3cr3t-2 ` + "\nX-API-SECRET: " +
		"s3cr3t-3\nAuthorization: Bearer s3cr3t-4\nCookie: a=s3cr3t-5\n" + `http://user:s3cr3t-6@127.0.0.1/ ` +
		`"{\"cvv\":\"985\"}"`
	message := &exchange.Message{
		Method: all, URL: foreign, Status: 200, Body: exchange.Body(foreign),
		Headers: map[string][]string{
			"X-API-SECRET": {"s3cr3t-7"}, "authorization": {"s3cr3t-8"}, "Cookie": {"s3cr3t-9"}, "set-cookie": {
				"s3cr3t-10",
				"s3cr3t-11",
			}, "X_Api_Secret": {"s3cr3t-12"}, "Proxy-Authorization": {"s3cr3t-13"}, "X-Other": {foreign}, all: {all},
		},
	}
	one := exchange.Exchange{
		From: all, To: all, Title: all, Note: foreign, Error: foreign, Request: message,
		Response: message,
	}
	r = &report.Report{Kind: report.Client, Tool: all, Target: all, Bundle: all, Secrets: []payment.Secret{payment.Secret(
		secret), "abc"}, StartedAt: noon}
	for _, result := range []report.Result{report.Failed, report.Passed, report.NotEvaluable, report.Skipped} {
		for _, severity := range []report.Severity{report.Critical, report.Advisory} {
			r.Rules = append(r.Rules, report.Rule{
				ID: all, Family: all, Title: all, Source: all, Expected: all, Seen: all, Advice: all, Severity: severity,
				Result:    result,
				Exchanges: []exchange.Exchange{one},
			})
		}
	}
	r.Coverage = &report.Coverage{Items: []report.CoverageItem{{Kind: all, Name: all}}}
	r.Conclude(report.Major)
	return r, []string{
		"s3cr3t", "hunter", "987", "986", "985", "42424242", "4242+4242", "4242%204242", "5421 1901",
		"1901-2209", "676770000013",
	}
}

func TestNoFormShowsSecretsOrCardNumbers(t *testing.T) {
	t.Parallel()
	r, forbidden := exposed()
	for name, form := range everyForm(r) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := write(t, form)
			for _, f := range forbidden {
				require.False(t, strings.Contains(text, f), "it shows %q", f)
			}
			require.True(t, strings.Contains(text, "424242******4242"))
		})
	}
}

func TestRedactedLeavesTheReportAlone(t *testing.T) {
	t.Parallel()
	r, _ := exposed()
	before := r.Rules[0].Exchanges[0].Request.Body
	c := r.Redacted()
	require.Contains(t, r.Rules[0].Exchanges[0].Request.Headers["X-API-SECRET"], "s3cr3t-7")
	require.Equal(t, before, r.Rules[0].Exchanges[0].Request.Body)
	require.NotEqual(t, before, c.Rules[0].Exchanges[0].Request.Body)
}

// Masked twice is masked once: whoever builds the report masks, too.
func TestRedactedTwiceIsTheSame(t *testing.T) {
	t.Parallel()
	r, _ := exposed()
	once := r.Redacted()
	require.Equal(t, once, once.Redacted())
}

func TestRedactedKeepsWhatIsNoSecret(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"order 1763900000000", "8d3f4242-4242-4242-8242-424242424242", "123e4567-e89b-12d3-a456-426614174000",
		"ORD-202603021200", "100.50 TRY",
		"4242424242424243 fails the check", "42424242424242424242 has twenty digits", "the header X-API-SECRET was missing",
		"abc", "0.676770000013", "span=1 japan=2 status=SUCCESS&resultCode=00",
	} {
		r := &report.Report{
			Secrets: []payment.Secret{"abc", ""},
			Rules: []report.Rule{{Seen: text, Exchanges: []exchange.Exchange{{Request: &exchange.Message{Body: exchange.Body(
				text), URL: text}}}}},
		}
		c := r.Redacted()
		require.Equal(t, text, c.Rules[0].Seen)
		require.Equal(t, text, c.Rules[0].Exchanges[0].Request.Body.String())
		require.Equal(t, text, c.Rules[0].Exchanges[0].Request.URL)
	}
}

// A report that is printed by mistake shows no secret, either.
func TestSecretsOfAReportMaskThemselves(t *testing.T) {
	t.Parallel()
	r, _ := exposed()
	text := write(t, func(b *bytes.Buffer) error { return r.WriteJSON(b) })
	require.NotContains(t, strings.ToLower(text), `"secrets"`)
	require.Equal(t, "***", r.Secrets[0].String())
}
