package gateway

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/brianvoe/gofakeit/v7"
	"github.com/google/uuid"
)

// faker draws a merchant's generated values from one seeded source, so that the same seed and the
// same calls give the same values. It is safe for concurrent use.
type faker struct {
	seed [32]byte

	mu     sync.Mutex // guards the two below
	source *rand.ChaCha8
	fake   *gofakeit.Faker
}

func newFaker(seed uint64, merchant string) *faker {
	f := &faker{seed: sha256.Sum256(append(binary.BigEndian.AppendUint64(nil, seed), merchant...))}
	f.reset()
	return f
}

// drawFor is a source for one thing that happens to one checkout. Payments and callbacks draw from
// sources of their own, because they happen beside the merchant's calls: what a call draws must not
// depend on how far they have come.
func (m *Merchant) drawFor(checkoutID string, what ...any) *faker {
	return newFaker(m.config.Seed, m.Key+" "+checkoutID+" "+fmt.Sprint(what...))
}

// reset begins the values anew.
func (f *faker) reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.source = rand.NewChaCha8(f.seed)
	f.fake = gofakeit.NewFaker(f.source, false)
}

// UUID is a random UUID, version 4.
func (f *faker) UUID() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	// A ChaCha8 never runs out and never fails.
	return uuid.Must(uuid.NewRandomFromReader(f.source)).String()
}

// Fraction is a number from 0 to below 1.
func (f *faker) Fraction() float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return rand.New(f.source).Float64()
}

// Reference is a bank's reference, such as EXT123456789.
func (f *faker) Reference(prefix string, digits uint) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return prefix + f.fake.DigitN(digits)
}

// Name is a customer's name as it stands on a card.
func (f *faker) Name() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.ToUpper(f.fake.Name())
}

// commissionRate is what the merchant pays for a domestic payment at once, in basis points. It
// follows from the seed alone, so that it is the same for all of the merchant's payments.
func (f *faker) commissionRate() int64 {
	return 149 + int64(binary.BigEndian.Uint16(f.seed[:2]))%101 // 1.49 % to 2.49 %
}
