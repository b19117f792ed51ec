package mock_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/payment"
)

// apart are the fields of Config that processes on the same store may have each their own of.
var apart = []string{
	"Addr", "AdminToken", "AllowedHosts", "CallbackCA", "MaxConnections", "TLSCert", "TLSKey", "TLS",
	"PageFrameAncestors", "Store", "ValidateResponses", "Logger", "Traces", "Version", "BeforeReset", "Passes",
}

// Whatever else a config says changes what is answered or sent, and so do processes have to agree in it.
func TestProcessesAgreeInEverySettingThatChangesAnswers(t *testing.T) {
	t.Parallel()
	usual := mock.SettingsOf(mock.Config{})
	kind := reflect.TypeFor[mock.Config]()
	for i := range kind.NumField() {
		field := kind.Field(i)
		if !field.IsExported() || slices.Contains(apart, field.Name) {
			continue
		}
		var c mock.Config
		setOther(t, field, reflect.ValueOf(&c).Elem().Field(i))
		require.NotEqual(t, usual, mock.SettingsOf(c), "%s: add it to the settings, or to those that are apart", field.Name)
	}
}

// What processes agree in stands in the books, and in the refusal that every process prints: addresses are told apart
// in it by their secrets, and none is in it.
func TestSettingsTellNoSecret(t *testing.T) {
	t.Parallel()
	settings := func(secret string) map[string]string {
		return mock.SettingsOf(mock.Config{
			APISecret:     payment.Secret("api" + secret),
			CallbackProxy: "http://user:" + secret + "@127.0.0.1:3128",
			WebhookURL:    "http://127.0.0.1:9/hook?token=" + secret,
			WebhookSecret: payment.Secret("webhook" + secret),
		})
	}
	one, other := settings("pa55word"), settings("passw0rd")

	for name, got := range one {
		require.NotContains(t, got, "pa55word", name)
	}
	for _, name := range []string{"api-secret", "callback-proxy", "webhook-url", "webhook-secret"} {
		require.NotEqual(t, one[name], other[name], "%s: another secret is another setting", name)
	}
	require.Contains(t, one["callback-proxy"], "http://127.0.0.1:3128")
	require.Contains(t, one["webhook-url"], "http://127.0.0.1:9/hook?token=")
	require.Equal(t, "http://127.0.0.1:9/hook", mock.SettingsOf(mock.Config{WebhookURL: "http://127.0.0.1:9/hook"})["webhook-url"])
}

// Where two processes have other passwords, the refusal says so by their digests.
func TestRefusalOfOtherSettingsTellsNoSecret(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	config := func(secret string) mock.Config {
		return mock.Config{CallbackProxy: "http://user:" + secret + "@127.0.0.1:3128", Store: postgres.Open(address)}
	}
	mock.Start(t, config("pa55word"))
	refused := config("passw0rd")
	t.Cleanup(func() { _ = refused.Store.Close() })

	_, err := mock.New(refused)

	require.ErrorContains(t, err, "callback-proxy is http://127.0.0.1:3128")
	require.NotContains(t, err.Error(), "pa55word")
	require.NotContains(t, err.Error(), "passw0rd")
}

// setOther gives the field another value than its default.
func setOther(t *testing.T, field reflect.StructField, to reflect.Value) {
	t.Helper()
	switch value := to.Addr().Interface().(type) {
	case *[]string:
		*value = []string{"builtin:magic-amounts"}
	case **mock.RetryPlan:
		*value = &mock.RetryPlan{Every: time.Hour}
	case *mock.RateLimit:
		*value = mock.RateLimit{Requests: 7, Per: time.Hour}
	default:
		switch to.Kind() {
		case reflect.String:
			to.SetString("other")
		case reflect.Bool:
			to.SetBool(true)
		case reflect.Int, reflect.Int64:
			to.SetInt(7)
		case reflect.Uint64:
			to.SetUint(7)
		case reflect.Slice:
			to.SetBytes([]byte("other"))
		default:
			t.Fatalf("%s: what is another value of %s?", field.Name, field.Type)
		}
	}
}
