package postgres

import "github.com/payporter-mock/payporter-mock/mock/store"

// OpenStill opens books that leave the claims of processes alone which have ended.
func OpenStill(address string) store.Books { return open(address, true, nil) }

// NoticedWithin is how long it takes at most, where the machine is not busy, until a process that stands still is taken
// for dead: its last beat, and the looks at it.
const NoticedWithin = (1 + mostLooks) * beatEvery
