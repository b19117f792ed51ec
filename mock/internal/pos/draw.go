package pos

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/brianvoe/gofakeit/v7"
	"github.com/google/uuid"

	"github.com/payporter-mock/payporter-mock/payment"
)

// Draws makes a merchant's generated values. Each follows from the seed, the merchant's key, its subject and its
// purpose alone, so that it does not matter when, how often or by whom it is asked for.
type Draws struct {
	Seed uint64
	Key  string
}

// source is what one value is made of. The numbers tell apart what has the same purpose.
func (d Draws) source(subject, purpose string, numbers []int) [32]byte {
	room := [160]byte{}
	text := binary.BigEndian.AppendUint64(room[:0], d.Seed)
	for _, part := range [...]string{d.Key, subject, purpose} {
		text = append(append(text, part...), 0) // no part has a zero byte
	}
	for _, n := range numbers {
		text = append(strconv.AppendInt(text, int64(n), 10), 0)
	}
	return sha256.Sum256(text)
}

// UUID is a random UUID, version 4 of RFC 9562. It is made of the source's bytes as uuid.NewRandomFromReader does.
func (d Draws) UUID(subject, purpose string, numbers ...int) string {
	source := d.source(subject, purpose, numbers)
	id := uuid.UUID(source[:16])
	id[6] = id[6]&0x0f | 0x40 // version 4
	id[8] = id[8]&0x3f | 0x80 // variant 10
	return id.String()
}

// Secret is a text that nobody guesses who does not know the seed.
func (d Draws) Secret(purpose string, number int) payment.Secret {
	source := d.source("", purpose, []int{number})
	return payment.Secret(hex.EncodeToString(source[:]))
}

// Fraction is a number from 0 to below 1.
func (d Draws) Fraction(subject, purpose string, numbers ...int) float64 {
	return rand.New(rand.NewChaCha8(d.source(subject, purpose, numbers))).Float64()
}

// Reference is a bank's reference, such as EXT123456789.
func (d Draws) Reference(prefix string, digits uint, subject, purpose string, numbers ...int) string {
	return prefix + d.faker(subject, purpose, numbers).DigitN(digits)
}

// Name is a customer's name as it stands on a card.
func (d Draws) Name(subject, purpose string) string {
	return strings.ToUpper(d.faker(subject, purpose, nil).Name())
}

func (d Draws) faker(subject, purpose string, numbers []int) *gofakeit.Faker {
	return gofakeit.NewFaker(rand.NewChaCha8(d.source(subject, purpose, numbers)), false)
}

// commissionRate is what the merchant pays for a domestic payment at once, in basis points: 1.49 % to 2.49 %, the same
// for all of its payments.
func (d Draws) commissionRate() int64 {
	source := d.source("", "commission", nil)
	return 149 + int64(binary.BigEndian.Uint16(source[:2]))%101
}
