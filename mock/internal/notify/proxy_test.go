package notify_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/notify"
)

// A proxy answers for receivers that do not exist, so that nothing leaves the machine.
func TestProxyIsUsedOnlyWhenAsked(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked = append(
			asked, r.URL.String())
	}))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("NO_PROXY", "10.1.2.4")

	const shop = "http://10.1.2.3/callback"
	for _, test := range []struct {
		setting, allow, url string
		asked               bool
		says                string
	}{
		{"none", "127.0.0.1", shop, false, "not sent: 10.1.2.3:80 is not in --callback-allow"},
		{"", "127.0.0.1", shop, false, "not sent: 10.1.2.3:80 is not in --callback-allow"},
		{"env", "10.1.2.3", shop, true, ""},
		{"env", "127.0.0.1", shop, false, "not sent: 10.1.2.3:80 is not in --callback-allow"},
		// straight, and still guarded
		{"env", "127.0.0.1", "http://10.1.2.4/", false, "not sent: 10.1.2.4:80 is not in --callback-allow"},
		{proxy.URL, "10.1.2.3", shop, true, ""},
		{proxy.URL, "10.1.2.4", shop, false, "not sent: 10.1.2.3:80 is not in --callback-allow"},
		{proxy.URL, "0.0.0.0/0", "http://169.254.169.254/latest/meta-data", false, "not sent: callbacks are never sent to " +
			"169.254.169.254:80"},
		{proxy.URL, "0.0.0.0/0", "http://[::ffff:169.254.169.254]/", false, "not sent: callbacks are never sent to " +
			"169.254.169.254:80"},
	} {
		asked = nil
		guard, err := notify.NewGuard([]string{test.allow}, false)
		require.NoError(t, err)
		by, err := notify.NewProxy(test.setting)
		require.NoError(t, err)
		sender := notify.NewSender(notify.SenderConfig{
			Guard: guard, Proxy: by, Version: "test", CallbackTimeout: time.Minute,
		})
		answer := sender.Send(t.Context(), notify.Post{URL: test.url, Carries: "x"})
		sender.Close()
		require.Equal(t, test.says, answer.Error, "%+v", test)
		require.Equal(t, test.asked, len(asked) == 1, "%+v", test)
	}
}

func TestProxyRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"proxy", "127.0.0.1:3128", "socks5://127.0.0.1", "http://"} {
		_, err := notify.NewProxy(setting)
		require.EqualError(t, err, "callback-proxy: want none, env, or the URL of a proxy such as http://127.0.0.1:3128",
			setting)
	}
}
