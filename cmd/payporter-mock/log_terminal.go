package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/term"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// screen is what the log is written to.
type screen struct {
	terminal bool   // a person watches
	colour   bool   // by escape sequences
	usual    string // the API key whose lines need not name it
}

// screenOf finds out what w is. NO_COLOR and TERM=dumb switch colour off.
func screenOf(w io.Writer, env environment) screen {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return screen{}
	}
	return screen{terminal: true, colour: report.TerminalOf(w, report.Env(env)).Colour}
}

// terminalLog is a slog.Handler for people who watch: a line for each request, payment and attempt, with its outcome,
// its order and the reason in columns. Others are their message and their values.
type terminalLog struct {
	to     io.Writer
	screen screen
	least  slog.Level
	with   []slog.Attr
}

// Enabled implements slog.Handler.
func (t *terminalLog) Enabled(_ context.Context, level slog.Level) bool { return level >= t.least }

// WithAttrs implements slog.Handler.
func (t *terminalLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *t
	with.with = append(t.with[:len(t.with):len(t.with)], attrs...)
	return &with
}

// WithGroup implements slog.Handler. The sandbox logs no groups.
func (t *terminalLog) WithGroup(string) slog.Handler { return t }

// Handle implements slog.Handler.
func (t *terminalLog) Handle(_ context.Context, r slog.Record) error {
	values := logged{}
	for _, a := range t.with {
		values.add(a)
	}
	r.Attrs(func(a slog.Attr) bool {
		values.add(a)
		return true
	})

	line := t.colour(faint, r.Time.Format("15:04:05")) + "  "
	switch r.Message {
	case "request":
		line += t.columns(values.of("method"), values.of("status"), values, t.request(values))
	case "payment":
		line += t.columns(r.Message, values.of("paymentStatus"), values, paid(values))
	case "callback", "webhook":
		line += t.columns(r.Message, values.of("delivery"), values, attempt(values))
	default:
		line += t.other(r, values)
	}
	_, err := io.WriteString(t.to, line+"\n")
	return err
}

// columns are what happened, the outcome, the order, and the rest.
func (t *terminalLog) columns(what, outcome string, v logged, rest []string) string {
	if key := v.of("merchant"); key != "" && key != t.screen.usual {
		rest = append(rest, "["+key+"]")
	}
	order := v.of("orderId")
	if order == "" {
		order = "-"
	}
	return fmt.Sprintf("%-8s  %s  %-14s  %s", what, t.colour(colourOf(outcome), fmt.Sprintf("%-9s", outcome)), order,
		strings.Join(present(rest), "  "))
}

// request is what a line of a request says beside its outcome and its order.
func (t *terminalLog) request(v logged) []string {
	rest := []string{v.of("path"), v.of("paymentStatus")}
	if scenario := v.of("scenario"); scenario != "" {
		rest = append(rest, "by scenario "+scenario)
	}
	if latency := v.of("latencyMs"); latency != "" {
		rest = append(rest, t.colour(faint, latency+" ms"))
	}
	return append(rest, t.colour(yellow, v.of("reason")))
}

// paid is what a line of a payment says beside its outcome and its order.
func paid(v logged) []string {
	kind := v.of("transactionType")
	if kind == "SALE" {
		kind = "" // nearly all are
	}
	rest := []string{kind, strings.TrimSpace(v.of("amount") + " " + v.of("currency"))}

	note := v.of("note")
	if code := v.of("resultCode"); code != "" && code != "SUCCESS" {
		rest, note = append(rest, code+" "+v.of("resultMessage")), "" // this is what has happened
	}
	if scenario := v.of("scenario"); scenario != "" {
		rest = append(rest, "by scenario "+scenario)
	}

	return append(rest, note)
}

// attempt is what a line of an attempt to deliver says beside its outcome and its order.
func attempt(v logged) []string {
	rest := []string{"attempt " + v.of("attempt")}
	if status := v.of("httpStatus"); status != "0" && v.of("error") == "" {
		rest = append(rest, "answered "+status)
	}
	rest = append(rest, v.of("error"))
	if next := v.of("nextAttemptAt"); next != "" {
		rest = append(rest, "again at "+next)
	}
	return rest
}

// other is a line that is none of the three.
func (t *terminalLog) other(r slog.Record, v logged) string {
	said := []string{fmt.Sprintf("%-8s", strings.ToLower(r.Level.String())), printable(r.Message)}
	for _, key := range v.order {
		said = append(said, key+"="+v.of(key))
	}

	line := strings.Join(said, "  ")
	switch {
	case r.Level >= slog.LevelError:
		return t.colour(red, line)
	case r.Level >= slog.LevelWarn:
		return t.colour(yellow, line)
	}
	return line
}

// logged are the values of a line, by their keys.
type logged struct {
	values map[string]string
	order  []string
}

func (l *logged) add(a slog.Attr) {
	value := a.Value.Resolve()
	text := value.String()
	if value.Kind() == slog.KindTime {
		text = value.Time().Local().Format("15:04:05")
	}
	if l.values == nil {
		l.values = map[string]string{}
	}
	l.values[a.Key], l.order = printable(text), append(l.order, a.Key)
}

func (l *logged) of(key string) string { return l.values[key] }

// printable keeps what others have written from steering the terminal.
func printable(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return text
}

func present(all []string) (some []string) {
	for _, one := range all {
		if one != "" {
			some = append(some, one)
		}
	}
	return some
}

// The colours, as terminals know them.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	faint  = "2"
	bold   = "1"
)

// colourOf is the colour of an outcome: a status of HTTP, of a payment or of a delivery.
func colourOf(outcome string) string {
	switch outcome {
	case "SUCCESS", "DELIVERED":
		return green
	case "FAILED", "EXHAUSTED":
		return red
	}

	switch status, err := strconv.Atoi(outcome); {
	case err != nil:
		return yellow
	case status >= 400:
		return red
	case status >= 200:
		return green
	}
	return yellow
}

func (t *terminalLog) colour(code, text string) string {
	if !t.screen.colour || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
