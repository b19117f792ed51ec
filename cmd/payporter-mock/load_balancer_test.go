package main_test

import (
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres/postgrestest"
)

// balanced is the layout of docker-compose.shared.yml without Docker: two sandboxes on one database, with the settings
// of that file, behind HAProxy with the configuration that is mounted there.
type balanced struct {
	url       string
	sandboxes [2]sandbox
	database  *postgrestest.Server
}

const sharedToken = "the token of all of them"

// balance starts the layout. HAProxy takes over a socket of the test, so that its port is nobody else's.
func balance(t *testing.T) balanced {
	t.Helper()
	program := tool(t, "haproxy", "install HAProxy 2.4 or newer")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	b := balanced{url: "http://" + listener.Addr().String(), database: postgrestest.Start(t)}
	replace := []string{"bind :8080", "bind fd@3"}
	for i, name := range []string{"sandbox-1", "sandbox-2"} {
		b.sandboxes[i] = serveAs(t, name, b.url, b.database.Address("public"))
		replace = append(replace, name+":8080", strings.TrimPrefix(b.sandboxes[i].url, "http://"))
	}

	config, err := os.ReadFile("../../testdata/docker/haproxy.cfg")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "haproxy.cfg")
	require.NoError(t, os.WriteFile(file, []byte(strings.NewReplacer(replace...).Replace(string(config))), 0o600))
	socket, err := listener.(*net.TCPListener).File()
	require.NoError(t, err)
	var out buffer
	command := exec.CommandContext(t.Context(), program, "-db", "-f", file)
	command.ExtraFiles, command.Stdout, command.Stderr = []*os.File{socket}, &out, &out
	require.NoError(t, command.Start())
	require.NoError(t, listener.Close())
	require.NoError(t, socket.Close())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		if t.Failed() {
			t.Logf("haproxy wrote:\n%s", &out)
		}
	})

	b.until(t, http.StatusOK)
	return b
}

// serveAs runs a sandbox with the settings that the service of docker-compose.shared.yml has.
func serveAs(t *testing.T, service, publicURL, store string) sandbox {
	t.Helper()
	file, err := os.ReadFile("../../docker-compose.shared.yml")
	require.NoError(t, err)
	var compose struct {
		Services map[string]struct{ Environment map[string]string }
	}
	require.NoError(t, yaml.Unmarshal(file, &compose))
	settings := compose.Services[service].Environment
	require.NotEmpty(t, settings)

	for name, value := range map[string]string{
		"STORE": store, "PUBLIC_URL": publicURL, "CALLBACK_ALLOW": "127.0.0.0/8", "ADMIN_TOKEN": sharedToken,
	} {
		require.Contains(t, settings, "PAYPORTER_MOCK_"+name)
		settings["PAYPORTER_MOCK_"+name] = value
	}
	var flags []string
	for name, value := range settings {
		flag := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, "PAYPORTER_MOCK_"), "_", "-"))
		if flag != "store" {
			flags = append(flags, "--"+flag+"="+value)
		}
	}
	return serveStore(t, store, flags...)
}

// until waits until the sandbox says by its health that it can be used, or that it cannot.
func (b balanced) until(t *testing.T, want int) {
	t.Helper()
	require.Eventually(t, func() bool {
		answer, err := client.Get(b.url + "/_mock/health")
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == want
	}, patience, 50*time.Millisecond)
}

func TestSharedSandboxBehindALoadBalancer(t *testing.T) {
	t.Parallel()
	extent.NotQuick(t, "three processes behind HAProxy")
	b := balance(t)
	shop := b.shop(t)
	b.sell(t, shop)
	t.Run("what a scenario breaks off arrives broken off and is not repeated", b.testFault)
	t.Run("who logs in to the dashboard stays logged in", b.testDashboard)

	// One that stands still or is gone is left out, and shops notice nothing once that is known.
	require.NoError(t, b.sandboxes[0].cmd.Process.Signal(syscall.SIGSTOP))
	b.sell(t, shop)
	require.NoError(t, b.sandboxes[0].cmd.Process.Signal(syscall.SIGCONT))
	b.sandboxes[1].kill()
	b.sell(t, shop)

	b.database.Stop(t)
	b.until(t, http.StatusServiceUnavailable)
	answer := b.ask(t, http.MethodGet, "/_mock/health")
	require.Equal(t, "1", answer.Header.Get("Retry-After"), "the sandbox itself says that the database is gone")
	b.database.Resume(t)
	b.until(t, http.StatusOK)
	b.sell(t, shop)
}

// shop opens the example shop, which has one address for the sandbox.
func (b balanced) shop(t *testing.T) shop {
	t.Helper()
	m := merchant{sandbox: sandbox{url: b.url}, key: "test_shop"}
	return open(t, merchants["go"](t), m)
}

// sell takes orders through, each of whose steps another process may answer. Requests that were sent to a process that
// ends are not repeated, so orders go through from when the load balancer knows.
func (b balanced) sell(t *testing.T, s shop) {
	t.Helper()
	require.Eventually(t, func() bool {
		for range 4 {
			status, _ := request(t, http.MethodPost, s.url+"/orders", jsonType, `{"amount": 1, "currency": "TRY"}`)
			if status != http.StatusOK {
				return false
			}
		}
		return true
	}, patience, 50*time.Millisecond)

	for range 4 {
		o := s.order(t, "100.50", "TRY")
		require.True(t, strings.HasPrefix(o.RedirectURL, b.url+"/"), o.RedirectURL)
		require.Contains(t, payOnPage(t, o.RedirectURL, goodCard), `data-status="SUCCESS"`)
		require.Eventually(t, func() bool { return s.believes(t, o) == paid }, patience, 20*time.Millisecond)
	}
}

// ask makes a request with the admin token, and answers without the body.
func (b balanced) ask(t *testing.T, method, path string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, b.url+path, nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+sharedToken)
	answer, err := client.Do(req)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer
}

// testFault creates checkouts at the same time, so that some need connections of their own. None is answered, and none
// is repeated: the scenario's limit counts them all, and what comes then has an answer.
func (b balanced) testFault(t *testing.T) {
	status, text := request(t, http.MethodPut, b.url+"/_mock/scenarios?merchant=test_fault", jsonType,
		`{"version":1,"scenarios":[{"name":"broken","limit":8,"create":{"fault":"reset"}}]}`,
		"Authorization", "Bearer "+sharedToken)
	require.Equal(t, http.StatusOK, status, string(text))

	create := func() (int, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/api/checkout",
			strings.NewReader(`{"orderId":"o1","amount":1,"currency":"TRY","callback":"http://127.0.0.1:1/callback"}`))
		if err != nil {
			return 0, err
		}
		req.Header = http.Header{"X-Api-Key": {"test_fault"}, "X-Api-Secret": {"s"}, "Content-Type": {jsonType}}
		answer, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			return 0, err
		}
		return answer.StatusCode, answer.Body.Close()
	}
	var creating sync.WaitGroup
	for range 8 {
		creating.Go(func() {
			if status, err := create(); err == nil {
				t.Errorf("a checkout that breaks off was answered with %d", status)
			}
		})
	}
	creating.Wait()

	status, err := create()
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
}

// testDashboard logs in and looks at pages, which ask for the log-in again at another process.
func (b balanced) testDashboard(t *testing.T) {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: jar, Timeout: patience}
	answer, err := browser.PostForm(b.url+"/_mock/ui/login", url.Values{"token": {sharedToken}})
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())

	for _, page := range []string{"", "journal", "payments", "scenarios", "sandbox", ""} {
		answer, err := browser.Get(b.url + "/_mock/ui/" + page)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusOK, answer.StatusCode)
		require.Equal(t, "/_mock/ui/"+page, answer.Request.URL.Path, "led to another page")
	}
}
