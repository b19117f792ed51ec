// Command shop orders through the clients that oapi-codegen makes. README.md says what it prints.
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

	"shop/control"
	"shop/payporter"
)

type shop struct {
	orders  *payporter.ClientWithResponses
	sandbox *control.ClientWithResponses
}

func main() {
	s, err := newShop(os.Getenv("SANDBOX_URL"))
	if err == nil {
		err = s.run(context.Background(), os.Args[1:])
	}
	if err != nil {
		log.Fatal(err)
	}
}

func newShop(url string) (s shop, err error) {
	if s.orders, err = payporter.NewClientWithResponses(url, payporter.WithRequestEditorFn(authenticate)); err != nil {
		return s, err
	}
	s.sandbox, err = control.NewClientWithResponses(url, control.WithRequestEditorFn(authenticate))
	return s, err
}

func authenticate(_ context.Context, r *http.Request) error {
	r.Header.Set("X-API-KEY", os.Getenv("API_KEY"))
	r.Header.Set("X-API-SECRET", os.Getenv("API_SECRET"))
	return nil
}

func (s shop) run(ctx context.Context, orders []string) error {
	for _, order := range orders {
		part := strings.Split(order, ":")
		payment, err := s.order(ctx, part[0], part[1], part[2], "5421190122090656")
		if err != nil {
			return fmt.Errorf("%s: %w", order, err)
		}
		fmt.Println("order", payment.OrderId, payment.Amount, payment.Status)
	}

	declined, err := s.order(ctx, "ORD-DECLINED", "100.50", "TRY", "4111111111111129")
	if err != nil {
		return err
	}
	fmt.Println("declined", declined.Status, *declined.ResultCode)

	if err := s.refused(ctx); err != nil {
		return err
	}
	return s.control(ctx)
}

// order creates a checkout, lets a customer pay, and asks for the payment.
func (s shop) order(ctx context.Context, id, amount, currency, card string) (*payporter.ApiPaymentResponse, error) {
	created, err := s.create(ctx, id, amount, currency)
	if err != nil {
		return nil, err
	}
	if created.JSON200 == nil {
		return nil, errors.New(string(created.Body))
	}

	pay := control.PayCheckoutJSONRequestBody{Card: new(control.PayCheckoutJSONBodyCard(card))}
	paid, err := s.sandbox.PayCheckoutWithResponse(ctx, created.JSON200.CheckoutId, nil, pay)
	if err != nil {
		return nil, err
	}
	if paid.JSON200 == nil || paid.JSON200.OrderId != id {
		return nil, errors.New(string(paid.Body))
	}

	payment, err := s.orders.GetCheckoutWithResponse(ctx, created.JSON200.CheckoutId)
	if err != nil {
		return nil, err
	}
	if payment.JSON200 == nil {
		return nil, errors.New(string(payment.Body))
	}
	return payment.JSON200, nil
}

func (s shop) create(ctx context.Context, id, amount, currency string) (*payporter.CreateCheckoutResponse, error) {
	value, err := strconv.ParseFloat(amount, 64)
	if err != nil {
		return nil, err
	}
	return s.orders.CreateCheckoutWithResponse(ctx, payporter.CreateCheckoutRequest{
		OrderId: id, Amount: value, Currency: payporter.CreateCheckoutRequestCurrency(currency),
		Callback: "http://127.0.0.1:9/payment-callback",
	})
}

func (s shop) refused(ctx context.Context) error {
	refused, err := s.create(ctx, "ORD-REFUSED", "100.505", "TRY")
	if err != nil {
		return err
	}
	if refused.JSON400 == nil {
		return fmt.Errorf("not refused: %s", refused.Body)
	}
	fmt.Println("refused", refused.StatusCode(), *refused.JSON400.MessageCode, (*refused.JSON400.Errors)[0].Field)
	return nil
}
