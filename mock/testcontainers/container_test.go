package testcontainers_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tc "github.com/testcontainers/testcontainers-go"

	"github.com/payporter-mock/payporter-mock/mock/testcontainers"
)

// Each option says what it should to the engine, whether one is here or not.
func TestOptions(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mine.yaml")
	if err := os.WriteFile(file, []byte("version: 1\nscenarios: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	request := tc.GenericContainerRequest{}
	for _, option := range []tc.ContainerCustomizer{
		testcontainers.WithPayer("auto"), testcontainers.WithSeed(7), testcontainers.WithScenarios(file),
		testcontainers.WithCallbacksTo(3000),
	} {
		if err := option.Customize(&request); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"PAYPORTER_MOCK_PAYER": "auto", "PAYPORTER_MOCK_SEED": "7", "PAYPORTER_MOCK_SCENARIOS": "/scenarios.yaml",
		"PAYPORTER_MOCK_CALLBACK_ALLOW": "host.testcontainers.internal",
	} {
		if got := request.Env[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if len(request.Files) != 1 || request.Files[0].HostFilePath != file {
		t.Errorf("files are %v", request.Files)
	}
	if len(request.HostAccessPorts) != 1 || request.HostAccessPorts[0] != 3000 {
		t.Errorf("host ports are %v", request.HostAccessPorts)
	}
}

// TestRun wants a Docker engine and the image; PAYPORTER_MOCK_IMAGE names it.
func TestRun(t *testing.T) {
	image := os.Getenv("PAYPORTER_MOCK_IMAGE")
	if image == "" {
		t.Skip("PAYPORTER_MOCK_IMAGE names no image")
	}
	c, err := testcontainers.Run(t.Context(), image, testcontainers.WithPayer("auto"), testcontainers.WithSeed(1))
	if err != nil {
		t.Fatal(err)
	}
	tc.CleanupContainer(t, c)
	body := `{"orderId": "ORD-1", "amount": 100.50, "currency": "TRY", "callback": "http://127.0.0.1:9/payment-callback"}`
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.URL+"/api/checkout",
		strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-API-KEY", c.APIKey)
	request.Header.Set("X-API-SECRET", c.APISecret)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("the create was answered %s", answer.Status)
	}
}
