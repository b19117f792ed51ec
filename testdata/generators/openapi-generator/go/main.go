// Command shop orders through the client that openapi-generator makes for Go. README.md says what it prints.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/GIT_USER_ID/GIT_REPO_ID"
)

type shop struct {
	orders *openapi.APIClient
	ctx    context.Context // carries the credentials
}

func main() {
	s := newShop(os.Getenv("SANDBOX_URL"))
	if err := s.run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func newShop(url string) shop {
	configuration := openapi.NewConfiguration()
	configuration.Servers = openapi.ServerConfigurations{{URL: url}}
	return shop{
		orders: openapi.NewAPIClient(configuration),
		ctx: context.WithValue(context.Background(), openapi.ContextAPIKeys, map[string]openapi.APIKey{
			"ApiKey": {Key: os.Getenv("API_KEY")}, "ApiSecret": {Key: os.Getenv("API_SECRET")},
		}),
	}
}

func (s shop) run(orders []string) error {
	for _, order := range orders {
		part := strings.Split(order, ":")
		payment, err := s.order(part[0], part[1], part[2], "5421190122090656")
		if err != nil {
			return fmt.Errorf("%s: %w", order, err)
		}
		fmt.Println("order", payment.OrderId, payment.Amount, payment.Status)
	}

	declined, err := s.order("ORD-DECLINED", "100.50", "TRY", "4111111111111129")
	if err != nil {
		return err
	}
	fmt.Println("declined", declined.Status, declined.GetResultCode())
	return s.refused()
}

// order creates a checkout, lets a customer pay, and asks for the payment.
func (s shop) order(id, amount, currency, card string) (*openapi.ApiPaymentResponse, error) {
	link, _, err := s.create(id, amount, currency)
	if err != nil {
		return nil, err
	}
	if err := s.pay(link.CheckoutId, card); err != nil {
		return nil, err
	}
	payment, _, err := s.orders.CheckoutAPI.GetCheckout(s.ctx, link.CheckoutId).Execute()
	return payment, err
}

func (s shop) create(id, amount, currency string) (*openapi.CheckoutLink, *http.Response, error) {
	value, err := strconv.ParseFloat(amount, 64)
	if err != nil {
		return nil, nil, err
	}
	request := openapi.NewCreateCheckoutRequest(id, value, currency, "http://127.0.0.1:9/payment-callback")
	return s.orders.CheckoutAPI.CreateCheckout(s.ctx).CreateCheckoutRequest(*request).Execute()
}

func (s shop) refused() error {
	_, answer, err := s.create("ORD-REFUSED", "100.505", "TRY")
	var refused *openapi.GenericOpenAPIError
	if !errors.As(err, &refused) {
		return fmt.Errorf("not refused: %w", err)
	}
	fault, ok := refused.Model().(openapi.ApiError)
	if !ok {
		return fmt.Errorf("the error has no type of its own: %T", refused.Model())
	}
	fmt.Println("refused", answer.StatusCode, fault.GetMessageCode(), fault.Errors[0].Field)
	return nil
}

// pay lets a customer pay.
func (s shop) pay(checkoutID, card string) error {
	r, err := http.NewRequest(http.MethodPost, os.Getenv("SANDBOX_URL")+"/_mock/checkouts/"+checkoutID+"/pay",
		strings.NewReader(`{"card": "`+card+`"}`))
	if err != nil {
		return err
	}
	r.Header.Set("X-API-KEY", os.Getenv("API_KEY"))
	r.Header.Set("Content-Type", "application/json")

	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return errors.New("pay: " + res.Status)
	}
	return res.Body.Close()
}
