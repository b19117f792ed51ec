package mock_test

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// exampleTB stands in for the *testing.T that an example does not have.
type exampleTB struct{ cleanUps []func() }

func exampleT() *exampleTB { return &exampleTB{} }

func (t *exampleTB) Name() string                      { return "ExampleStart" }
func (t *exampleTB) Helper()                           {}
func (t *exampleTB) Cleanup(f func())                  { t.cleanUps = append(t.cleanUps, f) }
func (t *exampleTB) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func (t *exampleTB) cleanUp() {
	for _, f := range t.cleanUps {
		f()
	}
	http.DefaultClient.CloseIdleConnections()
}

func checkoutIDOf(res *http.Response) string {
	var created struct{ CheckoutID string }
	_ = json.NewDecoder(res.Body).Decode(&created) // an empty id fails the next step
	return created.CheckoutID
}
