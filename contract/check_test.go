package contract_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/contract"
)

// --check says of a webhook and a refund, too, whether the file is right.
func TestCheckLooksAtWebhookAndRefund(t *testing.T) {
	t.Parallel()
	program, err := buggy()
	require.NoError(t, err)
	for name, c := range map[string]struct {
		change func(*contract.Config)
		want   map[string]bool
		seen   string
	}{
		"right": {
			func(*contract.Config) {},
			map[string]bool{"webhook.url": true, "refund.request": true, "state.refunded": true},
			"PayPorter has a REFUND of",
		},
		"wrong addresses": {
			func(c *contract.Config) {
				c.Webhook.URL = strings.Replace(c.Webhook.URL, "/webhook", "/hook", 1)
				c.Refund.Request.URL = strings.Replace(c.Refund.Request.URL, "/refund", "/back", 1)
				c.State.Refunded.JSON = "$.status"
			},
			map[string]bool{"webhook.url": false, "refund.request": false, "state.refunded": false},
			"$.status is `paid`, and an amount is wanted",
		},
		"another secret": {
			func(c *contract.Config) { c.Shop.Env["PAYPORTER_WEBHOOK_SECRET"] = "another-secret-of-the-shop" },
			map[string]bool{"webhook.url": false, "refund.request": true, "state.refunded": true},
			"was answered 401, and 2xx is wanted: does the shop take PAYPORTER_WEBHOOK_SECRET",
		},
	} {
		at := newPort(t)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := alsoAsked(asked(t, at), at)
			config.Shop.Command = []string{program}
			c.change(&config)

			got, seen := map[string]bool{}, ""
			for _, checked := range contract.Check(t.Context(), config, nil) {
				seen += checked.Key + ": " + checked.Seen + "\n"
				if _, asked := c.want[checked.Key]; asked {
					got[checked.Key] = checked.OK
				}
			}
			require.Equal(t, c.want, got, seen)
			require.Contains(t, seen, c.seen)
		})
	}
}
