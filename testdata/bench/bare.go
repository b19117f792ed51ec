package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// order is what the bare program decodes.
type order struct {
	OrderID                string  `json:"orderId"`
	Amount                 float64 `json:"amount"`
	Currency               string  `json:"currency"`
	Description            string  `json:"description"`
	Callback               string  `json:"callback"`
	CustomerID             string  `json:"customerId"`
	MaxInstallmentCount    int     `json:"maxInstallmentCount"`
	InterestPaidByCustomer bool    `json:"interestPaidByCustomer"`
}

// nobody is a callback that is not called: creates are measured alone.
const nobody = "http://127.0.0.1:9/"

// paid is what the bare program answers to every GET: as much as the sandbox does.
const paid = `{"paymentId":"eebc4cc4-a1e1-4e8e-a8d8-cd8b36e82006","orderId":"ORD-12345","amount":100.50,"installmentCount":1,"currency":"TRY",` +
	`"merchantCommission":1.87,"status":"SUCCESS","transactionType":"SALE","paymentDate":"2026-01-31T12:00:00Z","cardHolderName":"SEAN RHODES",` +
	`"pan":"542119******0656","domInt":"DOM","cardScheme":"MASTERCARD","cardType":"CREDIT","cardSubType":"PLATINUM","loyaltyCode":"WORLD",` +
	`"externalTransactionId":"EXT619111950","authCode":"AUTH628728","resultCode":"SUCCESS","resultMessage":"Successful"}`

// serveBare makes the same exchanges as the sandbox and does nothing else: it checks and keeps nothing, and signs
// nothing.
func serveBare(addr, webhook string) error {
	told := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DialContext: dialHere}}
	http.HandleFunc("POST /api/checkout", func(w http.ResponseWriter, r *http.Request) {
		var o order
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		id := "123e4567-e89b-12d3-a456-" + padded(o.OrderID)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]string{
			"checkoutId": id, "redirectUrl": "http://" + r.Host + "/checkout-link/" + id,
		})
		if !strings.HasPrefix(o.Callback, nobody) {
			go tell(told, o.Callback, id)
		}
	})
	http.HandleFunc("GET /api/checkout/{id}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, paid)
	})
	http.HandleFunc("POST /api/payment", func(w http.ResponseWriter, r *http.Request) {
		var o order
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		payment := strings.Replace(paid, "ORD-12345", o.OrderID, 1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, payment)
		go postTo(told, webhook, "application/json", []byte(payment))
	})
	return http.ListenAndServe(addr, nil) // ends with its process
}

// dialHere reaches this machine alone, whatever a callback says.
func dialHere(ctx context.Context, network, address string) (net.Conn, error) {
	if !strings.HasPrefix(address, "127.0.0.1:") {
		return nil, fmt.Errorf("%s is not on this machine", address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// padded makes the last group of a UUID from an order number.
func padded(orderID string) string { return (strings.Map(digit, orderID) + "000000000000")[:12] }

func digit(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

func tell(client *http.Client, callback, id string) {
	postTo(client, callback, "application/x-www-form-urlencoded", []byte(url.Values{"checkoutId": {id}}.Encode()))
}

func postTo(client *http.Client, target, kind string, body []byte) {
	res, err := client.Post(target, kind, bytes.NewReader(body))
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
}
