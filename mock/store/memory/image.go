package memory

import (
	"bytes"
	"cmp"
	"encoding/gob"
	"fmt"
	"maps"
	"slices"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// Image is all that books hold, written down; an empty one is of empty books. Only OpenImage reads it: its form may
// change with every version.
type Image []byte

// OpenImage makes books that begin with what the image holds, and that are written back to it when they are closed.
// It panics if the image is none: only Close writes one.
func OpenImage(image *Image) store.Books {
	b := open(Options{})
	b.image = image
	if err := image.read(b); err != nil {
		panic(fmt.Sprintf("memory: read an image of %d bytes: %v", len(*image), err))
	}
	return b
}

// ImageBytes is how long the image was when it was read; zero: these books have none.
func (b *books) ImageBytes() int {
	if b.image == nil {
		return 0
	}
	return len(*b.image)
}

// booksImage is what an image holds.
type booksImage struct {
	Turn      uint64
	Merchants []merchantImage
}

// merchantImage is the books of one key. Rows are oldest first.
type merchantImage struct {
	Key  string
	Used uint64

	HasRecord bool
	Record    store.Merchant

	Number     uint64
	Checkouts  []checkoutImage
	Over       []string
	Payments   []paymentImage // those that are no checkout's latest
	Settled    []string
	Deliveries []deliveryImage

	Runs   []runImage
	Sets   map[string][]scenarios.Source
	Counts map[string]uint64

	Tasks   []taskImage
	TaskSeq uint64

	Entries      []store.Entry
	Seq, Version uint64
	Moment       store.Moment
}

type checkoutImage struct {
	Number, PaymentNumber uint64
	Checkout              payment.Checkout
}

type paymentImage struct {
	Number  uint64
	Payment payment.Payment
}

type deliveryImage struct {
	Number   uint64
	Delivery store.Delivery
}

type runImage struct {
	Subject store.Subject
	Run     scenarios.Run
	First   uint64 // of an order or a request: the number of its place among them
}

type taskImage struct {
	Task    store.Task
	Seq     uint64
	Claimed bool
}

func (i *Image) write(b *books) error {
	image := booksImage{Turn: b.budget.turn.Load()}
	for _, m := range b.all() {
		image.Merchants = append(image.Merchants, m.image())
	}
	slices.SortFunc(image.Merchants, func(x, y merchantImage) int { return cmp.Compare(x.Key, y.Key) })

	var written bytes.Buffer
	if err := gob.NewEncoder(&written).Encode(image); err != nil {
		return fmt.Errorf("write an image: %w", err)
	}
	*i = written.Bytes()
	return nil
}

func (m *merchant) image() merchantImage {
	m.mu.Lock()
	defer m.mu.Unlock()
	image := merchantImage{
		Key: m.key, Used: m.used.Load(), Number: m.number, Sets: m.sets, TaskSeq: m.tasks.seq,
		Seq: m.seq, Version: m.version, Moment: m.moment,
	}
	if image.HasRecord = m.record != nil; image.HasRecord {
		image.Record = *m.record
	}
	m.imageRows(&image)

	for kind, runs := range m.runs {
		for id, run := range runs {
			image.Runs = append(image.Runs, runImage{store.Subject{Kind: kind, ID: id}, run.run, run.first})
		}
	}
	slices.SortFunc(image.Runs, func(a, b runImage) int { return cmp.Compare(a.First, b.First) })
	image.Counts, _ = reader{m}.Counts("") // answers no error
	for _, t := range m.tasks.by {
		image.Tasks = append(image.Tasks, taskImage{t.task, t.seq, t.index == claimed})
	}
	for e := range m.journal.between(0, 0, false) {
		image.Entries = append(image.Entries, *e)
	}
	return image
}

func (m *merchant) imageRows(image *merchantImage) {
	for c := range m.checkoutOrder.newest(0) {
		one := checkoutImage{Number: c.number, Checkout: c.checkout}
		if c.latest != nil {
			one.PaymentNumber = c.latest.number
		}
		image.Checkouts = append(image.Checkouts, one)
	}
	for p := range m.paymentOrder.newest(0) {
		if p.latestOf == nil {
			image.Payments = append(image.Payments, paymentImage{p.number, *p.payment})
		}
	}
	for d := range m.deliveryOrder.newest(0) {
		image.Deliveries = append(image.Deliveries, deliveryImage{d.number, d.delivery})
	}

	slices.Reverse(image.Checkouts)
	slices.Reverse(image.Payments)
	slices.Reverse(image.Deliveries)
	for _, c := range m.over.rows[m.over.head:] {
		image.Over = append(image.Over, c.checkout.ID)
	}
	for _, p := range m.settled.rows[m.settled.head:] {
		image.Settled = append(image.Settled, p.payment.ID)
	}
}

func (i *Image) read(b *books) error {
	if len(*i) == 0 {
		return nil
	}
	var image booksImage
	if err := gob.NewDecoder(bytes.NewReader(*i)).Decode(&image); err != nil {
		return err
	}

	b.budget.turn.Store(image.Turn)
	for _, one := range image.Merchants {
		m := b.of(one.Key)
		m.used.Store(one.Used)
		m.restore(&one)
	}
	return nil
}

// restore fills empty books with what the image holds.
func (m *merchant) restore(image *merchantImage) {
	if image.HasRecord {
		m.record = &image.Record
	}
	m.restoreRows(image)
	for _, r := range image.Runs {
		m.setRun(r.Subject, m.newRun(r.Subject, r.Run))
	}
	maps.Copy(m.sets, image.Sets)
	m.setsToCheck = true
	for name, n := range image.Counts {
		m.counts[name] = &counter{name: name, n: n}
	}

	for _, t := range image.Tasks {
		restored := &queued{task: t.Task, seq: t.Seq}
		if t.Claimed {
			restored.index = claimed
		}
		m.tasks.put(restored)
	}
	m.tasks.seq = image.TaskSeq
	m.seq, m.version, m.moment = image.Seq, image.Version, image.Moment
	for _, e := range image.Entries {
		m.journal.add(e)
	}
	m.chargeLocked()
}

func (m *merchant) restoreRows(image *merchantImage) {
	m.number = image.Number
	for _, c := range image.Checkouts {
		row := &checkoutRow{place: place{number: c.Number}, checkout: c.Checkout}
		m.checkouts[c.Checkout.ID] = row
		m.checkoutOrder.add(row)
		if c.PaymentNumber > 0 {
			row.first = paymentRow{place: place{number: c.PaymentNumber}, payment: &row.checkout.Payment, latestOf: row}
			row.latest = &row.first
			m.addPayment(row.latest)
		}
	}
	for _, p := range image.Payments {
		m.addPayment(&paymentRow{place: place{number: p.Number}, payment: &p.Payment})
	}
	slices.SortFunc(m.paymentOrder.rows, func(x, y *paymentRow) int { return cmp.Compare(x.number, y.number) })

	for _, d := range image.Deliveries {
		row := &deliveryRow{place: place{number: d.Number}, delivery: cloneDelivery(&d.Delivery)}
		m.deliveryOrder.add(row)
		m.enterDelivery(row)
	}
	for _, id := range image.Over {
		if row, known := m.checkouts[id]; known {
			m.over.add(row)
		}
	}
	for _, id := range image.Settled {
		if row, known := m.payments[id]; known {
			m.settled.add(row)
		}
	}
}
