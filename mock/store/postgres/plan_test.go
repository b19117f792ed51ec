package postgres_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// much fills the tables that grow, for the merchant with the greatest number.
const much = `
	INSERT INTO checkout (id, merchant, number, order_id, payment_id, body)
		SELECT 'c' || n, id, 10 + n, 'o' || n, 'p' || n, '{}'
		FROM generate_series(1, 5000) n, (SELECT max(id) AS id FROM merchant) m;
	INSERT INTO payment (id, merchant, number, latest_of, parent_id, checkout_id, order_id, status, body)
		SELECT 'p' || n, id, 10010 + n, 'c' || n, '', 'c' || n, 'o' || n, 'ENROLLED', '{}'
		FROM generate_series(1, 5000) n, (SELECT max(id) AS id FROM merchant) m;
	INSERT INTO task (merchant, kind, subject, due, number, claimed, body)
		SELECT id, 'expire', 'c' || n, '2999', 10 + n, 0, '{}'
		FROM generate_series(1, 5000) n, (SELECT max(id) AS id FROM merchant) m;
	ANALYZE`

// readsAll is a line of a plan that reads a table that grows from end to end, or all tasks of a merchant.
var readsAll = regexp.MustCompile(`Seq Scan on (checkout|payment|task|delivery|entry)\b|` +
	`Index (Only )?Scan using task_\w+ on task.*\n\s+Index Cond: \(merchant = [^()]+\)\n`)

// A start and the first create read as much of a database with many checkouts as of one with few.
func TestStartReadsNoTableFromEndToEnd(t *testing.T) {
	t.Parallel()
	address := postgrestest.Address(t)
	first := mock.Start(t, mock.Config{Store: postgres.Open(address)})
	status, _, text := answer(t, first, http.MethodPost, "/api/checkout", order)
	require.Equal(t, http.StatusOK, status, text)
	first.Close()
	postgrestest.Execute(t, address, much)

	b := open(t, address)
	s := mock.Start(t, mock.Config{Store: b})
	for _, call := range [][3]string{{http.MethodGet, "/_mock/health"}, {http.MethodPost, "/api/checkout", order}} {
		status, _, text = answer(t, s, call[0], call[1], call[2])
		require.Equal(t, http.StatusOK, status, text)
	}

	texts := postgres.Statements(b)
	require.Greater(t, len(texts), 10, "what a start runs")
	for i, plan := range postgrestest.Plans(t, address, texts) {
		assert.False(t, readsAll.MatchString(plan+"\n"), "%s\n%s", texts[i], plan)
	}
}
