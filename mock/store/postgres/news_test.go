package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// A process is told that another one has forgotten a merchant, as it is of every other change.
func TestForgettingIsToldToOtherProcesses(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	told := make(chan store.Change, 16)
	open(t, address).(store.Shared).Watch(func(c store.Change) {
		if c.Key != "" {
			told <- c
		}
	})
	s := sharedStore(t, address)

	require.NoError(t, s.Update(t.Context(), func(tx store.Tx) error {
		return tx.PutMerchant(store.Merchant{Absent: true})
	}))

	got := <-told
	require.Equal(t, store.Change{Key: "test_one", Finished: true, Forgotten: true}, got)
}
