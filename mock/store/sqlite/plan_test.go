package sqlite_test

import (
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/mock/store/internal/tables"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

// A start, the first create and a look at the metrics read as much of a long file as of a short one: each statement
// finds its rows by an index.
func TestStartReadsNoTableFromEndToEnd(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "books.db")
	live(t, file, mock.Config{}, func(_ *testing.T, c caller) {
		c.want(http.MethodPost, "/_mock/checkouts/"+c.order("paid", nowhere)+"/pay", "")
	})

	b := open(t, file)
	server := mock.Start(t, mock.Config{Store: b})
	c := caller{t, server.URL}
	c.want(http.MethodGet, "/_mock/health", "")
	c.order("next", nowhere)
	c.want(http.MethodGet, "/metrics", "")

	plans, err := sqlite.Plans(b)
	require.NoError(t, err)
	require.Greater(t, len(plans), 10, "what a start runs")
	for text, lines := range plans {
		for _, line := range lines {
			assert.False(t, readsMuch(text, line), "%s\n%s", text, strings.Join(lines, "\n"))
		}
	}
}

var (
	scanned  = regexp.MustCompile(`^SCAN (\w+)`)
	searched = regexp.MustCompile(`^SEARCH (\w+) .*\((.*)\)`)
)

// readsMuch reports whether a line of the statement's plan reads more rows the more there are of a merchant. That few
// tasks are claimed is known, and not that few wait.
func readsMuch(text, line string) bool {
	if at := scanned.FindStringSubmatch(line); at != nil {
		return grows(at[1])
	}
	if strings.Contains(line, "TEMP B-TREE") {
		return true
	}

	at := searched.FindStringSubmatch(line)
	if at == nil || !grows(at[1]) {
		return false
	}
	onlyFirst := strings.HasSuffix(text, "LIMIT 1")
	return !onlyFirst && (at[2] == "merchant=?" || at[2] == "merchant=? AND claimed=?")
}

// grows reports whether a merchant can have any number of rows in the table.
func grows(table string) bool {
	return slices.Contains(tables.Names(), table) && table != "merchant" && table != "scenario_set"
}

func TestReadsMuch(t *testing.T) {
	t.Parallel()
	for _, table := range tables.Names() {
		require.Equal(t, table != "merchant" && table != "scenario_set", readsMuch("SELECT", "SCAN "+table), table)
	}
	require.True(t, readsMuch("UPDATE", "SEARCH task USING COVERING INDEX task_due (merchant=?)"))
	require.False(t, readsMuch("UPDATE", "SEARCH task USING COVERING INDEX task_due (merchant=? AND claimed>?)"))
	require.True(t, readsMuch("SELECT", "SEARCH task USING INDEX task_due (merchant=? AND claimed=?)"))
	require.False(t, readsMuch("SELECT LIMIT 1", "SEARCH task USING INDEX task_due (merchant=? AND claimed=?)"))
	require.True(t, readsMuch("SELECT LIMIT 1", "USE TEMP B-TREE FOR ORDER BY"))
}
