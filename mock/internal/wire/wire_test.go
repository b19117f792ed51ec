package wire_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
)

func TestTextsAreWrittenAsEncodingJSONWritesThem(t *testing.T) {
	t.Parallel()
	texts := []string{
		"", "http://127.0.0.1:8080/checkout-link/d8bde14f", `"`, `a\b`, "<script>", "a&b", "mağaza", "\xff", "a\u2028b",
		"\U0001F600",
	}
	for c := range rune(utf8.RuneSelf) {
		texts = append(texts, "x"+string(c)+"y")
	}
	for _, text := range texts {
		want, err := json.Marshal(text)
		require.NoError(t, err)
		require.Equal(t, "["+string(want), string(wire.AppendText([]byte("["), text)))
	}
}
