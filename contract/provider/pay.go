package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/internal/exchange"
)

// Checkout is what a hook is to pay.
type Checkout struct {
	ID          string
	RedirectURL string
}

// Outcome is what is to come of a payment.
type Outcome string

// The outcomes.
const (
	Success Outcome = "success"
	Failure Outcome = "failure"
)

// PayHook pays a checkout as a customer would, so that it ends as asked for. It returns once the customer is done; the
// server may need longer.
type PayHook func(ctx context.Context, c Checkout, o Outcome) error

// longestHook is how long a hook may take: browsers are slow to start.
const longestHook = 2 * time.Minute

// CommandHook runs a command line in a shell, with CHECKOUT_ID, REDIRECT_URL and OUTCOME (success or failure) in its
// environment. Any exit code but 0 means that the checkout could not be paid.
func CommandHook(line string, output io.Writer) PayHook {
	return func(ctx context.Context, c Checkout, o Outcome) error {
		ctx, cancel := context.WithTimeout(ctx, longestHook)
		defer cancel()
		shell := []string{"sh", "-c", line}
		if runtime.GOOS == "windows" {
			shell = []string{"cmd", "/C", line}
		}
		var said bytes.Buffer
		cmd := exec.CommandContext(ctx, shell[0], shell[1:]...)
		cmd.Env = append(os.Environ(), "CHECKOUT_ID="+c.ID, "REDIRECT_URL="+c.RedirectURL, "OUTCOME="+string(o))
		cmd.Stdout, cmd.Stderr = io.MultiWriter(&said, output), io.MultiWriter(&said, output)
		cmd.WaitDelay = time.Second
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("the pay hook: %w%s", err, lastLine(said.String()))
		}
		return nil
	}
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return ": " + cut(last)
	}
	return ""
}

// The test cards of this sandbox, and the cvv of the good one.
const (
	goodCard     = "5421190122090656"
	declinedCard = "4111111111111129"
	askedCard    = "4000002760003184" // its bank asks for a code
	hopelessCard = "4131111111111117" // no code is right
	goodCVV      = "916"
)

// ControlHook pays through the control API of payporter-mock at this base URL. token is its admin token, if it has one.
func ControlHook(baseURL, apiKey, token string) PayHook {
	client := newClient()
	return func(ctx context.Context, c Checkout, o Outcome) error {
		defer client.CloseIdleConnections()
		card := goodCard
		if o == Failure {
			card = declinedCard
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, baseURL+"/_mock/checkouts/"+c.ID+"/pay",
			strings.NewReader(`{"card":"`+card+`"}`))
		if err != nil {
			return errors.New("the checkoutId cannot be put into an address")
		}
		req.Header = http.Header{"Content-Type": {"application/json"}, "X-Api-Key": {apiKey}}
		if token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}

		answer, err := exchange.Do(client, req, largestAnswer)
		switch {
		case answer.Status == 0:
			return fmt.Errorf("the control API: %w", plainError(err))
		case err == nil && answer.Status != http.StatusOK:
			return fmt.Errorf("the control API answered %d: %s", answer.Status, cut(answer.Body.String()))
		}
		return err
	}
}
