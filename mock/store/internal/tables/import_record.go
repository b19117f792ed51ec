package tables

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// record puts a record of the merchant into the books.
func (x *importer) record(of kind, text []byte) error {
	put, known := map[kind]func([]byte) error{
		kindScenarios: x.putScenarios, kindCheckout: x.putCheckout, kindPayment: x.putPayment, kindRun: x.putRun,
		kindDelivery: x.putDelivery, kindTask: x.putTask, kindCount: x.putCount, kindEntry: x.putEntry,
	}[of]
	if !known {
		return fmt.Errorf("the kind %q is not known: take the line away, or use the payporter-mock that wrote it", of)
	}
	return put(text)
}

// insert adds a row, unless the merchant's records are passed over. One that stands there already is an error.
func (x *importer) insert(what, text string, args ...any) error {
	if x.skipped {
		return nil
	}
	changed, err := x.session.Exec(text+" ON CONFLICT DO NOTHING", args...)
	switch {
	case err != nil:
		return medium(err)
	case changed == 0:
		return fmt.Errorf("the %s, or one with its number, stands here for the second time", what)
	}
	return nil
}

// merchantID is the number of the merchant's row.
func (x *importer) merchantID() int64 {
	if x.skipped {
		return 0
	}
	return x.counters.id
}

// count changes what the merchant's row counts.
func (x *importer) count(change func(c *Counters)) {
	if !x.skipped {
		change(x.counters)
	}
}

// within wants a number that the merchant has counted to.
func (x *importer) within(what string, number int64, newest func(c *Counters) int64) error {
	if x.skipped {
		return nil
	}
	if most := newest(x.counters); number < 1 || number > most {
		return fmt.Errorf("%s %d: the counters of the merchant want 1 to %d", what, number, most)
	}
	return nil
}

func (x *importer) numbered(number int64) error {
	return x.within("number", number, func(c *Counters) int64 { return c.number })
}

// over is a place among those that are over as it stands in the tables; zero: none.
func (x *importer) over(place int64) (column any, err error) {
	if place == 0 {
		return nil, nil
	}
	return place, x.within("over", place, func(c *Counters) int64 { return c.overNumber })
}

func (x *importer) putScenarios(text []byte) error {
	var line scenariosLine
	if err := readLine(text, &line); err != nil {
		return err
	}
	files := make([]scenarios.Source, len(line.Files))
	for i, file := range line.Files {
		files[i] = scenarios.Source{File: file.File, Text: []byte(file.Text)}
	}
	if _, err := scenarios.Restore(files); err != nil {
		return fmt.Errorf("files: %w", err)
	}

	body, err := encode(orNil(files))
	if err != nil {
		return err
	}
	return x.insert("scenario set", `INSERT INTO scenario_set (merchant, digest, body) VALUES (?, ?, ?)`,
		x.merchantID(), line.Digest, body)
}

func (x *importer) putCheckout(text []byte) error {
	var line checkoutLine
	if err := readLine(text, &line); err != nil {
		return err
	}
	c := &line.Value
	over, err := x.over(line.Over)
	if err = errors.Join(err, x.numbered(line.Number), wanted("value/ID", c.ID)); err != nil {
		return err
	}
	body, err := encode(c)
	if err != nil {
		return err
	}

	x.count(func(c *Counters) { c.checkouts++ })
	return x.insert("checkout", `INSERT INTO checkout (id, merchant, number, over, order_id, payment_id, body)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, c.ID, x.merchantID(), line.Number, over, c.OrderID, line.PaymentID, body)
}

func (x *importer) putPayment(text []byte) error {
	var line paymentLine
	if err := readLine(text, &line); err != nil {
		return err
	}
	p := &line.Value
	over, err := x.over(line.Over)
	if err = errors.Join(err, x.numbered(line.Number), wanted("value/ID", p.ID)); err != nil {
		return err
	}
	body, err := encode(p)
	if err != nil {
		return err
	}

	if p.ParentID == "" && p.CheckoutID == "" {
		x.count(func(c *Counters) { c.families++ })
	}
	return x.insert("payment", `INSERT INTO payment
		(id, merchant, number, over, latest_of, parent_id, checkout_id, order_id, status, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, p.ID, x.merchantID(), line.Number, over, line.LatestOf, p.ParentID,
		p.CheckoutID, p.OrderID, string(p.Status), body)
}

func (x *importer) putRun(text []byte) error {
	var line runLine
	if err := readLine(text, &line); err != nil {
		return err
	}
	if err := errors.Join(x.numbered(line.Number), wanted("subject/kind", string(line.Subject.Kind))); err != nil {
		return err
	}
	body, err := encode(&line.Value)
	if err != nil {
		return err
	}

	x.count(func(c *Counters) {
		switch line.Subject.Kind {
		case store.OfOrder:
			c.orderRuns++
		case store.OfRequest:
			c.requestRuns++
		}
	})
	return x.insert("run", `INSERT INTO run (merchant, kind, id, number, digest, body) VALUES (?, ?, ?, ?, ?, ?)`,
		x.merchantID(), string(line.Subject.Kind), line.Subject.ID, line.Number, line.Value.Set, body)
}

func (x *importer) putDelivery(text []byte) error {
	var line deliveryLine
	if err := readLine(text, &line); err != nil {
		return err
	}
	d := &line.Value
	if err := errors.Join(x.numbered(line.Number), wanted("value/id", d.ID)); err != nil {
		return err
	}
	body, err := encode(d)
	if err != nil {
		return err
	}

	paymentID := ""
	if d.Event != nil {
		paymentID = d.Event.PaymentID
	}
	return x.insert("delivery", `INSERT INTO delivery
		(id, merchant, number, checkout_id, payment_id, order_id, status, planned, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, d.ID, x.merchantID(), line.Number, d.CheckoutID, paymentID, d.OrderID,
		string(d.Status), d.NextAttemptAt != nil, body)
}

func (x *importer) putTask(text []byte) error {
	var line taskLine
	if err := readLine(text, &line); err != nil {
		return err
	}
	t := &line.Value
	if err := errors.Join(
		x.within("number", line.Number, func(c *Counters) int64 { return c.taskNumber }),
		wanted("value/Kind", string(t.Kind)), wanted("value/Subject", t.Subject),
	); err != nil {
		return err
	}
	body, err := encode(t)
	if err != nil {
		return err
	}
	return x.insert("task", `INSERT INTO task (merchant, kind, subject, due, number, claimed, body)
		VALUES (?, ?, ?, ?, ?, 0, ?)`, x.merchantID(), string(t.Kind), t.Subject, timeText(t.Due), line.Number, body)
}

func (x *importer) putCount(text []byte) error {
	var line countLine
	if err := readLine(text, &line); err != nil {
		return err
	}
	if line.N < 0 {
		return fmt.Errorf("n %d: want 0 or more", line.N)
	}
	return x.insert("count", `INSERT INTO count (merchant, name, n) VALUES (?, ?, ?)`, x.merchantID(), line.Name, line.N)
}

// putEntry adds an entry. Entries have no gaps, and the newest is the one that the merchant has counted to.
func (x *importer) putEntry(text []byte) error {
	var line entryLine
	if err := readLine(text, &line); err != nil {
		return err
	}
	e := &line.Value
	seq := int64(e.Seq)
	if seq < 1 || x.entry != 0 && seq != x.entry+1 {
		return fmt.Errorf("value/seq %d: want %d: entries stand in their order, and none may be left out", seq, x.entry+1)
	}
	x.entry = seq
	body, err := encode(e)
	if err != nil {
		return err
	}

	answer := ""
	if e.Response != nil {
		answer = strconv.Itoa(e.Response.Status)
	}
	size := e.Size()
	x.count(func(c *Counters) {
		c.entries++
		c.entryBytes += int64(size)
	})
	return x.insert("entry", `INSERT INTO entry
		(merchant, seq, bytes, kind, checkout_id, order_id, status, answer_status, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		x.merchantID(), seq, size, string(e.Kind), e.CheckoutID, e.OrderID, e.Status, answer, body)
}

// wanted wants a text that is not empty.
func wanted(name, value string) error {
	if value == "" {
		return fmt.Errorf("%s: is missing", name)
	}
	return nil
}
