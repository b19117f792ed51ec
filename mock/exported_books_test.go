package mock_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

// keptBooks is a place in which books are kept.
type keptBooks struct {
	open     func() store.Books
	exported func(ctx context.Context, w io.Writer, program string, keys ...string) (store.Exported, error)
	imported func(ctx context.Context, name string, from io.Reader, replace bool) (store.Imported, error)
}

func inFile(t *testing.T) keptBooks {
	t.Helper()
	file := filepath.Join(t.TempDir(), "books.db")
	return keptBooks{
		open: func() store.Books { return sqlite.Open(file, sqlite.Options{Synchronous: sqlite.Normal}) },
		exported: func(ctx context.Context, w io.Writer, program string, keys ...string) (store.Exported, error) {
			return sqlite.Export(ctx, file, w, program, keys...)
		},
		imported: func(ctx context.Context, name string, from io.Reader, replace bool) (store.Imported, error) {
			return sqlite.Import(ctx, file, name, from, replace)
		},
	}
}

func inDatabase(t *testing.T) keptBooks {
	t.Helper()
	address := postgrestest.Address(t)
	return keptBooks{
		open: func() store.Books { return postgres.Open(address) },
		exported: func(ctx context.Context, w io.Writer, program string, keys ...string) (store.Exported, error) {
			return postgres.Export(ctx, address, w, program, keys...)
		},
		imported: func(ctx context.Context, name string, from io.Reader, replace bool) (store.Imported, error) {
			return postgres.Import(ctx, address, name, from, replace)
		},
	}
}

// export is the export of all keys, or of some.
func (k keptBooks) export(t *testing.T, keys ...string) string {
	t.Helper()
	var out bytes.Buffer
	_, err := k.exported(t.Context(), &out, "1.2.3", keys...)
	require.NoError(t, err)
	return out.String()
}

// serve runs a sandbox on the books while do calls it, and ends it.
func (k keptBooks) serve(t *testing.T, do func(*mock.Test, *client)) {
	t.Helper()
	srv := mock.Start(t, mock.Config{Seed: 7, Store: k.open()})
	do(srv, clientOf(t, srv))
	srv.Close()
}

// answer lets the listener answer so from now on, and forgets what it heard.
func (l *listener) answer(status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all, l.answers = nil, []int{status}
}

// heardOnce is everything that came, each of which came once.
func (l *listener) heardOnce(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, one := range l.heard() {
		text := fmt.Sprint(one)
		require.NotContains(t, all, text)
		all[text] = true
	}
	return all
}

const onceOnly = `{"version": 1, "scenarios": [{"name": "once", "when": {"orderId": "LIM-*"}, "limit": 1,
	"payment": {"status": "FAILED", "resultCode": "51"}, "status": [{"respond": {"status": 500}, "times": 2}]}]}`

// begun leaves something of each kind half done in the books: it answers the ids of a checkout, of a payment and of a
// refund.
func begun(t *testing.T, c *client, l *listener) (checkout, sale, refund string) {
	t.Helper()
	c.post("/_mock/clock", `{"freeze": true, "set": "2026-01-31T12:00:00Z"}`)
	c.putWebhook(l.webhook(), "")
	require.Equal(t, http.StatusOK, c.post("/_mock/webhook/rotate", "").status)
	require.Equal(t, http.StatusOK, c.send(c.request("PUT", "/_mock/scenarios", onceOnly)).status)

	checkout = c.create("LIM-1", l.URL)
	require.Equal(t, http.StatusOK, c.post("/_mock/checkouts/"+checkout+"/pay", "").status)
	require.Equal(t, http.StatusInternalServerError, c.get("/api/checkout/"+checkout).status, "one of two")
	c.create("ORD-open", l.URL)
	c.post("/_mock/scenarios/next", `{"scenario": "create-503-then-ok", "times": 1}`)
	require.Equal(t, http.StatusServiceUnavailable, c.post("/api/checkout", order("ORD-again", l.URL)).status)
	sale = c.pays("/api/payment", "ORD-sale")
	asked := c.post("/api/payment/"+sale+"/refund", part("10.00"))
	require.Equal(t, http.StatusOK, asked.status, asked.raw)
	require.Equal(t, http.StatusOK,
		c.post("/_mock/scenarios/next", `{"scenario": "insufficient-funds", "times": 2}`).status)
	c.post("/_mock/clock", `{"advance": "1m"}`)

	other := c.as("test_other")
	other.post("/_mock/clock", `{"freeze": true, "set": "2027-01-31T12:00:00Z"}`)
	other.create("ORD-other", l.URL)
	c.as("unknown").get("/api/checkout/" + checkout)
	return checkout, sale, asked.text("paymentId")
}

// goneOn is what a sandbox answers that goes on with what has begun, and what the merchant hears of it.
func goneOn(t *testing.T, k keptBooks, l *listener, checkout, sale, refund string) (said string) {
	t.Helper()
	l.answer(http.StatusOK)
	k.serve(t, func(srv *mock.Test, c *client) {
		var all strings.Builder
		look := func(c *client, paths ...string) {
			for _, path := range paths {
				said := strings.ReplaceAll(c.get(path).raw, srv.URL, "SANDBOX")
				fmt.Fprintln(&all, path, strings.ReplaceAll(said, `},{`, "},\n{")) // so that a difference can be read
			}
		}
		lists := []string{
			"/_mock/clock", "/_mock/checkouts", "/_mock/payments", "/_mock/callbacks", "/_mock/scenarios", "/_mock/webhook",
			"/_mock/scenarios/next", "/_mock/coverage",
		}
		look(c, "/_mock/journal?limit=1000")
		look(c, lists...)
		look(c.as("test_other"), lists...)

		look(c, "/api/checkout/"+checkout, "/api/checkout/"+checkout, "/api/payment/"+sale)
		for _, want := range []int{http.StatusServiceUnavailable, http.StatusOK} { // the second and the third time
			require.Equal(t, want, c.post("/api/checkout", order("ORD-again", l.URL)).status)
		}
		for _, orderID := range []string{"LIM-2", "ORD-next"} {
			c.post("/_mock/checkouts/"+c.create(orderID, l.URL)+"/pay", "")
			srv.Advance(0)
		}
		c.post("/_mock/payments/"+refund+"/approve", "")
		srv.Advance(time.Hour)
		srv.Advance(24 * time.Hour)
		look(c, lists...)
		require.Equal(t, http.StatusUnauthorized, (&client{c.t, c.base, "test_other", "wrong"}).get("/api/checkout/x").status)
		said = all.String()
	})
	for _, one := range slices.Sorted(maps.Keys(l.heardOnce(t))) {
		said += one + "\n"
	}
	return said
}

// What a sandbox was in the middle of goes on in another store as it would have gone on in its own. Nothing is lost or
// changed on the way there and back.
func TestExportedBooksGoOnElsewhere(t *testing.T) {
	t.Parallel()
	onlyOnPlainBooks(t)
	l := newListener(t, http.StatusInternalServerError)
	first, second, third := inFile(t), inDatabase(t), inFile(t)
	var checkout, sale, refund string
	first.serve(t, func(_ *mock.Test, c *client) { checkout, sale, refund = begun(t, c, l) })

	export := first.export(t)
	for _, next := range []keptBooks{second, third} {
		_, err := next.imported(t.Context(), "books.jsonl", strings.NewReader(export), false)
		require.NoError(t, err)
		require.Equal(t, export, next.export(t))
	}

	want := goneOn(t, first, l, checkout, sale, refund)
	require.Contains(t, want, "payment.status_changed")
	require.Contains(t, want, "checkoutId="+checkout)
	require.Equal(t, want, goneOn(t, second, l, checkout, sale, refund), "PostgreSQL")
	require.Equal(t, want, goneOn(t, third, l, checkout, sale, refund), "SQLite")
}

// An export of PostgreSQL is made while processes use it; one of a file is refused meanwhile, and so is every import.
func TestBooksThatASandboxUses(t *testing.T) {
	t.Parallel()
	onlyOnPlainBooks(t)
	file, database := inFile(t), inDatabase(t)
	file.serve(t, func(*mock.Test, *client) {
		_, err := file.exported(t.Context(), io.Discard, "1.2.3")
		require.ErrorContains(t, err, "another sandbox uses it: end that one")
	})

	export := file.export(t)
	database.serve(t, func(_ *mock.Test, c *client) {
		c.create("ORD-1", nowhere)
		require.Contains(t, database.export(t, "test_key"), `"OrderID":"ORD-1"`)
		_, err := database.imported(t.Context(), "books.jsonl", strings.NewReader(export), true)
		require.ErrorContains(t, err, "is used by a sandbox: end it, and begin it again after the import")
	})
	_, err := database.imported(t.Context(), "books.jsonl", strings.NewReader(export), true)
	require.NoError(t, err)
	require.NotContains(t, database.export(t), "ORD-1")
}

// What is masked everywhere is masked in an export. The rest of the books can be imported all the same.
func TestExportIsMasked(t *testing.T) {
	t.Parallel()
	onlyOnPlainBooks(t)
	const card = "4539578763621486" // passes the check that real cards pass, and is no test card
	l, books, elsewhere := newListener(t, http.StatusInternalServerError), inFile(t), inFile(t)
	var id string
	books.serve(t, func(srv *mock.Test, c *client) {
		done := func(status int, r reply) {
			t.Helper()
			require.Equal(t, status, r.status, r.raw)
		}
		done(http.StatusOK, c.post("/_mock/clock", `{"freeze": true, "set": "2026-01-31T12:00:00Z"}`))
		done(http.StatusOK, c.putWebhook(l.webhook()+"?token=canary", `, "secret": "canary-secret"`))
		done(http.StatusOK, c.post("/_mock/webhook/rotate", ""))
		done(http.StatusOK, c.send(c.request("PUT", "/_mock/scenarios", `{"version": 1, "scenarios": [{"name": "paid-by",
			"description": "for `+card+`", "when": {"orderId": "`+card+`"}, "payer": {"card": "`+goodCard+`"}}]}`)))
		id = c.create(card, l.URL+"/cb?apiSecret=canary", "description", `"card `+card+`"`, "customerId", `"`+card+`"`)
		srv.Advance(0) // the scenario's customer pays
		done(http.StatusOK, c.post("/_mock/scenarios/next", `{"scenario": "create-503-then-ok", "times": 1}`))
		done(http.StatusServiceUnavailable, c.post("/api/checkout", order("again "+card, l.URL)))
		c.pays("/api/payment", card, "cardHolderName", `"`+card+`"`)
		srv.Advance(0)
		require.NotEmpty(t, l.webhooks())
	})

	export := books.export(t)
	require.NotContains(t, export, card)
	require.NotContains(t, export, "canary")
	require.NotContains(t, export, "test_secret")
	require.Contains(t, export, goodCard, "a test card of a scenario is no secret")
	_, err := elsewhere.imported(t.Context(), "books.jsonl", strings.NewReader(export), false)
	require.NoError(t, err)
	require.Equal(t, export, elsewhere.export(t))

	configured := inFile(t)
	mock.Start(t, mock.Config{
		Store: configured.open(), WebhookURL: l.webhook(), WebhookSecret: "canary-of-the-settings",
	}).Close()
	require.NotContains(t, configured.export(t), "canary")

	elsewhere.serve(t, func(_ *mock.Test, c *client) {
		require.Equal(t, "453957******1486", c.get("/api/checkout/"+id).text("orderId"))
		require.Contains(t, c.file().raw, goodCard)
	})
}
