package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/payporter-mock/payporter-mock/mock"
)

// announcement is what serve says on standard output: one line, or a short block for who watches at a terminal.
type announcement struct {
	Message    string `json:"msg"`
	URL        string `json:"url"`
	APIKey     string `json:"apiKey"`
	Seed       uint64 `json:"seed,string"`
	AdminToken string `json:"adminToken,omitempty"` // only one that nobody knows yet
	CACert     string `json:"caCert,omitempty"`     // PEM, of a self-signed sandbox

	public string // what links begin with
	secret string // of the API key
	store  string // as it may be shown
	clock  string
}

// announced is what there is to say of a sandbox that listens.
func announced(ctx context.Context, s *mock.Server, c mock.Config, store string, tokenIsNew bool) announcement {
	a := announcement{
		Message: "listening", URL: s.URL, APIKey: s.APIKey, Seed: s.Seed(), CACert: string(s.CACert()),
		public: cmp.Or(strings.TrimRight(c.PublicURL, "/"), s.URL), secret: s.APISecret, store: shownStore(store),
		clock: shownClock(ctx, s),
	}
	if tokenIsNew {
		a.AdminToken = c.AdminToken.Reveal()
	}
	return a
}

// shownStore says where everything is kept.
func shownStore(value string) string {
	if value == "memory" {
		return "memory: all is forgotten at the end"
	}
	return withoutPassword(value)
}

// shownClock says what time it is for the configured merchant.
func shownClock(ctx context.Context, s *mock.Server) string {
	now, err := s.Now(ctx)
	switch {
	case err != nil:
		return err.Error()
	case time.Until(now).Abs() > time.Second:
		return "shows " + now.Format("2006-01-02 15:04:05 MST") + ", as it was left"
	}
	return "real time, until it is moved"
}

// announce says it in the form that is asked for.
func (a announcement) announce(w io.Writer, format string, to screen) error {
	switch {
	case format == "json":
		text, err := json.Marshal(a)
		return errors.Join(err, say(w, string(text)+"\n"))
	case to.terminal:
		return say(w, a.block(to))
	}
	return say(w, a.line()+"\n")
}

// line is the one line for who reads it later, or a program.
func (a announcement) line() string {
	text := fmt.Sprintf("payporter-mock listens on %s (API key %s, seed %d)", a.URL, a.APIKey, a.Seed)
	if a.CACert != "" {
		text += ", CA certificate at " + a.URL + "/_mock/ca.pem"
	}
	if a.AdminToken != "" {
		text += ", admin token " + a.AdminToken
	}
	return text
}

// block is a line for each thing that one looks for after the start.
func (a announcement) block(to screen) string {
	rows := [][2]string{
		{"API", a.public},
		{"Page", a.public + "/checkout-link/{checkoutId}"},
		{"Dashboard", a.public + "/_mock/ui/"},
		{"Docs", a.public + "/docs"},
		{"Key", a.APIKey},
		{"Secret", a.secret},
		{"Store", a.store},
		{"Seed", strconv.FormatUint(a.Seed, 10)},
		{"Clock", a.clock},
	}
	if a.public != a.URL {
		rows = append(rows, [2]string{"Listens", a.URL})
	}
	if a.CACert != "" {
		rows = append(rows, [2]string{"CA", a.URL + "/_mock/ca.pem"})
	}
	if a.AdminToken != "" {
		rows = append(rows, [2]string{"Token", a.AdminToken})
	}

	var b strings.Builder
	title := terminalLog{screen: to}
	b.WriteString("\n  " + title.colour(bold, "payporter-mock "+version()) + " listens. No money moves here.\n\n")
	for _, row := range rows {
		b.WriteString("  " + title.colour(faint, fmt.Sprintf("%-9s", row[0])) + "  " + row[1] + "\n")
	}
	b.WriteString("\n  Ctrl+C ends it.\n\n")
	return b.String()
}
