package payment

import (
	_ "embed"
	"encoding/csv"
	"strings"
	"sync"
)

//go:embed testcards.csv
var testCardTable string

// TestCard is a card number that Turkish gateways publish for their sandboxes. PayPorter publishes
// only the first one, so every other row is assumed for PayPorter; Source says where it is from.
type TestCard struct {
	PAN       PAN
	Expiry    string // MM/YY where one is published
	CVV       Secret // where one is published
	Bank      string // empty for foreign cards
	Scheme    string
	Type      string // CREDIT or DEBIT
	Country   string // ISO 3166-1 alpha-2, or INT
	Outcome   Outcome
	Bank3DS   Bank3DS
	FinalOnly bool // its bank refuses to capture, cancel or give back what was paid with it
	Source    string
}

// Bank3DS says what the card's bank does when it is asked for 3-D Secure.
type Bank3DS string

// What a bank does.
const (
	NotAsked   Bank3DS = ""           // it is asked only where every card is, and then it asks for a code
	Challenges Bank3DS = "challenges" // it asks for a code
	Hopeless   Bank3DS = "hopeless"   // it asks for a code, and none is right
	Unasked    Bank3DS = "unasked"    // it cannot be asked at all
)

// Challenged reports whether a customer with this card is sent to the bank's page.
func (c TestCard) Challenged(by ThreeDSecure) bool {
	switch {
	case by == ThreeDSecureNever || c.Bank3DS == Unasked:
		return false
	case by == ThreeDSecureAlways:
		return true
	}
	return c.Bank3DS == Challenges || c.Bank3DS == Hopeless
}

var testCards = sync.OnceValue(readTestCards)

// TestCards lists the known test cards, PayPorter's own first.
func TestCards() []TestCard { return append([]TestCard(nil), testCards()...) }

// DefaultTestCard is the first of TestCards: what pays when nobody names a card.
func DefaultTestCard() TestCard { return testCards()[0] }

// FindTestCard is the test card with the number, if it is one.
func FindTestCard(pan PAN) (TestCard, bool) {
	for _, card := range testCards() {
		if card.PAN == pan {
			return card, true
		}
	}
	return TestCard{}, false
}

// TestCardMasked is the number of the test card whose masked number this is; empty: no test card has it. No two have
// the same.
func TestCardMasked(masked string) PAN {
	for _, card := range testCards() {
		if card.PAN.Masked() == masked {
			return card.PAN
		}
	}
	return ""
}

// readTestCards reads the embedded table. Its columns are fixed, and a test reads every row.
func readTestCards() []TestCard {
	rows, err := csv.NewReader(strings.NewReader(testCardTable)).ReadAll()
	if err != nil {
		panic("embedded testcards.csv: " + err.Error())
	}

	cards := make([]TestCard, 0, len(rows)-1)
	for _, r := range rows[1:] {
		cards = append(cards, TestCard{
			PAN: PAN(r[0]), Expiry: r[1], CVV: Secret(r[2]), Bank: r[3], Scheme: r[4],
			Type: r[5], Country: r[6], Outcome: outcomeOf(r[7]), Bank3DS: bank3DS(r[7]),
			FinalOnly: strings.HasSuffix(r[7], "not-refundable"), Source: r[8],
		})
	}
	return cards
}

// outcomeOf reads the outcome column: success, an ISO 8583 code with its words, or a 3-D Secure fault.
func outcomeOf(words string) Outcome {
	words = strings.TrimSuffix(words, after3DS)
	if strings.HasPrefix(words, "success") {
		return Approved()
	}
	code, message, _ := strings.Cut(words, " ")
	if code == "3ds" {
		return threeDSecureFault(message)
	}
	message = strings.ReplaceAll(message, "cvv", "CVV")
	return Outcome{Status: Failed, ResultCode: code, ResultMessage: strings.ToUpper(message[:1]) + message[1:]}
}

// after3DS ends the outcome of a card whose bank asks for a code first.
const after3DS = " after 3-D Secure"

// bank3DS reads from the outcome column what the bank does when it is asked.
func bank3DS(words string) Bank3DS {
	switch {
	case strings.HasSuffix(words, after3DS):
		return Challenges
	case strings.Contains(words, "mdStatus 0"):
		return Hopeless
	case strings.HasPrefix(words, "3ds"):
		return Unasked
	}
	return NotAsked
}

// threeDSecureFault names the result after the mdStatus that the bank's page would report.
func threeDSecureFault(words string) Outcome {
	o := Outcome{Status: Failed, ResultCode: "3DS_NOT_INITIALISED", ResultMessage: "3-D Secure cannot be initialised"}
	switch {
	case strings.Contains(words, "mdStatus 0"):
		o.ResultCode, o.ResultMessage = ResultUnauthenticated, ResultUnauthenticatedMessage
	case strings.Contains(words, "mdStatus 4"):
		o.ResultCode, o.ResultMessage = "MD_STATUS_4", "3-D Secure authentication was only attempted"
	}
	return o
}

// DomInt is DOM for a card issued in Turkey, INT for any other.
func (c TestCard) DomInt() string {
	if c.Country == "TR" {
		return "DOM"
	}
	return "INT"
}

// SubType is a plausible product name, the same for the same card. PayPorter documents no values.
func (c TestCard) SubType() string {
	if c.Type == "DEBIT" {
		return "CLASSIC"
	}
	products := [...]string{"CLASSIC", "GOLD", "PLATINUM"}
	sum := 0
	for _, d := range c.PAN.Digits() {
		sum += int(d - '0')
	}
	return products[sum%len(products)]
}

// LoyaltyCode is the loyalty programme of the issuing bank's credit cards, empty where there is none.
func (c TestCard) LoyaltyCode() string {
	if c.Type != "CREDIT" {
		return ""
	}

	switch c.Bank {
	case "Akbank":
		return "AXESS"
	case "Garanti Bankası", "Denizbank":
		return "BONUS"
	case "QNB":
		return "CARDFINANS"
	case "Halkbank":
		return "PARAF"
	case "Türkiye İş Bankası":
		return "MAXIMUM"
	case "Vakıfbank", "Yapı ve Kredi Bankası":
		return "WORLD"
	}

	return ""
}

// cvvLength is four for American Express, three for all others.
func (c TestCard) cvvLength() int {
	if c.Scheme == "AMEX" {
		return 4
	}
	return 3
}

// InstallmentsAtMost is in how many instalments the card can pay where so many are offered: a debit card and a foreign
// one pay at once. Assumed.
func (c TestCard) InstallmentsAtMost(offered int) int {
	if c.Type == "DEBIT" || c.DomInt() == "INT" {
		return min(1, offered)
	}
	return offered
}

// BINDigits is how many digits of a card number tell its bank.
const BINDigits = 6

// FindBIN is a test card whose number begins with the digits, if there is one. All of the same bank and kind begin so.
func FindBIN(digits string) (TestCard, bool) {
	for _, card := range testCards() {
		if len(digits) >= BINDigits && strings.HasPrefix(card.PAN.Digits(), digits[:BINDigits]) {
			return card, true
		}
	}
	return TestCard{}, false
}
