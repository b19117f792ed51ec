package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"
)

// newLogger makes the logger that the flags ask for.
func newLogger(out *logOutput, format, level string) (*slog.Logger, error) {
	var least slog.Level
	var faults []error
	if err := least.UnmarshalText([]byte(level)); err != nil {
		faults = append(faults, fmt.Errorf("log-level %q: want debug, info, warn or error", level))
	}
	if _, err := choice("log-format", format, "text", "json"); err != nil {
		faults = append(faults, err)
	}

	out.notice = func(dropped int) []byte { return noticeOf(dropped, format) }
	if format == "text" && out.screen.terminal {
		return slog.New(&terminalLog{to: out, screen: out.screen, least: least}), errors.Join(faults...)
	}
	return slog.New(logHandler(out, format, least)), errors.Join(faults...)
}

func logHandler(w io.Writer, format string, least slog.Level) slog.Handler {
	options := &slog.HandlerOptions{Level: least}
	if format == "json" {
		return slog.NewJSONHandler(w, options)
	}
	return slog.NewTextHandler(w, options)
}

// noticeOf is the line that says how many are missing. It comes whatever the level is, for they may have been errors.
func noticeOf(dropped int, format string) []byte {
	var line bytes.Buffer
	message := strconv.Itoa(dropped) + " log lines were dropped: nobody read them"
	if dropped == 1 {
		message = "1 log line was dropped: nobody read it"
	}
	record := slog.NewRecord(time.Now(), slog.LevelWarn, message, 0)
	record.AddAttrs(slog.Int("dropped", dropped))
	_ = logHandler(&line, format, slog.LevelWarn).Handle(context.Background(), record) // a bytes.Buffer takes everything
	return line.Bytes()
}

// sayWait is how long a line may take that is not of the log.
const sayWait = time.Second

// say writes a line to a stream that nobody may be reading. What is not taken within a moment goes on in the
// background, until the program ends.
func say(w io.Writer, line string) error {
	said := make(chan error, 1)
	go func() {
		_, err := io.WriteString(w, line)
		said <- err
	}()
	timer := time.NewTimer(sayWait)
	defer timer.Stop()

	select {
	case err := <-said:
		return err
	case <-timer.C:
		return errors.New("nobody reads it")
	}
}
