package tables

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/payporter-mock/payporter-mock/mock/store"
)

// longestLine bounds a line of an export, in bytes.
const longestLine = 256 << 20

// ReadHeader reads the first line of an export, so that nothing is begun with a file that is none.
func ReadHeader(file string, from io.Reader) (*Lines, error) {
	l := &Lines{file: file, scanner: bufio.NewScanner(from)}
	l.scanner.Buffer(nil, longestLine)
	var h header
	switch text, err := l.next(); {
	case err != nil:
		return nil, err
	case json.Unmarshal(text, &h) != nil || h.Format != exportFormat || h.Version < 1:
		return nil, l.fault(errors.New("is no export of payporter-mock: want a file that store export has written"))
	case h.Version > exportVersion:
		return nil, l.fault(fmt.Errorf("was written by a newer payporter-mock (%s, version %d of the format, this one knows "+
			"%d): use that", h.Program, h.Version, exportVersion))
	}
	return l, nil
}

// Lines are the lines of an export behind the first.
type Lines struct {
	file    string
	scanner *bufio.Scanner
	n       int // of the line that was read last
}

var errBrokenOff = errors.New(`the file ends before its last line, {"kind":"end"}: make the export anew`)

// next reads a line. The end of the file is an error: the last line is read before.
func (l *Lines) next() ([]byte, error) {
	l.n++
	if l.scanner.Scan() {
		return l.scanner.Bytes(), nil
	}

	err := l.scanner.Err()
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		err = fmt.Errorf("the line has more than %d bytes", longestLine)
	case err == nil:
		err = errBrokenOff
	}
	return nil, l.fault(err)
}

// fault says where something is wrong.
func (l *Lines) fault(err error) error { return &store.LineError{File: l.file, Line: l.n, Cause: err} }

// Import puts what the lines say into the books, in the transaction of the session. Keys that the books have already
// are an error that names them, unless they are to be replaced. It ends with ctx.
func Import(ctx context.Context, s Session, from *Lines, replace bool) (store.Imported, error) {
	x := &importer{session: s, lines: from, replace: replace, seen: map[string]bool{}}
	for {
		text, err := from.next()
		if err = cmp.Or(ctx.Err(), err); err != nil {
			return x.done, err
		}
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		ended, err := x.line(text)
		if err != nil {
			return x.done, err
		}
		if ended {
			return x.done, x.end()
		}
	}
}

// importer puts lines into the books.
type importer struct {
	session Session
	lines   *Lines
	replace bool
	done    store.Imported

	seen  map[string]bool // the keys that had their line
	there []string        // those of them that the books have already

	key      string
	open     bool      // the merchant of key has begun
	skipped  bool      // its records are passed over: the books have it already
	counters *Counters // of its row
	entry    int64     // the number of its entry that was read last
}

// line puts one line into the books. ended says that it was the last.
func (x *importer) line(text []byte) (ended bool, err error) {
	var h head
	if err := json.Unmarshal(text, &h); err != nil {
		return false, x.lines.fault(inLine(err))
	}
	switch {
	case h.Kind == kindEnd:
		return true, nil
	case h.Kind == kindMerchant:
		err = x.merchant(text)
	case !x.open || h.Key != x.key:
		err = fmt.Errorf("the %s belongs to the key %q, whose merchant does not stand before it", h.Kind, h.Key)
	default:
		x.done.Records++
		err = x.record(h.Kind, text)
	}

	return false, x.placed(err)
}

// placed says where a fault of the file is. A failure of the medium is none of a line's.
func (x *importer) placed(err error) error {
	var medium *mediumError
	if err == nil || errors.As(err, &medium) {
		return err
	}
	return x.lines.fault(err)
}

// mediumError is a failure of what the books are kept in.
type mediumError struct{ cause error }

func (e *mediumError) Error() string { return e.cause.Error() }
func (e *mediumError) Unwrap() error { return e.cause }

// medium marks a failure of what the books are kept in; nil: none.
func medium(err error) error {
	if err == nil {
		return nil
	}
	return &mediumError{err}
}

// merchant begins the books of a key.
func (x *importer) merchant(text []byte) error {
	var line merchantLine
	if err := readLine(text, &line); err != nil {
		return err
	}
	if err := x.close(); err != nil {
		return err
	}
	if x.seen[line.Key] {
		return fmt.Errorf("the merchant with the key %q stands here for the second time", line.Key)
	}
	if err := line.Counters.check(); err != nil {
		return err
	}

	x.seen[line.Key], x.key, x.open, x.entry = true, line.Key, true, 0
	if x.done.Records++; line.Key != "" {
		x.done.Merchants++
	}
	known, err := ReadCounters(x.session, line.Key, "")
	if err != nil {
		return medium(err)
	}
	if x.skipped = known.Known() && !x.replace; x.skipped {
		x.there = append(x.there, line.Key)
		return nil
	}
	if known.Known() {
		if _, err := Drop(x.session, known); err != nil {
			return medium(err)
		}
	}
	if line.Value != nil && line.Value.Webhook.URL != "" {
		x.done.Webhooks = append(x.done.Webhooks, line.Key)
	}
	return x.begin(&line)
}

// begin makes the row of the merchant.
func (x *importer) begin(line *merchantLine) error {
	var body any // NULL where there is none
	if record := line.Value; record != nil {
		record.Secret, record.Next = orNil(record.Secret), orNil(record.Next)
		text, err := encode(record)
		if err != nil {
			return err
		}
		body = text
	}
	if err := x.session.Run(`INSERT INTO merchant (key, body) VALUES (?, ?)`, line.Key, body); err != nil {
		return medium(err)
	}

	made, err := ReadCounters(x.session, line.Key, "")
	if err != nil {
		return medium(err)
	}
	c := line.Counters
	x.counters = &Counters{
		id: made.id, number: c.Number, overNumber: c.OverNumber, taskNumber: c.TaskNumber, seq: c.Seq, version: c.Version,
		moment: c.Moment, journalTurn: c.JournalTurn, unusedSets: c.UnusedSets,
	}
	return nil
}

// check says which counter is below zero; nil: none.
func (c countersLine) check() error {
	if min(c.Number, c.OverNumber, c.TaskNumber, c.Seq, c.Version, c.Moment, c.JournalTurn) < 0 {
		return errors.New("counters: none may be less than 0")
	}
	return nil
}

// close ends the books of the key that was begun last.
func (x *importer) close() error {
	if !x.open || x.skipped {
		return nil
	}
	if c := x.counters; c.entries > 0 && x.entry != c.seq {
		return fmt.Errorf("the newest entry of the key %q has seq %d, and its merchant says %d: leave none out",
			x.key, x.entry, c.seq)
	}
	return medium(WriteCounters(x.session, x.counters))
}

// end ends the import.
func (x *importer) end() error {
	if err := x.placed(x.close()); err != nil {
		return err
	}
	if len(x.there) > 0 {
		return fmt.Errorf("has books of %s already: import into a store without them, or put these in their place by "+
			"--replace", Named(x.there))
	}
	return nil
}

// readLine reads a line of a kind. A member that it does not have is an error.
func readLine(text []byte, line any) error {
	return inLine(json.Unmarshal(text, line, read, json.RejectUnknownMembers(true)))
}

// inLine is an error of reading JSON without the names of Go's types.
func inLine(err error) error {
	if err == nil {
		return nil
	}

	var fault *json.SemanticError
	if errors.As(err, &fault) {
		at := strings.TrimPrefix(string(fault.JSONPointer), "/")
		switch {
		case errors.Is(err, json.ErrUnknownName):
			return fmt.Errorf("%s: is not known: take it away, or use the payporter-mock that wrote it", at)
		case fault.Err != nil:
			return fmt.Errorf("%s: %w", at, fault.Err)
		}
		return fmt.Errorf("%s: is of the wrong type", at)
	}
	return fmt.Errorf("is no JSON object: %s", strings.TrimPrefix(err.Error(), "jsontext: "))
}
