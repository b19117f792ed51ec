package mock_test

import (
	"testing"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite/sqlitetest"
	"github.com/payporter-mock/payporter-mock/mock/store/storetest"
)

// start is mock.Start on the books that the flag -store asks for.
func start(t *testing.T, c mock.Config) *mock.Test {
	t.Helper()
	if c.Store == nil {
		c.Store = storetest.Books(t, postgrestest.Kind(), sqlitetest.Kind())
	}
	return mock.Start(t, c)
}
