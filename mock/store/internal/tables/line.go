package tables

import (
	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/payment"
	"github.com/payporter-mock/payporter-mock/scenarios"
)

// An export is JSON Lines: a header, the merchants in the order of their keys, each followed by its records, and a
// last line, so that one that broke off is noticed. A record stands as it does in the tables, with what was masked.
// Whoever changes the meaning of a line counts exportVersion up.
const (
	exportFormat  = "payporter-mock books"
	exportVersion = 1
)

// header is the first line.
type header struct {
	Format  string `json:"format"`
	Version int    `json:"version"` // exportVersion of the program that wrote it
	Program string `json:"program"` // the version of that program
}

// kind says what a line is.
type kind string

// The kinds of lines.
const (
	kindMerchant  kind = "merchant"
	kindScenarios kind = "scenarios"
	kindCheckout  kind = "checkout"
	kindPayment   kind = "payment"
	kindRun       kind = "run"
	kindDelivery  kind = "delivery"
	kindTask      kind = "task"
	kindCount     kind = "count"
	kindEntry     kind = "entry"
	kindEnd       kind = "end" // the last line; it has no key
)

// head is what all lines have but the header.
type head struct {
	Kind kind   `json:"kind"`
	Key  string `json:"key"` // the merchant's; empty: of the requests that belong to nobody
}

// merchantLine begins the books of a key. Its clock and the scenarios for its next checkouts stand in Value.
type merchantLine struct {
	head
	Counters countersLine    `json:"counters"`
	Value    *store.Merchant `json:"value"` // null: nothing but records has been put
}

// countersLine is how far a merchant has counted. What can be counted in the records is left out.
type countersLine struct {
	Number      int64 `json:"number"`      // of the newest checkout, payment, run or delivery
	OverNumber  int64 `json:"overNumber"`  // of what was over last
	TaskNumber  int64 `json:"taskNumber"`  // of the newest task
	Seq         int64 `json:"seq"`         // of the newest entry
	Version     int64 `json:"version"`     // of the journal
	Moment      int64 `json:"moment"`      // the newest
	JournalTurn int64 `json:"journalTurn"` // when the journal was written to last, compared with others
	UnusedSets  bool  `json:"unusedSets"`  // a scenario set may be there that nothing names
}

// scenariosLine is a scenario set.
type scenariosLine struct {
	head
	Digest string         `json:"digest"`
	Files  []scenarioFile `json:"files"`
}

// scenarioFile is a file of a set.
type scenarioFile struct {
	File string `json:"file"`
	Text string `json:"text"`
}

// checkoutLine is a checkout.
type checkoutLine struct {
	head
	Number    int64        `json:"number"`
	Over      int64        `json:"over,omitzero"`      // its place among those that are over; zero: it has none
	PaymentID string       `json:"paymentId,omitzero"` // of its latest payment, if that has one
	Value     checkoutBody `json:"value"`
}

// paymentLine is a payment.
type paymentLine struct {
	head
	Number   int64           `json:"number"`
	Over     int64           `json:"over,omitzero"`     // as of a checkout, of what begins a family
	LatestOf string          `json:"latestOf,omitzero"` // the checkout whose latest it is
	Value    payment.Payment `json:"value"`
}

// runLine is how far a checkout, an order, a payment or a request has come in its scenario.
type runLine struct {
	head
	Number  int64         `json:"number"`
	Subject runSubject    `json:"subject"`
	Value   scenarios.Run `json:"value"`
}

// runSubject says whose run it is.
type runSubject struct {
	Kind store.SubjectKind `json:"kind"`
	ID   string            `json:"id"`
}

// deliveryLine is a callback or a webhook, with its attempts.
type deliveryLine struct {
	head
	Number int64        `json:"number"`
	Value  deliveryBody `json:"value"`
}

// taskLine is something that happens by itself. One that was being done waits again.
type taskLine struct {
	head
	Number int64      `json:"number"` // the order of scheduling
	Value  store.Task `json:"value"`
}

// countLine is how often something was counted: uses of scenarios, what was covered of the contract.
type countLine struct {
	head
	Name string `json:"name"`
	N    int64  `json:"n"`
}

// entryLine is an entry of the journal.
type entryLine struct {
	head
	Value store.Entry `json:"value"`
}
