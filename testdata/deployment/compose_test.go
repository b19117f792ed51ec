package deployment_test

import (
	"regexp"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"
)

// project reads a file of the repository's folder as docker compose does, without the caller's environment.
func project(t *testing.T, file string, environment ...string) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{"../../" + file}, cli.WithEnv(environment),
		cli.WithProfiles([]string{"*"}), cli.WithResolvedPaths(false))
	require.NoError(t, err)
	p, err := options.LoadProject(t.Context())
	require.NoError(t, err)
	return p
}

func TestComposeFilesAreWhatComposeReads(t *testing.T) {
	t.Parallel()
	for file, services := range map[string][]string{
		"docker-compose.yml": {"sandbox", "shop", "shop-under-test", "verify"},
		"docker-compose.shared.yml": {
			"load-balancer", "postgres", "sandbox-1", "sandbox-2", "shop", "shop-under-test", "verify",
		},
	} {
		p := project(t, file)
		require.ElementsMatch(t, services, p.ServiceNames(), file)
		for name, s := range p.Services {
			require.Regexp(t, regexp.MustCompile(`^payporter-mock(-shop)?$|:[0-9]`), s.Image,
				"%s: %s has no fixed version", file, name)
			for _, port := range s.Ports {
				require.Equal(t, "127.0.0.1", port.HostIP, "%s: %s is published to other machines", file, name)
			}
		}
	}
}

func TestSharedSandboxesHaveTheSameSettings(t *testing.T) {
	t.Parallel()
	p := project(t, "docker-compose.shared.yml")
	one, two := p.Services["sandbox-1"], p.Services["sandbox-2"]
	require.Equal(t, one.Environment, two.Environment)
	require.Equal(t, one.Image, two.Image)
	require.Equal(t, types.ServiceConditionHealthy, two.DependsOn["sandbox-1"].Condition, "the first settles the settings")
	require.Empty(t, one.Ports, "only the load balancer is reached from outside")

	for _, name := range []string{"sandbox-1", "sandbox-2", "load-balancer", "shop"} {
		s := p.Services[name]
		require.True(t, s.ReadOnly, name)
		require.Equal(t, []string{"ALL"}, s.CapDrop, name)
		for other, on := range s.DependsOn {
			require.Equal(t, types.ServiceConditionHealthy, on.Condition, "%s waits for %s", name, other)
		}
	}
	for _, name := range []string{"postgres", "load-balancer", "shop"} { // the sandbox's check is in its image
		require.NotNil(t, p.Services[name].HealthCheck, name)
	}
}

// A password and a token of the caller's environment reach all who need them; no other place of the file has one.
func TestSharedSecretsComeFromTheEnvironment(t *testing.T) {
	t.Parallel()
	p := project(t, "docker-compose.shared.yml", "POSTGRES_PASSWORD=one", "ADMIN_TOKEN=two")
	require.Equal(t, "one", *p.Services["postgres"].Environment["POSTGRES_PASSWORD"])
	for _, name := range []string{"sandbox-1", "sandbox-2"} {
		s := p.Services[name]
		require.Equal(t, "postgres://payporter:one@postgres:5432/payporter", *s.Environment["PAYPORTER_MOCK_STORE"])
		require.Equal(t, "two", *s.Environment["PAYPORTER_MOCK_ADMIN_TOKEN"])
	}
	text, err := p.MarshalYAML()
	require.NoError(t, err)
	require.NotContains(t, string(text), "sandbox@", "the password that stands for none")
}
