package mock_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/payporter-mock/payporter-mock/mock"
)

// Shop is the code under test: it takes callbacks at a URL of its own.
type exampleShop struct{ told chan string }

func (s exampleShop) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	s.told <- r.PostFormValue("checkoutId")
}

// A test starts a sandbox of its own, lets a customer pay, and moves time instead of waiting.
func ExampleStart() {
	t := exampleT() // in a test: its own t
	srv := mock.Start(t, mock.Config{})
	shop := exampleShop{told: make(chan string, 1)}
	shopServer := httptest.NewServer(shop)
	defer shopServer.Close()

	// The shop creates a checkout ...
	body := strings.NewReader(`{"orderId":"ORD-12345","amount":100.50,"currency":"TRY","callback":"` + shopServer.URL +
		`"}`)
	req, _ := http.NewRequest(http.MethodPost, srv.URL+"/api/checkout", body)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-API-KEY", srv.APIKey)
	req.Header.Set("X-API-SECRET", srv.APISecret)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer res.Body.Close()
	checkoutID := checkoutIDOf(res)

	// ... its customer pays with a card that is declined, then with a good one ...
	fmt.Println(srv.Pay(checkoutID, "4111111111111129").Payment.ResultMessage)
	srv.Advance(0)
	<-shop.told
	fmt.Println(srv.Pay(checkoutID, "5421190122090656").Payment.Status)

	// ... and the shop is told, at the latest when all retries are over.
	srv.Advance(48 * time.Hour)
	fmt.Println(<-shop.told == checkoutID, len(srv.Callbacks(checkoutID)))
	t.cleanUp()
	// Output:
	// Not sufficient funds
	// SUCCESS
	// true 2
}

var _ mock.TB = (*testing.T)(nil)
