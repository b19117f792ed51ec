// Command shop orders through the clients that ogen makes. README.md says what it prints.
package main

import (
	"context"
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
	orders  *payporter.Client
	sandbox *control.Client
}

// credentials are what the clients ask for, for each request.
type credentials struct{}

func (credentials) ApiKey(context.Context, payporter.OperationName) (payporter.ApiKey, error) {
	return payporter.ApiKey{APIKey: os.Getenv("API_KEY")}, nil
}

func (credentials) ApiSecret(context.Context, payporter.OperationName) (payporter.ApiSecret, error) {
	return payporter.ApiSecret{APIKey: os.Getenv("API_SECRET")}, nil
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
	if s.orders, err = payporter.NewClient(url, credentials{}); err != nil {
		return s, err
	}
	s.sandbox, err = control.NewClient(url, noToken{}, control.WithClient(asksForJSON{}))
	return s, err
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
	fmt.Println("declined", declined.Status, declined.ResultCode.Value)

	refused, err := s.create(ctx, "ORD-REFUSED", "100.505", "TRY")
	if err != nil {
		return err
	}
	fault, ok := refused.(*payporter.CreateCheckoutBadRequest)
	if !ok {
		return fmt.Errorf("not refused: %+v", refused)
	}
	fmt.Println("refused", http.StatusBadRequest, fault.MessageCode.Value, fault.Errors[0].Field)
	return s.control(ctx)
}

// order creates a checkout, lets a customer pay, and asks for the payment.
func (s shop) order(ctx context.Context, id, amount, currency, card string) (*payporter.ApiPaymentResponse, error) {
	answer, err := s.create(ctx, id, amount, currency)
	if err != nil {
		return nil, err
	}
	link, ok := answer.(*payporter.CheckoutLink)
	if !ok {
		return nil, fmt.Errorf("create: %+v", answer)
	}

	pay := control.PayCheckoutReq{Card: control.NewOptPayCheckoutReqCard(control.PayCheckoutReqCard(card))}
	checkout := control.PayCheckoutParams{CheckoutId: link.CheckoutId, Merchant: merchant()}
	if _, err := s.sandbox.PayCheckout(ctx, control.NewOptPayCheckoutReq(pay), checkout); err != nil {
		return nil, err
	}

	got, err := s.orders.GetCheckout(ctx, payporter.GetCheckoutParams{CheckoutId: link.CheckoutId})
	if err != nil {
		return nil, err
	}
	payment, ok := got.(*payporter.ApiPaymentResponse)
	if !ok {
		return nil, fmt.Errorf("get: %+v", got)
	}
	return payment, nil
}

func (s shop) create(ctx context.Context, id, amount, currency string) (payporter.CreateCheckoutRes, error) {
	value, err := strconv.ParseFloat(amount, 64)
	if err != nil {
		return nil, err
	}
	return s.orders.CreateCheckout(ctx, &payporter.CreateCheckoutRequest{
		OrderId: id, Amount: value, Currency: payporter.CreateCheckoutRequestCurrency(currency),
		Callback: "http://127.0.0.1:9/payment-callback",
	})
}

func merchant() control.OptString { return control.NewOptString(os.Getenv("API_KEY")) }
