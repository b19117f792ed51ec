package mock_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	payporter "github.com/payporter-mock/payporter-mock"
	"github.com/payporter-mock/payporter-mock/internal/extent"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock"
	"github.com/payporter-mock/payporter-mock/payment"
)

// The golden files for SDK authors are held against what they speak of: the sandbox over real HTTP,
// openapi.yaml, and the arithmetic itself.

// vectors reads the cases of a golden file.
func vectors[Case any](t *testing.T, kind string) []Case {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("..", "testdata", "vectors", kind+".json"))
	require.NoError(t, err)
	var file struct{ Cases []Case }
	require.NoError(t, json.Unmarshal(source, &file))
	require.Greater(t, len(file.Cases), 10)
	return file.Cases
}

func TestVectorsHaveTheirSchema(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "testdata", "vectors")
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(dir, "schema.json"))
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	require.Len(t, files, 7)
	for _, path := range files {
		if filepath.Base(path) == "schema.json" {
			continue
		}
		source, err := os.ReadFile(path)
		require.NoError(t, err)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(source))
		require.NoError(t, err, path)
		require.NoError(t, schema.Validate(value), path)
		seen := map[string]bool{}
		for _, one := range value.(map[string]any)["cases"].([]any) {
			id := one.(map[string]any)["id"].(string)
			require.False(t, seen[id], "%s: %s is there twice", path, id)
			seen[id] = true
		}
	}
}

func TestVectorsAreReadInAnotherLanguage(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		extent.Required(t, "python3 is not installed")
	}
	out, err := exec.CommandContext(t.Context(), python, filepath.Join("..", "testdata", "vectors",
		"check.py")).CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Regexp(t, `^1[0-9]{2} cases read\n$`, string(out))
}

func TestVectorsOfRequests(t *testing.T) {
	t.Parallel()
	type vector struct {
		ID      string
		Request struct {
			Method, Path string
			Headers      map[string]string
			Body         *string
		}
		Answer struct {
			Status      int
			MessageCode string
			Fields      []string
		}
	}
	srv := start(t, mock.Config{})
	for _, v := range vectors[vector](t, "requests") {
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			c := clientOf(t, srv)
			var body io.Reader
			if v.Request.Body != nil {
				body = strings.NewReader(*v.Request.Body)
			}
			req, err := http.NewRequestWithContext(t.Context(), v.Request.Method, srv.URL+v.Request.Path, body)
			require.NoError(t, err)
			for name, value := range v.Request.Headers {
				req.Header.Set(name, value)
			}
			r := c.send(req)
			require.Equal(t, v.Answer.Status, r.status, r.raw)
			require.Equal(t, v.Answer.MessageCode, r.text("messageCode"))
			fields := []string{}
			list, _ := r.body["errors"].([]any)
			for _, e := range list {
				fields = append(fields, e.(map[string]any)["field"].(string))
			}
			require.Equal(t, append([]string{}, v.Answer.Fields...), fields, r.raw)
		})
	}
}

func TestVectorsOfAmounts(t *testing.T) {
	t.Parallel()
	type vector struct {
		ID, Number, Currency, MinorUnits, Answered string
		Accepted                                   bool
	}
	srv := start(t, mock.Config{})
	for _, v := range vectors[vector](t, "amounts") {
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			c := clientOf(t, srv)
			r := c.post("/api/checkout", order("ORD-"+v.ID, "https://shop.example.com/cb", "amount", v.Number, "currency",
				strconv.Quote(v.Currency)))
			amount, err := payment.ParseAmount(v.Number, v.Currency)
			if !v.Accepted {
				require.Equal(t, http.StatusBadRequest, r.status, r.raw)
				return
			}
			require.Equal(t, http.StatusOK, r.status, r.raw)
			require.NoError(t, err)
			require.Equal(t, v.MinorUnits, strconv.FormatInt(amount.Minor(), 10))
			require.Equal(t, json.Number(v.Answered), c.get("/api/checkout/" + r.text("checkoutId")).body["amount"])
		})
	}
}

// answerVector is a case of answers.json or errors.json.
type answerVector struct {
	ID, Operation, Body string
	Status              int
	Conforms            bool
	Paid                *bool
	Headers             map[string]string
	MessageCode         *string
}

// conform holds a case against openapi.yaml.
func (v answerVector) conform(t *testing.T) {
	t.Helper()
	doc, err := openapi.Parse(payporter.OpenAPI())
	require.NoError(t, err)
	op, ok := doc.Operation(v.Operation)
	require.True(t, ok)
	header := http.Header{"Content-Type": {"application/json"}}
	for name, value := range v.Headers {
		header.Set(name, value)
	}
	faults := op.CheckAnswer(v.Status, header, []byte(v.Body))
	require.Equal(t, v.Conforms, len(faults) == 0, "%s: %v", v.ID, faults)
}

func TestVectorsOfAnswers(t *testing.T) {
	t.Parallel()
	seen := map[payment.Status]bool{}
	for _, v := range vectors[answerVector](t, "answers") {
		v.conform(t)
		if v.Operation != "getCheckout" {
			require.Nil(t, v.Paid, v.ID)
			continue
		}
		var told struct{ Status payment.Status }
		err := json.Unmarshal([]byte(v.Body), &told)
		require.NotNil(t, v.Paid, v.ID)
		require.Equal(t, err == nil && told.Status == payment.Success, *v.Paid, v.ID)
		if v.Conforms {
			seen[told.Status] = true
		}
	}
	for _, status := range payment.Statuses() {
		require.True(t, seen[status], "no answer has the status %s", status)
	}
}

// The sandbox answers what the vectors say, apart from the request's id.
func TestVectorsOfErrors(t *testing.T) {
	t.Parallel()
	const callback = "https://shop.example.com/cb"
	c := clientOf(t, start(t, mock.Config{NoRepeatOrder: true}))
	c.create("ORD-1", callback)
	scripted := func(name string) reply {
		req := c.request("POST", "/api/checkout", order("ORD-"+name, callback))
		req.Header.Set("X-Mock-Scenario", name)
		return c.send(req)
	}
	req := c.request("PUT", "/_mock/scenarios", "version: 1\nscenarios: [{name: broken, create: {respond: {status: "+
		"500}}, when: {orderId: never}}]")
	req.Header.Set("Content-Type", "application/yaml")
	require.Equal(t, http.StatusOK, c.send(req).status)
	plain := c.request("POST", "/api/checkout", order("ORD-2", callback))
	plain.Header.Set("Content-Type", "text/plain")
	answered := map[string]reply{
		"two-fields":        c.post("/api/checkout", order("ORD-2", callback, "amount", "-5", "currency", `"TL"`)),
		"unauthorized":      (&client{t, c.base, c.key, "wrong"}).get("/api/checkout/123e4567-e89b-12d3-a456-426614174000"),
		"not-found":         c.get("/api/checkout/123e4567-e89b-12d3-a456-426614174000"),
		"repeated-order":    c.post("/api/checkout", order("ORD-1", callback)),
		"too-large":         c.post("/api/checkout", strings.Repeat(" ", 70_000)),
		"wrong-type":        c.send(plain),
		"too-many-requests": scripted("rate-limited"),
		"server-fault":      scripted("broken"),
	}
	for _, v := range vectors[answerVector](t, "errors") {
		v.conform(t)
		got, real := answered[v.ID]
		require.Equal(t, v.MessageCode != nil, real, v.ID)
		if !real {
			continue // what other servers answer
		}
		delete(answered, v.ID)
		var want map[string]any
		require.NoError(t, json.Unmarshal([]byte(v.Body), &want))
		delete(want, "requestId")
		delete(got.body, "requestId")
		require.Equal(t, v.Status, got.status, v.ID)
		require.Equal(t, want, got.body, v.ID)
		require.Equal(t, v.Headers["Retry-After"], got.header.Get("Retry-After"), v.ID)
	}
	require.Empty(t, answered)
}

func TestVectorsOfCallbacks(t *testing.T) {
	t.Parallel()
	type vector struct {
		ID, ContentType, Body string
		CheckoutID            *string
	}
	arrived := make(chan vector, 1)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		arrived <- vector{ContentType: r.Header.Get("Content-Type"), Body: string(body)}
	}))
	t.Cleanup(receiver.Close)
	srv := start(t, mock.Config{})
	id := clientOf(t, srv).create("ORD-1", receiver.URL)
	srv.Pay(id, goodCard)
	real := <-arrived
	for _, v := range vectors[vector](t, "callbacks") {
		if v.ID == "form" { // what the sandbox itself sends
			require.Equal(t, v.ContentType, real.ContentType)
			require.Equal(t, v.Body, strings.Replace(real.Body, id, *v.CheckoutID, 1))
		}
		form, err := url.ParseQuery(v.Body)
		found := form["checkoutId"]
		usable := err == nil && strings.HasPrefix(v.ContentType, "application/x-www-form-urlencoded") && len(found) == 1 &&
			len(found[0]) == 36 && uuid.Validate(found[0]) == nil
		require.Equal(t, v.CheckoutID != nil, usable, v.ID)
		if usable {
			require.Equal(t, *v.CheckoutID, strings.ToLower(found[0]), v.ID)
		}
	}
}

func TestVectorsOfSignatures(t *testing.T) {
	t.Parallel()
	type vector struct {
		ID, Secret, RequestTime, Body, Signature, Now string
		Accepted                                      bool
	}
	for _, v := range vectors[vector](t, "signatures") {
		mac := hmac.New(sha256.New, []byte(v.Secret))
		_, _ = io.WriteString(mac, v.RequestTime+":"+v.Body) // never fails
		given, err := hex.DecodeString(v.Signature)
		require.NoError(t, err, v.ID)
		require.Equal(t, hex.EncodeToString(mac.Sum(nil)), payment.SignWebhook(payment.Secret(v.Secret), v.RequestTime,
			[]byte(v.Body)), v.ID)
		age := at(t, v.Now).Sub(at(t, v.RequestTime))
		require.Equal(t, v.Accepted, hmac.Equal(mac.Sum(nil), given) && age <= 5*time.Minute, v.ID)
	}
}

func at(t *testing.T, milliseconds string) time.Time {
	t.Helper()
	n, err := strconv.ParseInt(milliseconds, 10, 64)
	require.NoError(t, err)
	return time.UnixMilli(n)
}
