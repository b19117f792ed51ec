package tables

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Export writes the books of the keys, or of all if there are none, as they are in the transaction of the session.
// program is the version of this program. It ends with ctx.
func Export(ctx context.Context, s Session, w io.Writer, program string, keys []string) (store.Exported, error) {
	x := &exporter{ctx: ctx, session: s, to: w}
	merchants, err := x.merchants()
	if err == nil {
		merchants, err = chosen(merchants, keys)
	}
	if err != nil {
		return x.done, err
	}

	if err := x.write(header{exportFormat, exportVersion, program}); err != nil {
		return x.done, err
	}
	for _, m := range merchants {
		if err := x.merchant(m); err != nil {
			return x.done, err
		}
	}
	return x.done, x.write(struct {
		Kind kind `json:"kind"`
	}{kindEnd})
}

// exporter writes an export.
type exporter struct {
	ctx     context.Context
	session Session
	to      io.Writer
	done    store.Exported
}

// found is a merchant with what its row counts.
type found struct {
	id   int64
	line merchantLine
}

// merchants reads the rows of all merchants, in the order of their keys.
func (x *exporter) merchants() (all []found, err error) {
	err = x.session.Rows(`SELECT id, key, coalesce(body, ''), number, over_number, task_number, seq, version, moment,
		journal_turn, unused_sets FROM merchant`, nil, func(scan func(...any) error) (bool, error) {
		var body string
		m := found{line: merchantLine{head: head{Kind: kindMerchant}}}
		c := &m.line.Counters
		err := scan(&m.id, &m.line.Key, &body, &c.Number, &c.OverNumber, &c.TaskNumber, &c.Seq, &c.Version, &c.Moment,
			&c.JournalTurn, &c.UnusedSets)
		if err == nil && body != "" {
			m.line.Value = new(store.Merchant)
			err = decode(body, m.line.Value)
		}
		all = append(all, m)
		return true, err
	})
	slices.SortFunc(all, func(a, b found) int { return strings.Compare(a.line.Key, b.line.Key) })
	return all, err
}

// chosen are the merchants with the keys; no key: all. A key that there is not is an error.
func chosen(all []found, keys []string) ([]found, error) {
	if len(keys) == 0 {
		return all, nil
	}

	var known []string
	for _, m := range all {
		known = append(known, m.line.Key)
	}
	for _, key := range keys {
		if !slices.Contains(known, key) {
			return nil, fmt.Errorf("has no books of the key %q: it has those of %s", key, Named(known))
		}
	}
	return slices.DeleteFunc(all, func(m found) bool { return !slices.Contains(keys, m.line.Key) }), nil
}

// merchant writes a merchant and all its records.
func (x *exporter) merchant(m found) error {
	var masks masker
	if m.line.Value != nil {
		masks.merchant(m.line.Value)
	}
	if m.line.Key != "" {
		x.done.Merchants++
	}
	if err := x.record(&m.line, masks); err != nil {
		return err
	}

	for _, part := range []func(found) error{
		x.scenarios, x.checkouts, x.payments, x.runs, x.deliveries, x.tasks, x.counts, x.entries,
	} {
		if err := part(m); err != nil {
			return err
		}
	}
	return nil
}

// each writes a line for every row of a merchant that the query answers. read makes the line of a row; nil: none.
func (x *exporter) each(
	query string, m found, read func(scan func(...any) error) (line any, masks masker, err error),
) error {
	return x.session.Rows(query, []any{m.id}, func(scan func(...any) error) (bool, error) {
		line, masks, err := read(scan)
		if err != nil || line == nil {
			return true, err
		}
		return true, x.record(line, masks)
	})
}

func (m found) head(of kind) head { return head{of, m.line.Key} }

func (x *exporter) scenarios(m found) error {
	return x.each(`SELECT digest, body FROM scenario_set WHERE merchant = ? ORDER BY digest`, m,
		func(scan func(...any) error) (_ any, masks masker, err error) {
			line := scenariosLine{head: m.head(kindScenarios)}
			var body string
			var files []scenarios.Source
			if err = scan(&line.Digest, &body); err == nil {
				err = decode(body, &files)
			}
			line.Files = masks.files(files)
			return &line, masks, err
		})
}

func (x *exporter) checkouts(m found) error {
	return x.each(`SELECT number, coalesce(over, 0), payment_id, body FROM checkout
		WHERE merchant = ? ORDER BY number`, m,
		func(scan func(...any) error) (_ any, masks masker, err error) {
			line := checkoutLine{head: m.head(kindCheckout)}
			var body string
			if err = scan(&line.Number, &line.Over, &line.PaymentID, &body); err == nil {
				err = decode(body, &line.Value)
			}
			masks.checkout(&line.Value)
			return &line, masks, err
		})
}

func (x *exporter) payments(m found) error {
	return x.each(`SELECT number, coalesce(over, 0), latest_of, body FROM payment WHERE merchant = ? ORDER BY number`, m,
		func(scan func(...any) error) (_ any, masks masker, err error) {
			line := paymentLine{head: m.head(kindPayment)}
			var body string
			if err = scan(&line.Number, &line.Over, &line.LatestOf, &body); err == nil {
				err = decode(body, &line.Value)
			}
			masks.payment(&line.Value)
			return &line, masks, err
		})
}

// runs writes the runs. Of two whose orders have the same name once that is masked, the first one.
func (x *exporter) runs(m found) error {
	seen := map[runSubject]bool{}
	return x.each(`SELECT number, kind, id, body FROM run WHERE merchant = ? ORDER BY number`, m,
		func(scan func(...any) error) (_ any, masks masker, err error) {
			line := runLine{head: m.head(kindRun)}
			var body, of string
			if err = scan(&line.Number, &of, &line.Subject.ID, &body); err == nil {
				err = decode(body, &line.Value)
			}
			line.Subject.Kind = store.SubjectKind(of)
			masks.run(&line)
			if seen[line.Subject] {
				return nil, masks, err
			}
			if masks.found {
				seen[line.Subject] = true
			}
			return &line, masks, err
		})
}

func (x *exporter) deliveries(m found) error {
	return x.each(`SELECT number, body FROM delivery WHERE merchant = ? ORDER BY number`, m,
		func(scan func(...any) error) (_ any, masks masker, err error) {
			line := deliveryLine{head: m.head(kindDelivery)}
			var body string
			if err = scan(&line.Number, &body); err == nil {
				err = decode(body, &line.Value)
			}
			masks.delivery(&line.Value)
			return &line, masks, err
		})
}

func (x *exporter) tasks(m found) error {
	return x.each(`SELECT number, body FROM task WHERE merchant = ? ORDER BY number`, m,
		func(scan func(...any) error) (_ any, masks masker, err error) {
			line := taskLine{head: m.head(kindTask)}
			var body string
			if err = scan(&line.Number, &body); err == nil {
				err = decode(body, &line.Value)
			}
			return &line, masks, err
		})
}

func (x *exporter) counts(m found) error {
	return x.each(`SELECT name, n FROM count WHERE merchant = ? ORDER BY name`, m,
		func(scan func(...any) error) (_ any, masks masker, err error) {
			line := countLine{head: m.head(kindCount)}
			err = scan(&line.Name, &line.N)
			return &line, masks, err
		})
}

func (x *exporter) entries(m found) error {
	return x.each(`SELECT body FROM entry WHERE merchant = ? ORDER BY seq`, m,
		func(scan func(...any) error) (_ any, masks masker, err error) {
			line := entryLine{head: m.head(kindEntry)} // masked when it was recorded
			var body string
			if err = scan(&body); err == nil {
				err = decode(body, &line.Value)
			}
			return &line, masks, err
		})
}

// record writes a line that is counted.
func (x *exporter) record(line any, masks masker) error {
	x.done.Records++
	if masks.found {
		x.done.Masked++
	}
	return x.write(line)
}

func (x *exporter) write(line any) error {
	text, err := json.Marshal(line, written, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write %T: %w", line, err)
	}
	if err := x.ctx.Err(); err != nil {
		return err
	}
	if _, err = x.to.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("the export cannot be written: %w", err)
	}
	return nil
}

// Named lists keys for people.
func Named(keys []string) string {
	if len(keys) == 0 {
		return "none"
	}
	all := make([]string, len(keys))
	for i, key := range keys {
		if all[i] = key; key == "" {
			all[i] = `"" (requests without a known key)`
		}
	}
	return strings.Join(all, ", ")
}
