package mock_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/mock"
)

// A request whose merchant is forgotten before it has been read makes nothing in the books of a merchant that nobody
// runs: it is to be sent again.
func TestRequestOfAMerchantThatIsForgottenMeanwhileIsRefused(t *testing.T) {
	t.Parallel()
	merchant := newShop(t)
	own, pass := keeping(t, 1)
	a, b := own.as("test_a"), own.as("test_b")
	body := order("ORD-1", merchant.callback())
	slow := dial(t, &mock.Test{Server: &mock.Server{URL: own.base}})
	slow.write(fmt.Sprintf("POST /api/checkout HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "+
		"application/json\r\nX-API-KEY: %s"+
		"\r\nX-API-SECRET: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", a.key, a.secret, len(body)))
	proceed, err := slow.answers.ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, proceed, "100 Continue", "the sandbox knows whose request it is, and reads the body")
	_, err = slow.answers.ReadString('\n')
	require.NoError(t, err)
	pass(11 * time.Minute)
	b.create("b", merchant.callback())

	slow.write(body)
	status, answer := slow.answer()
	require.Equal(t, http.StatusTooManyRequests, status, answer)
	require.Contains(t, answer, "this key's merchant was forgotten meanwhile")

	pass(11 * time.Minute)
	require.Empty(t, a.orders())
	a.create("ORD-1", merchant.callback())
	require.Equal(t, []string{"ORD-1"}, a.orders())
}

// Whoever is busy with a payment of a merchant that is forgotten meanwhile is told so, as with a checkout.
func TestPaymentOfAMerchantThatIsForgottenMeanwhileIsRefused(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(c *client, id string) reply{
		"its status": func(c *client, id string) reply { return c.get("/api/payment/" + id) },
		"its outcome": func(c *client, id string) reply {
			return c.post("/_mock/payments/"+id+"/outcome", `{"status": "SUCCESS"}`)
		},
		"a capture": func(c *client, id string) reply { return c.post("/api/pre-authorization/"+id+"/capture", part("1")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log, books := &logged{}, newMeanwhileBooks(t)
			own, pass := keepingWith(t, mock.Config{
				KeepMerchants: 1, Store: books, Logger: slog.New(slog.NewTextHandler(log, nil)),
			})
			a, b := own.as("test_a"), own.as("test_b")
			require.Equal(t, http.StatusOK, a.put("{version: 1, scenarios: [{name: a, when: {operation: [pre-authorization]}, "+
				"payment: {status: SUCCESS, delay: 1m}, status: [{respond: {status: 500}, times: 1}]}]}").status)
			require.Equal(t, http.StatusOK, a.post("/_mock/clock", `{"freeze": true}`).status)
			id := a.pays("/api/pre-authorization", "ORD-1")
			require.Equal(t, http.StatusOK, a.post("/_mock/clock", `{"advance": "0s"}`).status,
				"what follows its answer is planned")

			done := books.happens(func() {
				pass(11 * time.Minute)
				b.pays("/api/payment", "ORD-2")
			})
			answer := ask(a, id)

			require.True(t, done())
			require.Equal(t, http.StatusTooManyRequests, answer.status, answer.raw)
			require.Contains(t, answer.raw, "this key's merchant was forgotten meanwhile")
			require.NotContains(t, log.String(), "level=ERROR")
		})
	}
}

// What is due for a merchant that is forgotten in that moment is no fault that the log tells of.
func TestTaskOfAMerchantThatIsForgottenMeanwhileIsOver(t *testing.T) {
	t.Parallel()
	log, books := &logged{}, newMeanwhileBooks(t)
	own, pass := keepingWith(t, mock.Config{
		KeepMerchants: 1, Store: books, Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	a, b := own.as("test_a"), own.as("test_b")
	require.Equal(t, http.StatusOK, a.post("/_mock/clock", `{"freeze": true}`).status)
	a.create("ORD-1", nowhere)

	done := books.happens(func() {
		pass(11 * time.Minute)
		b.pays("/api/payment", "ORD-2")
	})
	moved := a.post("/_mock/clock", `{"advance": "100h"}`)

	require.True(t, done())
	require.Equal(t, http.StatusTooManyRequests, moved.status, moved.raw)
	require.Contains(t, moved.raw, "this key's merchant was forgotten meanwhile")
	require.NotContains(t, log.String(), "level=ERROR")
}

// An answer that is late until its merchant is forgotten begins nothing for the merchant that has the key later.
func TestLateAnswerOfAForgottenMerchantBeginsNothing(t *testing.T) {
	t.Parallel()
	log := &logged{}
	own, pass := keepingWith(t, mock.Config{KeepMerchants: 1, Logger: slog.New(slog.NewTextHandler(log, nil))})
	a, b := own.as("test_a"), own.as("test_b")
	require.Equal(t, http.StatusOK, a.put(lateAnswers).status)
	forgotten := a.paysLate("ORD-1")
	pass(11 * time.Minute)
	b.pays("/api/payment", "ORD-2")
	pass(11 * time.Minute)

	require.Equal(t, http.StatusNotFound, a.get("/api/checkout/"+noCheckout).status, "it has nothing any more")
	require.Equal(t, http.StatusOK, a.put(lateAnswers).status)
	late := a.paysLate("ORD-1")
	forgotten()
	a.await("kind=sale")
	require.Equal(t, http.StatusOK, a.post("/_mock/clock", `{"advance": "1h"}`).status)

	found := a.get("/_mock/payments")
	require.Contains(t, found.raw, `"status":"ENROLLED"`, "its own answer is still late")
	require.NotContains(t, log.String(), "level=ERROR")
	late()
}
