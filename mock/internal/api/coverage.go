package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"

	"github.com/payporter-mock/payporter-mock/internal/openapi"
	"github.com/payporter-mock/payporter-mock/mock/internal/wire"
	"github.com/payporter-mock/payporter-mock/payment"
)

// codes are the messageCodes that a merchant can meet. The document does not list them.
var codes = [...]payment.Code{
	payment.InvalidRequest, payment.Unauthorized, payment.NotFound, payment.WrongMethod, payment.TooLarge,
	payment.UnsupportedType, payment.TooManyRequests, payment.Unavailable, payment.Scripted, payment.Internal,
}

// ours is the plan of our own document, which nothing changes: all sandboxes of a process share it.
var ours = sync.OnceValue(func() *openapi.Plan { return plan(openapi.Ours()) })

// Plan is what of the merchant API a merchant can exercise.
func Plan(d *openapi.Document) *openapi.Plan {
	if d == openapi.Ours() {
		return ours()
	}
	return plan(d)
}

func plan(d *openapi.Document) *openapi.Plan {
	var with, without []openapi.Point
	for _, code := range slices.Concat(codes[:], payment.BusinessCodes()) {
		with = append(with, answered(code))
	}
	for _, served := range operations {
		op, ok := d.Operation(served.id)
		for _, name := range served.neverAnswered {
			if ok {
				without = append(without, openapi.Point{Kind: openapi.AnswerKind, Name: op.Title() + " 200 " + name})
			}
		}
	}

	return d.Plan(openapi.With(with...), openapi.Without(without...))
}

func answered(code payment.Code) openapi.Point {
	return openapi.Point{Kind: openapi.AnswerKind, Name: "messageCode " + string(code)}
}

// cover finds what an exchange has exercised, under the names by which the books count it. The answer counts if it
// reached the merchant.
func (a *api) cover(x *call, answer wire.Answer) []string {
	if x.entry.Response != nil && !x.peeks() { // the connection did not break off, and something was asked
		coverAnswer(&x.covered, x.op, answer)
	}
	x.points = a.Gateway.PointNames(x.points, x.covered.Numbers())
	return x.points
}

func coverAnswer(c *openapi.Coverage, op *openapi.Operation, answer wire.Answer) {
	if op != nil {
		c.Answer(op, answer.Status, answer.Body)
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
