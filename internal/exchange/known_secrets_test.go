package exchange_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

const secret = `hush & "keep" it` // spelled otherwise in a query, a path and JSON

func TestMaskerKnowsASecretInEverySpelling(t *testing.T) {
	t.Parallel()
	inJSON, err := json.Marshal(secret)
	require.NoError(t, err)
	mask := exchange.NewMasker(secret, "abc", "")
	for name, spelled := range map[string]string{
		"plain": secret, "query": url.QueryEscape(secret), "path": url.PathEscape(secret),
		"JSON":           string(inJSON[1 : len(inJSON)-1]),
		"JSON of others": `hush & \"keep\" it`, "hexadecimal": hex.EncodeToString([]byte(secret)),
		"base64":           base64.RawStdEncoding.EncodeToString([]byte(secret)),
		"base64 with more": base64.URLEncoding.EncodeToString([]byte("key:" + secret + ":end")),
	} {
		text := "before " + spelled + " after"
		require.True(t, name == "path" || strings.HasPrefix(name, "JSON") || exchange.Tells(text, secret), name)
		for _, masked := range []string{mask.Known(text), mask.Own(text), mask.Text(text)} {
			require.Equal(t, "before *** after", masked, name)
			require.Equal(t, masked, mask.Text(masked), "masked twice")
		}
	}
	require.Equal(t, "abc", mask.Text("abc"), "what is that short is in every other word")
	require.False(t, exchange.Tells("nothing of it: "+base64.StdEncoding.EncodeToString(
		[]byte("something else entirely")), secret))
}

func TestMaskerLeavesTheOriginalAlone(t *testing.T) {
	t.Parallel()
	x := exchange.Exchange{
		From: "merchant", To: "payporter", Title: "create", Note: "4242424242424242", Error: secret,
		Request: &exchange.Message{
			Method: "POST", URL: "http://u:p@s.test/cb?token=x", Body: exchange.Body(`{"cvv":"123","a":1}`),
			Headers: map[string][]string{"X-Api-Secret": {"whatever"}, "Accept": {secret}},
		},
	}
	got := exchange.NewMasker(secret).Exchange(x)
	require.Equal(t, exchange.Exchange{
		From: "merchant", To: "payporter", Title: "create", Note: "424242******4242", Error: "***",
		Request: &exchange.Message{
			Method: "POST", URL: "http://s.test/cb?token=%2A%2A%2A", Body: exchange.Body(`{"cvv":"***","a":1}`),
			Headers: map[string][]string{"X-Api-Secret": {"***"}, "Accept": {"***"}},
		},
	}, got)
	require.Equal(t, `{"cvv":"123","a":1}`, x.Request.Body.String())
	require.Equal(t, []string{secret}, x.Request.Headers["Accept"])
}

func TestBriefMasksBeforeItCuts(t *testing.T) {
	t.Parallel()
	number := "4242424242424242"
	m := exchange.Message{
		Status: 200, Body: exchange.Body(strings.Repeat("x", 2040) + number + strings.Repeat("y", 100)),
		Headers: map[string][]string{"Location": {"/a"}, "Set-Cookie": {"a=b"}},
	}
	brief := exchange.NewMasker().Brief(m, "location")
	require.Equal(t, strings.Repeat("x", 2040)+"424242**...", brief.Body.String())
	require.Equal(t, map[string][]string{"Location": {"/a"}}, brief.Headers)
	require.Nil(t, exchange.NewMasker().Brief(m, "Retry-After").Headers)
	require.Equal(t, map[string][]string{"Location": {"/a"}, "Set-Cookie": {"***"}}, exchange.NewMasker().Brief(m).Headers)
}

func TestDoTellsOfAnAnswerThatBreaksOff(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		_, _ = w.Write([]byte("half"))
	}))
	t.Cleanup(server.Close)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	require.NoError(t, err)

	got, err := exchange.Do(http.DefaultClient, req, 1<<10)
	require.Error(t, err)
	require.Equal(t, http.StatusOK, got.Status)
	require.Equal(t, "half", got.Body.String())

	got, err = exchange.Do(http.DefaultClient, req, 2)
	require.NoError(t, err)
	require.Equal(t, "ha", got.Body.String())
}

func TestExchangeAsJSONIsReadBack(t *testing.T) {
	t.Parallel()
	x := exchange.Exchange{From: "a", To: "b", Title: "t", LatencyMS: 1.5, Response: &exchange.Message{
		Status: 200,
		Body:   exchange.Body("<ş>"),
	}}
	text, err := json.Marshal(x)
	require.NoError(t, err)
	require.JSONEq(t, `{"from":"a","to":"b","at":"0001-01-01T00:00:00Z","latencyMs":1.5,"title":"t","response":{"status":200,"body":"<ş>"}}`, string(text))

	var got exchange.Exchange
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, x, got)
	require.Equal(t, 1500*time.Microsecond, got.Took())
	require.Zero(t, exchange.Exchange{}.Answer())
}
