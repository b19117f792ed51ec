package main_test

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// startTogether starts a process for each of the seeds, at the same moment, and answers those that serve, and why each
// other one ended.
func startTogether(t *testing.T, store string, seeds ...string) (all []sandbox, refused []error) {
	t.Helper()
	program, err := binary()
	require.NoError(t, err)
	started := make([]*process, len(seeds))
	ends := make([]error, len(seeds))
	var starting sync.WaitGroup
	for i, seed := range seeds {
		starting.Go(func() {
			started[i], ends[i] = start(nil, program, "serve", "--addr", "127.0.0.1:0", "--log-format", "json",
				"--store", store, "--seed", seed)
		})
	}
	starting.Wait()

	for i, p := range started {
		if ends[i] != nil {
			refused = append(refused, ends[i])
			continue
		}
		t.Cleanup(p.kill)
		all = append(all, sandboxOf(t, p))
	}
	return all, refused
}

func endInOrder(t *testing.T, s sandbox) {
	t.Helper()
	code, err := s.stop()
	require.NoError(t, err)
	require.Zero(t, code)
}

// Processes that are started at the same moment agree: on an empty database, and on one whose processes are all gone,
// killed ones included.
func TestProcessesThatStartTogetherAgree(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "many processes on a PostgreSQL; what one takes over of another stays")
	for name, before := range map[string]func(t *testing.T, s sandbox){
		"on an empty database":      nil,
		"after one that was ended":  endInOrder,
		"after one that was killed": func(_ *testing.T, s sandbox) { s.kill() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := postgrestest.Address(t)
			if before != nil {
				before(t, serveStore(t, address))
			}

			all, refused := startTogether(t, address, "7", "7", "7", "7")
			require.Empty(t, refused)
			for _, one := range all {
				text, ok := post(t.Context(), one.url+"/api/checkout",
					`{"orderId":"o1","amount":1,"currency":"TRY","callback":"http://127.0.0.1:1/callback"}`)
				require.True(t, ok)
				var made struct{ CheckoutID string }
				require.NoError(t, json.Unmarshal(text, &made))
				for _, other := range all {
					merchant{other, "test_key"}.call(t, http.MethodGet, "/_mock/checkouts/"+made.CheckoutID, "", nil)
				}
			}
		})
	}
}

// Of processes that are started at the same moment with different settings, one serves. The others end and say with
// what they differ from it.
func TestOneOfTheProcessesThatStartTogetherWithDifferentSettingsServes(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "many processes on a PostgreSQL")
	address := postgrestest.Address(t)
	serveStore(t, address).kill()

	all, refused := startTogether(t, address, "7", "8", "9")
	require.Len(t, all, 1)
	require.Len(t, refused, 2)
	for _, err := range refused {
		require.ErrorContains(t, err, "exit status 1")
		require.ErrorContains(t, err, "another sandbox uses the database with other settings: seed is ")
		require.NotContains(t, err.Error(), "seed is 1 there", "nobody has that seed any more")
	}
}
