package shop

import (
	"net/http"
	"time"

	"github.com/payporter-mock/payporter-mock/contract/report"
)

// Config says how to order in a shop, and how to see what it believes. ReadConfig reads it from a
// file; a test fills it in.
type Config struct {
	Shop      Shop
	Order     Order
	State     State
	Webhook   Webhook // zero: the rules about webhooks are not judged
	Refund    Refund  // zero: the rules about refunds are not judged
	PayPorter PayPorter

	Rules  []string        // families and ids to judge; empty: all
	FailOn report.Severity // the least severity that fails; default major
	Seed   uint64          // what amounts, keys and the sandbox's values are drawn from; zero: 1

	// Thorough judges also what takes longer than all other rules, and looks longer where that can show more: for a
	// question that the shop asks by itself, and for races. Such a run takes about a minute and a half.
	Thorough bool

	// Start starts a shop that lives in the test's own process, or anywhere else, when Shop.Command is
	// empty. It answers where the shop is, which {{shop}} stands for. Whoever started it ends it.
	Start func(Environment) (url string, err error)
}

// Environment is what a shop must know to take its payments at the sandbox.
type Environment struct {
	BaseURL, APIKey, APISecret string
	Port                       string // a free one, if the config has {{port}}
	WebhookSecret              string // what webhooks are signed with, if the config has a webhook
}

// Shop is the merchant to be judged.
type Shop struct {
	Command     []string          // starts it; empty: it runs already, or Config.Start does
	Dir         string            // where the command runs; default: the config file's folder
	Env         map[string]string // beside PAYPORTER_BASE_URL, PAYPORTER_API_KEY and PAYPORTER_API_SECRET
	URL         string            // what {{shop}} stands for
	Ready       string            // a URL that answers once the shop does
	ReadyWithin time.Duration     // default 30s
	CallbackURL string            // default: learned from the first checkout
}

// PayPorter is where the sandbox is, for a shop that runs already and cannot be told.
type PayPorter struct {
	Addr      string // default: a free port of the loopback interface
	APIKey    string // default: one of its own
	APISecret string
}

// Order is how a customer orders.
type Order struct {
	Before      []Request // what a customer does first, such as filling the basket
	Request     Request
	OrderID     Extract  // default: the one that the shop sends to PayPorter
	RedirectURL Extract  // default: the Location, or the first link to a checkout in the answer
	Amount      string   // what the shop charges; with {{amount}} in the request: what is ordered first
	Currency    string   // default TRY
	Currencies  []string // what else the shop takes, with {{currency}} in the request; none: nobody knows
}

// State is how to see what the shop believes of an order.
type State struct {
	Before  []Request // what is done first each time, such as a log-in
	Request Request
	Paid    Condition
	Failed  Condition // zero: it cannot be seen
	// a number or a list; a JSON path with wildcards or filters counts what it finds; zero: it cannot be seen
	Fulfilments Extract
	Refunded    Extract // how much was given back, an amount; zero: it cannot be seen
}

// Webhook is where the shop takes PayPorter's webhooks.
type Webhook struct {
	URL    string // empty: it takes none
	Secret string // what they are signed with; default: a new one, which a started shop finds as PAYPORTER_WEBHOOK_SECRET
}

// Refund is how the shop is asked to give money back.
type Refund struct {
	Before  []Request // what is done first each time, such as a log-in
	Request Request   // {{amount}} is how much; without it the whole payment is given back
}

// Take keeps values of an answer under a name of their own, such as a token of a form, which {{name}}
// stands for in later requests of the same customer.
type Take map[string]Extract

// Request is a request of a customer. {{orderId}}, {{amount}}, {{currency}}, {{checkoutId}},
// {{customerId}}, {{shop}} and {{port}} stand for what they name, wherever they are.
type Request struct {
	Method  string // default GET, or POST when there is something to send
	URL     string
	Headers http.Header
	JSON    any               // a value that is exactly "{{amount}}" becomes a number
	Form    map[string]string // sent as a form
	Body    string            // sent as it is
	Take    Take              // of the answer, when the request is among those Before
}

// IsZero reports whether there is nothing to ask.
func (r Request) IsZero() bool { return r.URL == "" }

// Extract finds a value in an answer: at a JSON path (RFC 9535), in a header, or by a regular expression with
// one group. A header and a regular expression go together.
type Extract struct {
	JSON   string // such as $.order.id, $.items[0]['id'] or $.payments[?@.captured == true].id
	Header string
	Regexp string
}

// IsZero reports whether nothing is to be found.
func (e Extract) IsZero() bool { return e == Extract{} }

// Condition is something that an answer says or does not say. Without Equals it holds when the value
// is there, and neither false, null nor empty. With Status alone, the status says it. Of several values
// at a JSON path, one has to be right.
type Condition struct {
	Extract
	Equals []string // one of these, as text; numbers by their value: 1 is 1.0
	Status int      // only in an answer with this status; zero: with any
}

// IsZero reports whether nothing is asked for.
func (c Condition) IsZero() bool { return c.Extract.IsZero() && c.Status == 0 }
