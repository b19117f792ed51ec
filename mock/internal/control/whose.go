package control

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/payporter-mock/payporter-mock/payment"
)

// absent is how the sandbox says that a merchant does not have something.
var absent = regexp.MustCompile(`there is no (checkout|payment|callback|webhook)( with this [a-zA-Z]+| yet)?`)

// whose says in an error about what is not there for which merchant it is not, and which other one has it: a call that
// names no merchant acts on the configured one, which is seldom meant.
func (k *control) whose(ctx context.Context, x *call, err error) error {
	var unknown *payment.Error
	if x.merchant == nil || !errors.As(err, &unknown) || unknown.Code != payment.NotFound {
		return err
	}

	said := *unknown
	said.Message = absent.ReplaceAllString(said.Message, "${0} for "+strings.ReplaceAll(x.key(), "$", "$$"))
	id := strings.ToLower(cmp.Or(x.path["checkoutId"], x.path["paymentId"], x.path["callbackId"],
		x.query.Get("checkoutId"), x.query.Get("paymentId"), x.text("checkoutId"), x.text("paymentId")))
	if id != "" {
		said.Message += x.elsewhere(k.Gateway.Holder(ctx, id), "has one")
	}
	return &said
}

// key is the merchant that the call acts on, as it is shown.
func (x *call) key() string { return payment.MaskSecrets(x.merchant.Key) }

// elsewhere says that another merchant has it, and how to name that one; empty: none has.
func (x *call) elsewhere(holder, does string) string {
	if holder == "" || holder == x.merchant.Key {
		return ""
	}
	holder = payment.MaskSecrets(holder)
	return "; " + holder + " " + does + " (?merchant=" + holder + ")"
}
