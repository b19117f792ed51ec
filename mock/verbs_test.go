package mock_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// A test has every verb that a program has, and the configured merchant those of any other.
func TestEveryMerchantHasTheSameVerbs(t *testing.T) {
	t.Parallel()
	verbs := reflect.TypeFor[*mock.Merchant]()
	require.Greater(t, verbs.NumMethod(), 30)
	for _, other := range []reflect.Type{
		reflect.TypeFor[*mock.TestMerchant](), reflect.TypeFor[*mock.Server](), reflect.TypeFor[*mock.Test](),
	} {
		for i := range verbs.NumMethod() {
			_, has := other.MethodByName(verbs.Method(i).Name)
			require.True(t, has, "%s has no %s", other, verbs.Method(i).Name)
		}
	}
}
