package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// startFull fills a file, and measures how long a sandbox takes from its start on it to its first 200.
func startFull(sandbox *contestant, one, many string, checkouts, times int) (time.Duration, error) {
	books, err := exportOne(sandbox, one)
	if err != nil {
		return 0, err
	}
	if err := importMany(sandbox, many, books, checkouts); err != nil {
		return 0, err
	}

	command := append((&keptRow{store: many}).command(sandbox, sandbox.addr), "--keep-checkouts", "10000000")
	var took []time.Duration
	for range times {
		p, ready, err := start(command, sandbox.addr)
		if err != nil {
			return 0, err
		}
		took = append(took, ready)
		stop(p)
	}
	return median(took), nil
}

// exportOne is what store export writes of a sandbox that has made one checkout.
func exportOne(sandbox *contestant, store string) ([]byte, error) {
	p, _, err := start((&keptRow{store: store}).command(sandbox, sandbox.addr), sandbox.addr)
	if err != nil {
		return nil, err
	}
	key := func(int) string { return "test_full" }
	_, err = sendCreates(sandbox.addr, 0, key, func(n int) bool { return n == 1 })
	_ = p.Process.Signal(syscall.SIGTERM) // in order: the file is whole
	_ = p.Wait()
	if err != nil {
		return nil, err
	}
	return exec.Command(sandbox.command[0], "store", "export", "--store", store).Output()
}

// importMany has store import put so many checkouts into a file, each like the one of the books but for its ids. Creates
// over HTTP would take the better part of an hour.
func importMany(sandbox *contestant, store string, books []byte, checkouts int) error {
	lines, writes := io.Pipe()
	go func() {
		out := bufio.NewWriter(writes)
		err := repeat(out, books, checkouts)
		if err == nil {
			err = out.Flush()
		}
		_ = writes.CloseWithError(err) // which answers none
	}()
	into := exec.Command(sandbox.command[0], "store", "import", "--store", store, "-")
	into.Stdin = lines
	if said, err := into.CombinedOutput(); err != nil {
		return fmt.Errorf("store import: %w\n%s", err, said)
	}
	return nil
}

// line is what is read of a line of an export.
type line struct {
	Kind, Key, Name, PaymentID string
	Number                     int
	Value                      json.RawMessage
}

// repeat writes the books with so many checkouts in place of one.
func repeat(out *bufio.Writer, books []byte, checkouts int) error {
	var checkout, payment string
	for _, text := range strings.SplitAfter(string(bytes.TrimSpace(books)), "\n") {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			return err
		}
		text = strings.TrimSpace(text)
		times := 1
		switch l.Kind {
		case "checkout":
			var value struct{ ID string }
			if err := json.Unmarshal(l.Value, &value); err != nil {
				return err
			}
			checkout, payment, times = value.ID, l.PaymentID, checkouts
		case "payment", "task":
			times = checkouts
		case "merchant":
			text = strings.NewReplacer(`"number":2,`, fmt.Sprintf(`"number":%d,`, 2*checkouts),
				`"taskNumber":1,`, fmt.Sprintf(`"taskNumber":%d,`, checkouts)).Replace(text)
		case "count":
			if l.Name == "checkouts" {
				text = strings.Replace(text, `"n":1`, `"n":`+strconv.Itoa(checkouts), 1)
			}
		}

		for i := range times {
			written := text
			if times > 1 {
				written = numbered(text, l, checkout, payment, i)
			}
			if _, err := out.WriteString(written + "\n"); err != nil {
				return err
			}
		}
	}
	return nil
}

// numbered is a record of the i-th checkout, in which the ids and the number are its own.
func numbered(text string, l line, checkout, payment string, i int) string {
	number := l.Number + 2*i // a checkout and its payment count together
	if l.Kind == "task" {
		number = l.Number + i
	}
	scattered := fmt.Sprintf("%08x", uint32(i)*2654435761) // no two are the same, and neighbours are far from each other
	return strings.NewReplacer(checkout, scattered+checkout[8:], payment, scattered+payment[8:],
		fmt.Sprintf(`"number":%d,`, l.Number), fmt.Sprintf(`"number":%d,`, number)).Replace(text)
}
