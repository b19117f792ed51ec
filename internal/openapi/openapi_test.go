package openapi_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	payporter "github.com/payporter-mock/payporter-mock"
	"github.com/payporter-mock/payporter-mock/internal/openapi"
)

// merchantAPI is openapi.yaml, parsed.
func merchantAPI(tb testing.TB) *openapi.Document {
	tb.Helper()
	doc, err := openapi.Parse(payporter.OpenAPI())
	require.NoError(tb, err)
	return doc
}

func operation(tb testing.TB, id string) *openapi.Operation {
	tb.Helper()
	op, ok := merchantAPI(tb).Operation(id)
	require.True(tb, ok, id)
	return op
}

// sentences are what a person reads.
func sentences(violations []openapi.Violation) []string {
	list := []string{}
	for _, v := range violations {
		list = append(list, v.String())
	}
	return list
}

func marshal(tb testing.TB, value any) []byte {
	tb.Helper()
	data, err := json.Marshal(value)
	require.NoError(tb, err)
	return data
}

func number(tb testing.TB, text string) int {
	tb.Helper()
	n, err := strconv.Atoi(text)
	require.NoError(tb, err)
	return n
}

// jsonHeader is what every answer of the merchant API may have.
func jsonHeader() http.Header {
	return http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Retry-After": {"1"}}
}
