package main

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/payporter-mock/payporter-mock/mock/store"
	"github.com/payporter-mock/payporter-mock/mock/store/postgres"
	"github.com/payporter-mock/payporter-mock/mock/store/sqlite"
)

// checkStore says in words what is wrong with the value of --store. It does not name a password.
func checkStore(value string) error {
	if isDatabase(value) {
		if err := postgres.Check(value); err != nil {
			return fmt.Errorf("store: want an address such as postgres://user:password@host/database: %w", err)
		}
		return nil
	}
	_, _, err := storeFile(value)
	return err
}

// isDatabase reports whether --store names a database.
func isDatabase(value string) bool {
	return strings.HasPrefix(value, "postgres://") || strings.HasPrefix(value, "postgresql://")
}

// storeFile is the file that --store names, and how it is written; an empty one: everything stays in memory.
func storeFile(value string) (file string, o sqlite.Options, err error) {
	if value == "memory" {
		return "", o, nil
	}
	named, ok := strings.CutPrefix(value, "sqlite:")
	file, query, _ := strings.Cut(named, "?")
	settings, err := url.ParseQuery(query)
	if !ok || file == "" || err != nil {
		return "", o, fmt.Errorf("store %q: want memory, sqlite:FILE such as sqlite:/var/lib/payporter-mock/books.db, or "+
			"postgres://user:password@host/database", withoutPassword(value))
	}

	for name, values := range settings {
		if o.Synchronous = sqlite.Synchronous(values[0]); name != "synchronous" || len(values) > 1 ||
			o.Synchronous != sqlite.Full && o.Synchronous != sqlite.Normal {
			return "", o, fmt.Errorf("store %q: behind the file there may be ?synchronous=full or ?synchronous=normal", value)
		}
	}
	return file, o, nil
}

// withoutPassword is the value as it may be shown.
func withoutPassword(value string) string {
	before, after, found := strings.Cut(value, "://")
	at := strings.LastIndex(after, "@")
	if !found || at < 0 {
		return value
	}
	return before + "://xxxxx" + after[at:]
}

// openStore opens what --store names, which is right; nil: memory. What is wrong with a file or a database, mock.New
// tells.
func openStore(value string) store.Books {
	if isDatabase(value) {
		return postgres.Open(value)
	}
	file, o, err := storeFile(value)
	if err != nil || file == "" {
		return nil
	}
	return sqlite.Open(file, o)
}
