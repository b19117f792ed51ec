package page

import "github.com/payporter-mock/payporter-mock/payment"

// words is everything that the page says in one language.
type words struct {
	Code string // as in Accept-Language and ?lang=
	Name string // of the language, in itself

	// How numbers and times are written.
	ThousandsMark, DecimalMark, Lira string
	CurrencyFirst                    bool
	Time, Clock                      string // layouts of package time: a day and its time, a time of today

	Product, Sandbox string
	Order, Heading   string
	Amount, OrderID  string
	Description      string

	PAN, Holder, Expiry, CVV, Installments fieldWords
	Mistyped                               string // a number that does not add up

	SinglePayment string // %s: the amount
	InParts       string // %d: how many, %s: the amount of each, %s: the total
	WaysToPay     string // above the table of them; %s: the currency
	Ways          wayWords
	AtOnce, Parts string // %d: how many
	Pay           string
	PayAmount     string // %s: the amount
	Paying        string
	Cancel        string

	TestCards                          string
	TestCardsText                      string // %s: the one that PayPorter publishes
	TestHolder                         string
	CardsPaid, CardsDeclined, Cards3DS string // above the groups of test cards
	Credit, Debit, Foreign             string
	CardPaid                           string            // after the bank's code
	CodeFirst                          string            // %s: what becomes of it after the bank's code
	NoCode                             string            // what becomes of a card for which no code is right
	Reasons                            map[string]string // why a card is declined, by result code

	BankName, BankHeading string
	BankAsks              string
	BankCode              string
	BankHint              string // %s: the code
	BankWrong             string
	BankTries             string // %d: how many, more than one
	BankLastTry           string
	BankUntil, BankLeft   string // before a time, before minutes and seconds
	BankConfirm           string
	BankCancel            string

	Faulty       notice // above a form with faults
	FaultyHere   notice // the same where the customer finds everything as it was typed
	Declined     notice // above a form after an attempt that failed
	BankSaid     string // before the bank's own message
	Card         string
	PaidIn       string // label of the instalments
	PaidAt       string
	PaymentID    string
	AuthCode     string
	ReturnToShop string
	Known        notice // the bank has authenticated the customer
	Unknown      notice // it has not
	BackToShop   string
	SeeResult    string

	States map[payment.State]stateWords // of every state but OPEN and AUTHENTICATING

	UnknownLink, WrongMethod, TooLarge, NotAForm, Unreadable, Bug notice
}

// fieldWords is what the page says about one field of the form.
type fieldWords struct {
	Label      string
	Missing    string // nothing was typed
	Unreadable string // it is not what the field is for
	Refused    string // it is, and is not taken
}

// wayWords are the heads of the columns of the ways to pay.
type wayWords struct{ Way, Each, Interest, Total string }

// notice is a heading and what follows from it.
type notice struct{ Title, Text string }

// stateWords is what the page says about a link that is not open.
type stateWords struct {
	Result notice // on the page of the result
	Closed notice // to somebody who wants to pay
}
