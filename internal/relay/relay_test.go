package relay_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
	"github.com/payporter-mock/payporter-mock/internal/relay"
)

func TestRelayTellsWhatPassesInBothDirections(t *testing.T) {
	t.Parallel()
	srv, upstream := sandbox(t)
	r := &recorder{}
	server := start(t, upstream, r)

	const order = `{"orderId":"ORD-1","amount":100.50,"currency":"TRY","callback":"http://127.0.0.1:1/cb"}`
	status, created, err := say(t, srv, http.MethodPost, server.URL+"/api/checkout", order)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, created)
	_, _, err = say(t, srv, http.MethodGet, server.URL+"/api/checkout/not-an-id", "")
	require.NoError(t, err)
	_, _, err = say(t, srv, http.MethodPut, server.URL+"/api/nothing?a=1", "{")
	require.NoError(t, err)

	calls := r.over(t, 3)
	create, question, other := calls[0], calls[1], calls[2]
	require.Equal(t, "createCheckout", create.Operation.ID)
	require.Equal(t, order, create.Request.Body.String())
	require.Equal(t, srv.APISecret, create.Request.Header("X-Api-Secret"), "it is told in clear")
	require.Equal(t, created, create.Response.Body.String())
	require.Empty(t, create.RequestFaults())
	require.Empty(t, create.AnswerFaults())

	require.Equal(t, "getCheckout", question.Operation.ID)
	require.Equal(t, map[string]string{"checkoutId": "not-an-id"}, question.Params)
	require.NotEmpty(t, question.RequestFaults())

	require.Nil(t, other.Operation)
	require.Equal(t, server.URL+"/api/nothing?a=1", other.Request.URL)
	require.Equal(t, http.StatusNotFound, other.Response.Status)
}

func TestRelayChecksBothDirectionsAgainstTheDocument(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	server := start(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"checkoutId":7}`)
	}), r)
	_, _, err := say(t, nil, http.MethodPost, server.URL+"/api/checkout", `{"amount":"100"}`)
	require.NoError(t, err)

	create := r.over(t, 1)[0]
	fields := map[string]bool{}
	for _, fault := range append(create.RequestFaults(), create.AnswerFaults()...) {
		fields[fault.Field] = true
	}
	for _, field := range []string{"amount", "currency", "checkoutId", "redirectUrl"} {
		require.Contains(t, fields, field)
	}
}

func TestRelayLetsItsUserEdit(t *testing.T) {
	t.Parallel()
	r := &recorder{passage: func(*relay.Call) relay.Passage {
		return relay.Passage{
			Body: []byte("other"), Header: map[string]string{"X-Added": "yes"},
			Edit: func(m exchange.Message) exchange.Message {
				m.Status, m.Body = http.StatusTeapot, append(m.Body, " and edited"...)
				return m
			},
		}
	}}
	server := start(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		_, _ = io.WriteString(w, string(body)+" "+req.Header.Get("X-Added"))
	}), r)

	status, answer, err := say(t, nil, http.MethodPost, server.URL+"/api/checkout", "first")
	require.NoError(t, err)
	require.Equal(t, http.StatusTeapot, status)
	require.Equal(t, "other yes and edited", answer)

	call := r.over(t, 1)[0]
	require.Equal(t, "first", call.Request.Body.String(), "the request is told as it came")
	require.Empty(t, call.Request.Header("X-Added"))
	require.Equal(t, answer, call.Response.Body.String(), "the answer is told as it was received")
	require.Equal(t, http.StatusTeapot, call.Response.Status)
}

func TestRelayTellsOfAnswersThatDoNotCome(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(echo())
	gone, err := url.Parse(closed.URL)
	require.NoError(t, err)
	closed.Close()
	for name, upstream := range map[string]http.Handler{
		"PayPorter hangs up": http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			panic(
				http.ErrAbortHandler)
		}),
		"PayPorter cannot be reached": relay.To(gone),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &recorder{}
			server := start(t, upstream, r)
			_, _, err := say(t, nil, http.MethodPost, server.URL+"/api/checkout", "{}")
			require.Error(t, err, "the merchant gets no answer either")
			call := r.over(t, 1)[0]
			require.Zero(t, call.Response.Status)
			require.Equal(t, relay.ErrHungUp.Error(), call.Error)
		})
	}
	t.Run("the shop cannot be reached", func(t *testing.T) {
		t.Parallel()
		r := &recorder{}
		r.passage = func(*relay.Call) relay.Passage { return relay.Passage{Callback: r.watch} }
		server := start(t, echo(), r)
		_, announced, err := say(t, nil, http.MethodPost, server.URL+"/api/checkout", `{"callback":"`+gone.String()+`"}`)
		require.NoError(t, err)

		_, _, err = say(t, nil, http.MethodPost, strings.Split(announced, `"`)[3], "checkoutId=1")
		require.Error(t, err, "PayPorter gets no answer either")
		call := r.over(t, 2)[1]
		require.Zero(t, call.Response.Status)
		require.Contains(t, call.Error, "refused")
	})
}

// An upstream that breaks off is told from a merchant who does not wait, however far the answer came.
func TestRelayTellsWhyAnAnswerIsNotWhole(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		begins, leaves bool // PayPorter has begun to answer; the merchant leaves then
		want           error
	}{
		"PayPorter breaks off":                {begins: true, want: relay.ErrBrokeOff},
		"the merchant leaves within it":       {begins: true, leaves: true, want: relay.ErrLeft},
		"the merchant leaves before it":       {leaves: true, want: relay.ErrLeft},
		"PayPorter hangs up before it begins": {want: relay.ErrHungUp},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			payporter := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				_, _ = io.ReadAll(req.Body)
				if test.begins {
					_, _ = io.WriteString(w, "half")
					_ = http.NewResponseController(w).Flush()
				}
				if test.leaves && !test.begins {
					leave()
				}
				if test.leaves {
					<-req.Context().Done()
				}
				panic(http.ErrAbortHandler)
			}))
			t.Cleanup(payporter.Close)
			address, err := url.Parse(payporter.URL)
			require.NoError(t, err)
			r := &recorder{}
			server := start(t, relay.To(address), r)

			req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/api/checkout", strings.NewReader("{}"))
			require.NoError(t, err)
			res, err := http.DefaultClient.Do(req)
			if err == nil {
				_, _ = io.ReadFull(res.Body, make([]byte, len("half")))
				if test.leaves {
					leave()
				}
				_, err = io.ReadAll(res.Body)
				require.NoError(t, res.Body.Close())
			}
			require.Error(t, err, "the merchant gets no whole answer")

			call := r.over(t, 1)[0]
			require.Equal(t, test.want.Error(), call.Error)
			require.Equal(t, test.begins, call.Response.Status == http.StatusOK)
		})
	}
}

// What comes before an answer, such as 103, is not the answer.
func TestRelayTellsOfTheAnswerAlone(t *testing.T) {
	t.Parallel()
	early := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "done")
	}))
	t.Cleanup(early.Close)
	address, err := url.Parse(early.URL)
	require.NoError(t, err)
	r := &recorder{}
	server := start(t, relay.To(address), r)

	status, answer, err := say(t, nil, http.MethodPost, server.URL+"/api/checkout", "{}")
	require.NoError(t, err)
	require.Equal(t, []any{http.StatusAccepted, "done"}, []any{status, answer})
	require.Equal(t, http.StatusAccepted, r.over(t, 1)[0].Response.Status)
}
