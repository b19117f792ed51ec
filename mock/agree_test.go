package mock_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// apart are the fields of Config that processes on the same store may have each their own of.
var apart = []string{
	"Addr", "AdminToken", "AllowedHosts", "CallbackCA", "MaxConnections", "TLSCert", "TLSKey", "TLS",
	"PageFrameAncestors", "Store", "ValidateResponses", "Logger", "Traces", "Version", "BeforeReset",
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
