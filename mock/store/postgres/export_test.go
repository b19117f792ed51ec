package postgres

import "github.com/payporter-mock/payporter-mock/mock/store"

// OpenStill opens books that leave the claims of processes alone which have ended.
func OpenStill(address string) store.Books { return open(address, true, nil) }
