package api

import (
	"encoding/json"
	"net/http"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/payment"
)

// codes are the messageCodes that a merchant can meet. The document does not list them.
var codes = [...]payment.Code{
	payment.InvalidRequest, payment.Unauthorized, payment.NotFound, payment.WrongMethod, payment.RepeatedOrderID, payment.TooLarge,
	payment.UnsupportedType, payment.TooManyRequests, payment.Unavailable, payment.Scripted, payment.Internal,
}

// payments is what an answer about a checkout is called in a plan.
const payments = "GET /api/checkout/{checkoutId} 200 "

// neverAnswered is what the document allows for other payments than those that a checkout makes.
var neverAnswered = [...]string{
	"parentPaymentId present", "parentPaymentId absent", "transactionType CANCEL", "transactionType REFUND",
	"transactionType PRE_AUTH", "transactionType CAPTURE",
}

// Plan is what of the merchant API a merchant can exercise.
func Plan(d *openapi.Document) *openapi.Plan {
	var with, without []openapi.Point
	for _, code := range codes {
		with = append(with, answered(code))
	}
	for _, name := range neverAnswered {
		without = append(without, openapi.Point{Kind: openapi.AnswerKind, Name: payments + name})
	}
	return d.Plan(openapi.With(with...), openapi.Without(without...))
}

func answered(code payment.Code) openapi.Point {
	return openapi.Point{Kind: openapi.AnswerKind, Name: "messageCode " + string(code)}
}

// cover counts an answer that reached the merchant.
func cover(c *openapi.Coverage, x *call, answer wire.Answer) {
	if x.entry.Response == nil || x.peeks() {
		return // the connection broke off, or nothing was asked
	}
	if x.op != nil {
		c.Answer(x.op, answer.Status, answer.Body)
	}
	if answer.Status < http.StatusBadRequest {
		return
	}
	var told struct {
		MessageCode payment.Code `json:"messageCode"`
	}
	if json.Unmarshal(answer.Body, &told) == nil { // a scenario may answer anything
		c.Mark(answered(told.MessageCode))
	}
}
