// Package testcontainers runs payporter-mock in a container for a Go test. It is a module of its own, so that nobody
// else gets its dependencies. Where the test can run Go programs, package mock is quicker and needs no Docker.
package testcontainers

import (
	"context"
	"fmt"
	"strconv"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// port is where the sandbox listens in its container.
const port = "8080/tcp"

// Container is a running sandbox.
type Container struct {
	testcontainers.Container
	URL       string // of the sandbox, from this machine
	APIKey    string // of the merchant that always exists
	APISecret string // its secret
}

// Run starts the image and waits until the sandbox is ready. Its callbacks go nowhere unless an option says where. An
// error is the engine's; a container that did not become ready is ended.
func Run(ctx context.Context, image string, options ...testcontainers.ContainerCustomizer) (*Container, error) {
	all := []testcontainers.ContainerCustomizer{
		testcontainers.WithExposedPorts(port),
		testcontainers.WithEnv(map[string]string{"PAYPORTER_MOCK_ADMIN_TOKEN": "none"}), // the port is this machine's alone
		testcontainers.WithWaitStrategy(wait.ForHTTP("/_mock/health").WithPort(port)),
	}
	c, err := testcontainers.Run(ctx, image, append(all, options...)...)
	if err != nil {
		return nil, fmt.Errorf("run %q: %w", image, err)
	}

	url, err := c.PortEndpoint(ctx, port, "http")
	if err != nil {
		return nil, fmt.Errorf("find the address of %q: %w", image, err)
	}
	return &Container{Container: c, URL: url, APIKey: "test_key", APISecret: "test_secret"}, nil
}

// WithCallbacksTo lets callbacks go to a port of this machine, which the sandbox knows as
// http://host.testcontainers.internal:PORT.
func WithCallbacksTo(hostPort int) testcontainers.ContainerCustomizer {
	return several{
		testcontainers.WithHostPortAccess(hostPort),
		testcontainers.WithEnv(map[string]string{"PAYPORTER_MOCK_CALLBACK_ALLOW": testcontainers.HostInternal}),
	}
}

// WithPayer says who pays: page or auto.
func WithPayer(payer string) testcontainers.ContainerCustomizer { return setting("PAYER", payer) }

// WithSeed fixes what generated values are drawn from.
func WithSeed(seed uint64) testcontainers.ContainerCustomizer {
	return setting("SEED", strconv.FormatUint(seed, 10))
}

// WithScenarios puts a scenario file of this machine in force.
func WithScenarios(file string) testcontainers.ContainerCustomizer {
	const inside = "/scenarios.yaml"
	return several{
		testcontainers.WithFiles(testcontainers.ContainerFile{
			HostFilePath: file, ContainerFilePath: inside,
			FileMode: 0o444,
		}),
		setting("SCENARIOS", inside),
	}
}

func setting(flag, value string) testcontainers.ContainerCustomizer {
	return testcontainers.WithEnv(map[string]string{"PAYPORTER_MOCK_" + flag: value})
}

// several are options that belong together.
type several []testcontainers.ContainerCustomizer

// Customize implements testcontainers.ContainerCustomizer.
func (s several) Customize(request *testcontainers.GenericContainerRequest) error {
	for _, option := range s {
		if err := option.Customize(request); err != nil {
			return err
		}
	}
	return nil
}
