package mock_test

import (
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// raw sends a create over a connection of its own and answers every byte that came back, and how the
// connection ended: nil for an orderly end.
func raw(t *testing.T, c *client, scenario string) (string, error) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.base, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	body := order("ORD-"+scenario, nowhere)
	_, err = io.WriteString(conn, "POST /api/checkout HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\nContent-Type: "+
		"application/json\r\n"+
		"X-API-KEY: "+c.key+"\r\nX-API-SECRET: "+c.secret+"\r\nX-Mock-Scenario: "+scenario+"\r\nContent-Length: "+
		strconv.Itoa(len(body))+"\r\n\r\n"+body)
	require.NoError(t, err)
	got, err := io.ReadAll(conn)
	return string(got), err
}

// Each fault is a real one on the wire, seen by a client that knows nothing but TCP.
func TestFaultsAreRealOnesOnTheWire(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	var file strings.Builder
	file.WriteString("version: 1\nscenarios:\n")
	for _, fault := range []string{"reset", "empty", "truncate", "malformed", "drip"} {
		file.WriteString("  - {name: " + fault + ", create: {fault: " + fault + ", created: true}, when: {orderId: never}}\n")
	}
	require.Equal(t, 200, c.put(file.String()).status)

	t.Run("reset", func(t *testing.T) {
		got, err := raw(t, c, "reset")
		require.Empty(t, got)
		require.True(t, errors.Is(err, syscall.ECONNRESET), "%v", err)
	})
	t.Run("empty", func(t *testing.T) {
		got, err := raw(t, c, "empty")
		require.Empty(t, got)
		require.NoError(t, err, "an orderly end, without a byte")
	})
	t.Run("truncate", func(t *testing.T) {
		got, err := raw(t, c, "truncate")
		require.NoError(t, err)
		head, body, _ := strings.Cut(got, "\r\n\r\n")
		require.Contains(t, head, "HTTP/1.1 200 OK")
		require.Regexp(t, `Content-Length: \d+`, head)
		_, length, _ := strings.Cut(head, "Content-Length: ")
		promised, err := strconv.Atoi(strings.Fields(length)[0])
		require.NoError(t, err)
		require.Len(t, body, promised/2)
		require.True(t, strings.HasPrefix(body, `{"checkoutId":"`), body)
	})
	t.Run("malformed", func(t *testing.T) {
		got, err := raw(t, c, "malformed")
		require.NoError(t, err)
		head, body, _ := strings.Cut(got, "\r\n\r\n")
		require.Contains(t, head, "HTTP/1.1 200 OK")
		require.Contains(t, head, "Content-Length: "+strconv.Itoa(len(body)), "the HTTP is right, the JSON is not")
		require.NotRegexp(t, `^\{.*"redirectUrl":".*"\}$`, body)
		require.True(t, strings.HasPrefix(body, `{"checkoutId":"`), body)
	})
	t.Run("drip", func(t *testing.T) {
		began := time.Now()
		got, err := raw(t, c, "drip")
		require.NoError(t, err)
		require.Regexp(t, `"redirectUrl":"http://sandbox/checkout-link/[0-9a-f-]{36}"\}$`, got)
		require.Greater(t, time.Since(began), time.Second)
	})
	t.Run("and the checkouts exist all the same", func(t *testing.T) {
		checkouts := c.get("/_mock/checkouts").body["checkouts"].([]any)
		require.Len(t, checkouts, 5)
		entry := entriesOf(c.get("/_mock/journal?kind=create&orderId=ORD-reset"))[0]
		require.Equal(t, "fault: reset", entry["note"])
		require.NotContains(t, entry, "response", "nothing was answered")
	})
}

func TestFaultWithoutACheckout(t *testing.T) {
	t.Parallel()
	c := clientOf(t, start(t, mock.Config{}))
	require.Equal(t, 200, c.put("version: 1\nscenarios:\n  - {name: twice, create: {fault: truncate, times: 2}}\n").status)
	for range 2 {
		_, err := raw(t, c, "twice")
		require.NoError(t, err)
	}
	require.Empty(t, c.get("/_mock/checkouts").body["checkouts"])
	got, err := raw(t, c, "twice")
	require.NoError(t, err)
	require.Contains(t, got, "200 OK")
	require.Len(t, c.get("/_mock/checkouts").body["checkouts"], 1)
}
