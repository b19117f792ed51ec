package mock_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/payment"
)

// signing is a webhook to be signed.
type signing struct{ ID, Secret, RequestTime, Body string }

// What the sandbox signs, every language signs the same way, with nothing but its standard library.
func TestVectorsAreSignedAlikeInEveryLanguage(t *testing.T) {
	t.Parallel()
	cases := vectors[signing](t, "signatures")
	var lines, want strings.Builder
	for _, v := range cases {
		fmt.Fprintf(&lines, "%x %s %x\n", v.Secret, v.RequestTime, v.Body)
		fmt.Fprintln(&want, payment.SignWebhook(payment.Secret(v.Secret), v.RequestTime, []byte(v.Body)))
	}

	for program, script := range map[string]string{
		"node": "sign.js", "python3": "sign.py", "php": "sign.php",
		"java": "Sign.java",
	} {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			sign := exec.CommandContext(t.Context(), installed(t, program), filepath.Join("..", "testdata", "vectors", "sign",
				script))
			require.Equal(t, want.String(), run(t, sign, lines.String()))
		})
	}
	t.Run("openssl", func(t *testing.T) {
		t.Parallel()
		openssl := installed(t, "openssl")
		signatures := strings.Fields(want.String())
		for i, v := range cases {
			key := fmt.Sprintf("hexkey:%x", v.Secret)
			sign := exec.CommandContext(t.Context(), openssl, "dgst", "-sha256", "-mac", "HMAC", "-macopt", key, "-r")
			signed, _, _ := strings.Cut(run(t, sign, v.RequestTime+":"+v.Body), " ")
			require.Equal(t, signatures[i], signed, v.ID)
		}
	})
}

// installed is the path of a program, without which the test is left out, unless everything must be tested.
func installed(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		extent.Required(t, program+" is not installed")
	}
	return path
}

// run is what a program writes when it has read a text.
func run(t *testing.T, program *exec.Cmd, text string) string {
	t.Helper()
	var faults bytes.Buffer
	program.Stdin, program.Stderr = strings.NewReader(text), &faults
	out, err := program.Output()
	require.NoError(t, err, "%s", faults.String())
	return string(out)
}
