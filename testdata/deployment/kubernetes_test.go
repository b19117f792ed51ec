package deployment_test

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// manifest are the objects of docs/kubernetes.yaml.
type manifest struct {
	account    core.ServiceAccount
	deployment apps.Deployment
	service    core.Service
	budget     policy.PodDisruptionBudget
}

// readManifest decodes strictly: a field that the API's type does not have (a letter of
// another case counts), or that stands there twice, is an error.
func readManifest(t *testing.T, text []byte) (m manifest, err error) {
	t.Helper()
	kinds := map[meta.TypeMeta]any{
		{APIVersion: "v1", Kind: "ServiceAccount"}:             &m.account,
		{APIVersion: "apps/v1", Kind: "Deployment"}:            &m.deployment,
		{APIVersion: "v1", Kind: "Service"}:                    &m.service,
		{APIVersion: "policy/v1", Kind: "PodDisruptionBudget"}: &m.budget,
	}
	for part := range bytes.SplitSeq(text, []byte("\n---\n")) {
		var kind meta.TypeMeta
		require.NoError(t, yaml.Unmarshal(part, &kind))
		require.Contains(t, kinds, kind)
		written, err := yaml.YAMLToJSONStrict(part)
		if err != nil {
			return m, err
		}
		faults, err := json.UnmarshalStrict(written, kinds[kind])
		if err := errors.Join(append(faults, err)...); err != nil {
			return m, err
		}
		delete(kinds, kind)
	}
	require.Empty(t, kinds)
	return m, nil
}

func readFile(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("../../docs/kubernetes.yaml")
	require.NoError(t, err)
	return text
}

func TestUnknownFieldsOfTheManifestAreFound(t *testing.T) {
	t.Parallel()
	text := readFile(t)
	for right, wrong := range map[string]string{
		"readinessProbe:":      "readynessProbe:",
		"minAvailable: 1":      "minAvailible: 1",
		"sessionAffinity:":     "sessionAffinities:",
		"cpu: 100m":            "cpu: much",
		"replicas: 2":          "replicas: two",
		"  replicas: 2":        "  replicas: 2\n  replicas: 3",
		"readOnlyRootFilesys":  "readOnlyRootFileSys",
		"terminationGracePeri": "terminationGracePery",
	} {
		require.Contains(t, string(text), right)
		_, err := readManifest(t, bytes.Replace(text, []byte(right), []byte(wrong), 1))
		require.Error(t, err, wrong)
	}
}

func TestManifestHoldsTogether(t *testing.T) {
	t.Parallel()
	m, err := readManifest(t, readFile(t))
	require.NoError(t, err)
	d := m.deployment.Spec
	labels := d.Template.Labels
	require.NotEmpty(t, labels)
	require.Equal(t, labels, d.Selector.MatchLabels)
	require.Equal(t, labels, m.service.Spec.Selector)
	require.Equal(t, labels, m.budget.Spec.Selector.MatchLabels)
	require.Equal(t, m.account.Name, d.Template.Spec.ServiceAccountName)

	require.GreaterOrEqual(t, *d.Replicas, int32(2))
	require.Equal(t, apps.RollingUpdateDeploymentStrategyType, d.Strategy.Type)
	require.Equal(t, intstr.FromInt32(0), *d.Strategy.RollingUpdate.MaxUnavailable)
	require.Less(t, m.budget.Spec.MinAvailable.IntVal, *d.Replicas, "else no node could be emptied")
	require.Equal(t, core.ServiceAffinityClientIP, m.service.Spec.SessionAffinity)

	require.Len(t, d.Template.Spec.Containers, 1)
	ports := d.Template.Spec.Containers[0].Ports
	require.Equal(t, intstr.FromString(ports[0].Name), m.service.Spec.Ports[0].TargetPort)
}

func TestContainerOfTheManifestHasProbesBoundsAndNoRights(t *testing.T) {
	t.Parallel()
	m, err := readManifest(t, readFile(t))
	require.NoError(t, err)
	pod := m.deployment.Spec.Template.Spec
	c := pod.Containers[0]
	for _, probe := range []*core.Probe{c.StartupProbe, c.ReadinessProbe} {
		require.Equal(t, "/_mock/health", probe.HTTPGet.Path)
		require.Equal(t, c.Ports[0].Name, probe.HTTPGet.Port.String())
	}
	require.NotNil(t, c.LivenessProbe.TCPSocket, "a restart does not bring the database back")

	require.False(t, c.Resources.Requests.Cpu().IsZero())
	require.False(t, c.Resources.Requests.Memory().IsZero())
	require.False(t, c.Resources.Limits.Memory().IsZero())
	require.True(t, *pod.SecurityContext.RunAsNonRoot)
	require.True(t, *c.SecurityContext.ReadOnlyRootFilesystem)
	require.False(t, *c.SecurityContext.AllowPrivilegeEscalation)
	require.Equal(t, []core.Capability{"ALL"}, c.SecurityContext.Capabilities.Drop)
	require.False(t, *pod.AutomountServiceAccountToken)
	require.False(t, *pod.EnableServiceLinks, "its variables would be taken for settings")
}

// What nobody else may know comes from a Secret, and all of it from the one that the head of the file makes.
func TestSecretsOfTheManifestAreReferences(t *testing.T) {
	t.Parallel()
	m, err := readManifest(t, readFile(t))
	require.NoError(t, err)
	secret := map[string]string{
		"PAYPORTER_MOCK_STORE": "store", "PAYPORTER_MOCK_API_KEY": "api-key", "PAYPORTER_MOCK_API_SECRET": "api-secret",
		"PAYPORTER_MOCK_ADMIN_TOKEN": "admin-token",
	}
	for _, v := range m.deployment.Spec.Template.Spec.Containers[0].Env {
		key, is := secret[v.Name]
		if !is {
			require.NotEmpty(t, v.Value, v.Name)
			continue
		}
		delete(secret, v.Name)
		require.Empty(t, v.Value, v.Name)
		require.Equal(t, "payporter-mock", v.ValueFrom.SecretKeyRef.Name)
		require.Equal(t, key, v.ValueFrom.SecretKeyRef.Key)
		require.Contains(t, string(readFile(t)), "--from-literal="+key+"=")
	}
	require.Empty(t, secret)
}
