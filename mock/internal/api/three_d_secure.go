package api

import (
	"context"
	"html/template"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/internal/gateway"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// threeDSecureStart is the answer of POST /api/3ds.
type threeDSecureStart struct {
	PaymentID     string `json:"paymentId"`
	Success       bool   `json:"success"`
	ResultCode    string `json:"resultCode"`
	ResultMessage string `json:"resultMessage"`
	HTMLContent   string `json:"htmlContent,omitempty"`
}

// toBank is a page with a form that submits itself. Without scripts, the customer presses its button.
var toBank = template.Must(template.New("toBank").Parse(`<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>3-D Secure</title></head>
<body><form id="three-d-secure" method="post" action="{{.}}"><noscript><button type="submit">Continue to your bank</button></noscript></form>
<script>document.getElementById("three-d-secure").submit()</script></body></html>
`))

func (a *api) startThreeDSecure(ctx context.Context, x *call) (any, error) {
	c, q, err := a.charged(x, scenarios.OpThreeDSecure, payment.Sale)
	if err != nil {
		return nil, err
	}
	done, err := x.merchant.StartThreeDSecure(ctx, q, c)
	if err != nil {
		return nil, err
	}
	a.requested(ctx, x, done)

	p := done.Payment
	started := threeDSecureStart{PaymentID: p.ID, ResultCode: p.ResultCode, ResultMessage: p.ResultMessage}
	if p.Authentication == nil {
		return started, nil
	}
	var page strings.Builder
	if err := toBank.Execute(&page, a.baseURL(x.request)+"/three-d-secure/"+p.ID); err != nil {
		return nil, err
	}
	started.Success, started.HTMLContent = true, page.String()
	started.ResultCode, started.ResultMessage = payment.ResultEnrolled, payment.ResultEnrolledMessage
	return started, nil
}

func (a *api) completeThreeDSecure(ctx context.Context, x *call) (any, error) {
	id := x.payment()
	q, err := a.request(x, gateway.OpComplete)
	if err != nil {
		return nil, err
	}
	key, _ := x.body.Values["securityKey"].(string)
	done, err := x.merchant.Complete(ctx, q, id, key)
	return a.paid(ctx, x, done, err)
}
