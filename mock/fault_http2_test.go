package mock_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// faulty is a sandbox by https with a scenario for each fault, named like it.
func faulty(t *testing.T) *mock.Test {
	t.Helper()
	var file strings.Builder
	file.WriteString("version: 1\nscenarios:\n")
	for _, fault := range []string{"reset", "empty", "truncate", "malformed", "drip"} {
		file.WriteString("  - {name: " + fault + ", create: {fault: " + fault + ", created: true}, " +
			"when: {orderId: never}}\n")
	}
	srv := start(t, mock.Config{TLS: mock.TLSSelfSigned})
	c, h := secureClient(t, srv, true)
	request := c.request("PUT", "/_mock/scenarios", file.String())
	request.Header.Set("Content-Type", "application/yaml")
	res, err := h.Do(request)
	require.NoError(t, err)
	require.Equal(t, 200, c.read(res).status)
	return srv
}

// Exchanges share a connection of HTTP/2, so a fault breaks the stream of its own exchange and nothing else.
func TestFaultsOverHTTP2BreakTheirOwnStream(t *testing.T) {
	t.Parallel()
	srv := faulty(t)
	c, h := secureClient(t, srv, true)

	// A call that waits on the same connection meanwhile, and must get its answer.
	waited := make(chan error, 1)
	wait := c.request("GET", "/_mock/journal/wait?timeout=20s&orderId=ORD-last", "")
	c.by(h, "GET", "/_mock/health", "") // so that there is the one connection
	go func() {
		res, err := h.Do(wait)
		if err == nil {
			err = res.Body.Close()
		}
		waited <- err
	}()

	create := func(scenario string) (*http.Response, error) {
		request := c.request("POST", "/api/checkout", order("ORD-"+scenario, nowhere))
		request.Header.Set("X-Mock-Scenario", scenario)
		return h.Do(request)
	}
	for _, fault := range []string{"reset", "empty"} {
		_, err := create(fault)
		require.ErrorContains(t, err, "stream error", "no answer came to %s", fault)
		require.ErrorContains(t, err, "INTERNAL_ERROR")
	}

	res, err := create("truncate")
	require.NoError(t, err)
	require.Equal(t, "HTTP/2.0", res.Proto)
	got, err := io.ReadAll(res.Body)
	require.ErrorContains(t, err, "stream error")
	require.Len(t, got, int(res.ContentLength)/2)
	require.True(t, strings.HasPrefix(string(got), `{"checkoutId":"`), "%s", got)

	res, err = create("malformed")
	require.NoError(t, err)
	got, err = io.ReadAll(res.Body)
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(string(got), "}}"), "%s", got)

	began := time.Now()
	res, err = create("drip")
	require.NoError(t, err)
	got, err = io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Regexp(t, `/checkout-link/[0-9a-f-]{36}"\}$`, string(got))
	require.Greater(t, time.Since(began), time.Second)

	_, last := c.by(h, "POST", "/api/checkout", order("ORD-last", nowhere))
	require.Equal(t, 200, last.status)
	require.NoError(t, <-waited, "the call beside them has its answer")
	_, journal := c.by(h, "GET", "/_mock/journal?kind=create&orderId=ORD-reset", "")
	entry := entriesOf(journal)[0]
	require.Equal(t, "fault: reset", entry["note"])
	require.NotContains(t, entry, "response", "nothing was answered")
}

// Over HTTP/1.1 they break the connection, as without TLS.
func TestFaultsUnderTLSAreRealOnesOnTheWire(t *testing.T) {
	t.Parallel()
	srv := faulty(t)
	for fault, how := range map[string]func(got string, err error){
		"reset": func(got string, err error) {
			require.Empty(t, got)
			require.True(t, errors.Is(err, syscall.ECONNRESET), "%v", err)
		},
		"empty": func(got string, err error) {
			require.Empty(t, got)
			require.NoError(t, err, "an orderly end, without a byte")
		},
		"truncate": func(got string, err error) {
			require.NoError(t, err)
			res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(got)), nil)
			require.NoError(t, err)
			body, err := io.ReadAll(res.Body)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			require.Len(t, body, int(res.ContentLength)/2)
		},
	} {
		how(rawTLS(t, srv, fault))
	}
}

// rawTLS is raw under TLS.
func rawTLS(t *testing.T, srv *mock.Test, scenario string) (string, error) {
	t.Helper()
	conn, err := dialTLS(srv, &tls.Config{RootCAs: srv.CAPool()})
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	body := order("ORD-"+scenario, nowhere)
	_, err = io.WriteString(conn, "POST /api/checkout HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n"+
		"Content-Type: application/json\r\nX-API-KEY: "+srv.APIKey+"\r\nX-API-SECRET: "+srv.APISecret+"\r\n"+
		"X-Mock-Scenario: "+scenario+"\r\nContent-Length: "+
		strconv.Itoa(len(body))+"\r\n\r\n"+body)
	require.NoError(t, err)
	got, err := io.ReadAll(conn)
	return string(got), err
}
