package mock_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// arrivals are callbacks in the order in which they came, by the path that they came to and their format.
type arrivals struct {
	*httptest.Server
	mu  sync.Mutex
	got map[string][]string
}

func newArrivals(t *testing.T) *arrivals {
	t.Helper()
	a := &arrivals{got: map[string][]string{}}
	a.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		said := struct{ CheckoutID string }{r.FormValue("checkoutId")}
		key := r.URL.Path
		if r.Header.Get("Content-Type") == "application/json" {
			_ = json.NewDecoder(r.Body).Decode(&said) // what cannot be read has said nothing
			key += " as json"
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		a.got[key] = append(a.got[key], said.CheckoutID)
	}))
	t.Cleanup(a.Close)
	return a
}

func (a *arrivals) at(path string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.got[path])
}

// TestDeliveriesOfOneTimeGoInTheFilesOrder has several deliveries at each of two times. Whatever clock the merchant
// has, they arrive as they stand in the file.
func TestDeliveriesOfOneTimeGoInTheFilesOrder(t *testing.T) {
	t.Parallel()
	file := `version: 1
scenarios:
  - name: turns
    callback:
      deliveries:
        - {after: 50ms, as: json, checkoutId: malformed}
        - {checkoutId: missing}
        - {}
        - {checkoutId: malformed}
        - {}
        - {after: 50ms, as: json, checkoutId: missing}
        - {checkoutId: missing, count: 2, concurrently: true}
        - {}
        - {after: 50ms, as: json}
`
	for name, frozen := range map[string]bool{"with a real clock": false, "with a frozen clock": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, shop := start(t, mock.Config{Payer: mock.PayerAuto}), newArrivals(t)
			c := clientOf(t, srv)
			require.Equal(t, http.StatusOK, c.put(file).status)
			if frozen {
				srv.Freeze()
			}
			ids := map[string]string{}
			for i := range 10 {
				path := fmt.Sprintf("/%d", i)
				ids[path] = c.create("ORD-"+path[1:], shop.URL+path)
			}
			if frozen {
				srv.Advance(time.Second)
			}
			c.await("kind=callback&status=DELIVERED&count=100")

			for path, id := range ids {
				require.Equal(t, []string{"", id, "not-a-uuid", id, "", "", id}, shop.at(path), path)
				require.Equal(t, []string{"not-a-uuid", "", id}, shop.at(path+" as json"), path)
			}
		})
	}
}

// A delivery that fails holds up only those of its time, and they go on.
func TestDeliveryThatFailsDoesNotKeepTheNextFromItsTurn(t *testing.T) {
	t.Parallel()
	srv, shop := start(t, mock.Config{}), newShop(t, http.StatusInternalServerError, http.StatusOK)
	c := clientOf(t, srv)
	turns := "version: 1\nscenarios: [{name: turns, callback: {deliveries: [{checkoutId: missing}, {}]}}]\n"
	require.Equal(t, http.StatusOK, c.put(turns).status)
	id := c.create("ORD-1", shop.callback())
	srv.Pay(id, goodCard)
	c.await("kind=callback&status=FAILED")
	c.await("kind=callback&status=DELIVERED")
	got := shop.received()
	require.Equal(t, []string{"", id}, []string{got[0].form.Get("checkoutId"), got[1].form.Get("checkoutId")})
	srv.Advance(time.Minute)
	require.Len(t, shop.received(), 3)
	require.Empty(t, shop.received()[2].form.Get("checkoutId"), "only the one that failed is sent again")
}
